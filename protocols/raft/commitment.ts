/**
 * Commitment: extended Raft paper §5.3 and §5.4.2; then the state machine (Figure 2, all servers).
 */
import type { Response } from '../../sim/engine/protocol.ts';
import { agreedIndex } from './agreement.ts';
import type { Entry, RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { takeSnapshotIfDue } from './snapshot.ts';
import type { RaftState } from './state.ts';
import { optionsOf } from './options.ts';

/** Figure 2, leaders, last rule. */
export function advanceCommitIndex(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const index = agreedIndex(rules, state);
  if (index <= state.commitIndex || !rules.mayCommit(state, index)) return;
  state.commitIndex = index;
  effects.log({ event: 'log_replicated', term: state.currentTerm, context: { index } });
  applyCommitted(rules, state, effects);
}

/** Figure 2, all servers: what is committed is applied, at once or by a step of its own. */
export function applyCommitted(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const last = rules.appliesUpTo(state);
  if (state.lastApplied >= last) return;
  const { applyMs } = optionsOf(state);
  if (applyMs === 0) applyUpTo(rules, state, last, effects);
  else if (state.applying === 0) {
    state.applying = last;
    effects.setTimer('apply', 0, applyMs);
  }
}

/** The batch that was committed when the step began is applied; then the next one begins. */
export function onApplyTimer(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const last = state.applying;
  state.applying = 0;
  if (state.lastApplied < last) applyUpTo(rules, state, last, effects);
  state.lastApplied = rules.appliedAfterBatch(state.lastApplied, last);
  applyCommitted(rules, state, effects);
}

/** Applies in order; the leader answers its clients. */
function applyUpTo(rules: RaftRules, state: RaftState, last: number, effects: RaftEffects): void {
  while (state.lastApplied < last) {
    const entry = state.log.at(state.lastApplied + 1);
    // A mutant may "commit" what it does not have; the invariants see it by commitIndex.
    if (entry === undefined) break;
    state.lastApplied++;
    apply(state, entry, effects);
  }
  const index = state.lastApplied;
  effects.log({ event: 'commit_applied', term: state.currentTerm, context: { index } });
  takeSnapshotIfDue(rules, state, effects);
}

function apply(state: RaftState, entry: Entry, effects: RaftEffects): void {
  const { request } = entry;
  if (request === null) return;
  // A configuration was in force as soon as it was logged; the machine knows nothing of it.
  const response =
    entry.configuration === undefined ? state.machine.apply(request, request.stamp) : changed;
  if (state.role === 'leader') effects.respond(request, response);
}

const changed: Response = Object.freeze({ type: 'ok', value: null });
