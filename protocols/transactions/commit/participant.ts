/** The participant: votes, commits, aborts. GL §3; three-phase commit: Skeen 1981. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { release, releaseShared } from '../locking/locks.ts';
import { giveUp, serve } from './execution.ts';
import type { Abort, Commit, CommitEffects, PreCommit, Prepare } from './messages.ts';
import type { CommitRules } from './rules.ts';
import {
  forgetWorkspace,
  isInDoubt,
  putPrepared,
  recordOf,
  remember,
  workspaceOf,
  type CommitState,
  type Workspace,
} from './state.ts';

export function onPrepare(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id, position, participants }: Prepare,
  effects: CommitEffects,
): void {
  const workspace = workspaceOf(state, id);
  if (workspace === undefined) {
    // Crashed since, or given up: whatever the coordinator counts on is gone.
    effects.send(from, { type: 'Refused', id, reason: 'lost' });
    return;
  }
  if (workspace.phase !== 'active') {
    effects.send(from, { type: 'Prepared', id, readOnly: false });
  } else if (position !== workspace.position || workspace.waits) {
    // Late steps have begun the transaction anew after a crash, and not all of it is here.
    giveUp(rules, state, workspace, 'lost', effects);
  } else if (workspace.writes.length === 0) {
    // MLO §4: who has only read is done; its vote is its farewell.
    effects.send(from, { type: 'Prepared', id, readOnly: true });
    serve(rules, state, forgetWorkspace(state, id), effects);
  } else {
    vote(rules, state, workspace, participants, effects);
    effects.send(from, { type: 'Prepared', id, readOnly: false });
  }
}

/** Votes yes: from now on the workspace is not its own to give up. */
export function vote(
  rules: CommitRules,
  state: CommitState,
  workspace: Workspace,
  participants: readonly NodeId[],
  effects: CommitEffects,
): void {
  workspace.phase = 'prepared';
  workspace.participants = participants;
  workspace.silence = 0;
  putPrepared(state, recordOf(workspace, 'prepared'));
  effects.persist({ barrier: rules.voteWaitsForDisk });
  const free = rules.locksLastUntilTheEnd
    ? releaseShared(state.locks, workspace.id)
    : release(state.locks, workspace.id);
  serve(rules, state, free, effects);
}

export function onPreCommit(
  state: CommitState,
  from: NodeId,
  { id }: PreCommit,
  effects: CommitEffects,
): void {
  const workspace = workspaceOf(state, id);
  if (workspace === undefined || !isInDoubt(workspace)) return;
  workspace.silence = 0;
  if (workspace.phase === 'prepared') preCommit(state, workspace, effects);
  effects.send(from, { type: 'PreCommitted', id });
}

export function preCommit(state: CommitState, workspace: Workspace, effects: CommitEffects): void {
  workspace.phase = 'pre-committed';
  putPrepared(state, recordOf(workspace, 'pre-committed'));
  effects.persist();
}

/** A commit is acknowledged when it is on the disk; one that is known already, once more. */
export function onCommit(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  { id }: Commit,
  effects: CommitEffects,
): void {
  if (state.outcomes.get(id) === undefined) commit(rules, state, id, effects);
  effects.send(from, { type: 'Acknowledge', id });
}

export function commit(
  rules: CommitRules,
  state: CommitState,
  id: string,
  effects: CommitEffects,
): void {
  const workspace = workspaceOf(state, id);
  for (const [key, value] of workspace?.writes ?? []) state.values.set(key, value);
  const answer = workspace?.answer ?? null;
  if (answer !== null) remember(state, answer);
  state.outcomes.set(id, 'committed');
  const free = forgetWorkspace(state, id);
  effects.persist();
  effects.log({ event: 'commit_applied', context: { transaction: id } });
  serve(rules, state, free, effects);
}

export function onAbort(
  rules: CommitRules,
  state: CommitState,
  { id }: Abort,
  effects: CommitEffects,
): void {
  const workspace = workspaceOf(state, id);
  if (workspace !== undefined) abortHere(rules, state, workspace, effects);
}

/** Only who has voted has something on its disk to take back. */
export function abortHere(
  rules: CommitRules,
  state: CommitState,
  workspace: Workspace,
  effects: CommitEffects,
): void {
  const { id } = workspace;
  effects.cancelTimer('lock', id);
  const free = forgetWorkspace(state, id);
  if (isInDoubt(workspace)) {
    state.outcomes.set(id, 'aborted');
    effects.persist();
  }
  serve(rules, state, free, effects);
}
