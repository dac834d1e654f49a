/** Who hears nothing asks, and who is in doubt for long terminates: MLO §3, BHG §7.4 and §7.5. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { abort, askPreCommits, askVotes, decide } from './coordinator.ts';
import { giveUp } from './execution.ts';
import type { Active, CommitEffects, Inquire, Stands } from './messages.ts';
import { abortHere, commit, preCommit } from './participant.ts';
import type { CommitRules } from './rules.ts';
import { proceed } from './steps.ts';
import {
  coordinatorOf,
  decisionOf,
  isInDoubt,
  keepTicking,
  transactionOf,
  workspaceOf,
  type CommitState,
  type Transaction,
  type Workspace,
} from './state.ts';

/** Says again what got lost, and notices who has been silent for too long. */
export function onTickTimer(rules: CommitRules, state: CommitState, effects: CommitEffects): void {
  state.ticks = false;
  for (const transaction of state.transactions.slice()) {
    pursue(rules, state, transaction, effects);
  }
  for (const { id, participants, acknowledged } of state.decisions) {
    // An undelivered decision of a transaction that is still being written is not to be told.
    if (transactionOf(state, id) !== undefined) continue;
    for (const node of participants) {
      if (!acknowledged.includes(node)) effects.send(node, { type: 'Commit', id });
    }
  }
  for (const workspace of state.workspaces.slice()) ask(rules, state, workspace, effects);
  keepTicking(state, effects);
}

function pursue(
  rules: CommitRules,
  state: CommitState,
  transaction: Transaction,
  effects: CommitEffects,
): void {
  const { phase } = transaction;
  if (phase === 'backing off') return;
  transaction.silence++;
  const isLate = transaction.silence > state.options.patience;
  if (isLate && rules.mayAbort(phase)) abort(state, transaction, 'timeout', effects);
  else if (phase === 'executing') proceed(rules, state, transaction, effects);
  else if (phase === 'preparing') askVotes(state, transaction, effects);
  else if (phase === 'pre-committing') {
    // BHG §7.5: all have voted yes, and whoever does not answer now has failed.
    if (isLate) decide(rules, state, transaction, effects);
    else askPreCommits(transaction, effects);
  }
}

/** A participant asks what has become of a transaction. */
function ask(
  rules: CommitRules,
  state: CommitState,
  workspace: Workspace,
  effects: CommitEffects,
): void {
  const { id, coordinator, standings } = workspace;
  if (transactionOf(state, id) !== undefined) return;
  workspace.silence++;
  if (workspace.silence > state.options.patience) {
    if (!isInDoubt(workspace)) {
      giveUp(rules, state, workspace, 'lost', effects);
      return;
    }
    terminate(rules, state, workspace, effects);
    if (workspaceOf(state, id) === undefined) return;
  }
  if (standings.length > 0) workspace.standings = [];
  // In two-phase commit a coordinator that is back asks itself, and presumes.
  const isAsked = coordinator !== effects.self || !rules.preCommits;
  const peers = peersOf(rules, state, workspace, effects.self);
  const asked = new Set(isAsked ? [coordinator, ...peers] : peers);
  for (const node of asked) effects.send(node, { type: 'Inquire', id });
}

/** The other participants, where they are asked, too. */
function peersOf(
  rules: CommitRules,
  { options }: CommitState,
  workspace: Workspace,
  self: NodeId,
): readonly NodeId[] {
  const areAsked = rules.preCommits || options.termination === 'cooperative';
  if (!areAsked || !isInDoubt(workspace)) return [];
  return workspace.participants.filter((node) => node !== self);
}

/** The coordinator is silent: what those who are in doubt know together may be enough. */
function terminate(
  rules: CommitRules,
  state: CommitState,
  workspace: Workspace,
  effects: CommitEffects,
): void {
  const { id, phase, standings } = workspace;
  if (phase === 'active') return;
  const others = standings.map(({ standing }) => standing);
  const isFirst = standings.every(({ node }) => effects.self < node);
  const verdict = rules.terminate(phase, others, isFirst);
  const peers = peersOf(rules, state, workspace, effects.self);
  if (verdict === 'wait') return;
  if (verdict === 'pre-commit') {
    if (phase === 'prepared') preCommit(state, workspace, effects);
    for (const node of peers) effects.send(node, { type: 'PreCommit', id });
    return;
  }
  if (verdict === 'commit') commit(rules, state, id, effects);
  else abortHere(rules, state, workspace, effects);
  const type = verdict === 'commit' ? 'Commit' : 'Abort';
  for (const node of peers) effects.send(node, { type, id });
}

export function onInquire(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id }: Inquire,
  effects: CommitEffects,
): void {
  if (coordinatorOf(id) === effects.self && !rules.preCommits) {
    answerAsCoordinator(rules, state, from, id, effects);
    return;
  }
  const outcome = state.outcomes.get(id);
  const workspace = workspaceOf(state, id);
  if (transactionOf(state, id) !== undefined) effects.send(from, { type: 'Active', id });
  else if (outcome !== undefined) {
    effects.send(from, { type: outcome === 'committed' ? 'Commit' : 'Abort', id });
  } else if (workspace !== undefined && workspace.phase !== 'active') {
    effects.send(from, { type: 'Stands', id, standing: workspace.phase });
  } else {
    // BHG §7.4: who has not voted may abort, and must not vote yes any more.
    if (workspace !== undefined) giveUp(rules, state, workspace, 'lost', effects);
    state.outcomes.set(id, 'aborted');
    effects.persist();
    effects.send(from, { type: 'Abort', id });
  }
}

/** MLO §3.2: of what is unknown, or was never logged, it is presumed that it was aborted. */
function answerAsCoordinator(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  id: string,
  effects: CommitEffects,
): void {
  const isUnderWay = transactionOf(state, id) !== undefined;
  if (rules.presumesAbort(isUnderWay) && decisionOf(state, id) === undefined) {
    effects.send(from, { type: 'Abort', id });
  } else effects.send(from, { type: isUnderWay ? 'Active' : 'Commit', id });
}

export function onActive(state: CommitState, { id }: Active): void {
  const workspace = workspaceOf(state, id);
  if (workspace !== undefined) workspace.silence = 0;
}

export function onStands(state: CommitState, from: NodeId, { id, standing }: Stands): void {
  const workspace = workspaceOf(state, id);
  if (workspace === undefined) return;
  const others = workspace.standings.filter(({ node }) => node !== from);
  workspace.standings = [...others, { node: from, standing }];
}
