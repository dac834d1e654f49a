/**
 * Commitment: extended Raft paper §5.3 and §5.4.2; then the state machine (Figure 2, all servers).
 */
import type { Entry, RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { takeSnapshotIfDue } from './snapshot.ts';
import type { RaftState } from './state.ts';

/** Figure 2, leaders, last rule. */
export function advanceCommitIndex(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const matches: number[] = [];
  for (const server of state.members) matches.push(state.progress[server]?.matchIndex ?? 0);
  const index = rules.majorityMatch(matches, rules.quorum(state.members.length));
  if (index <= state.commitIndex || !rules.mayCommit(state, index)) return;
  state.commitIndex = index;
  effects.log({ event: 'log_replicated', term: state.currentTerm, context: { index } });
  applyCommitted(rules, state, effects);
}

/** Figure 2, all servers: apply what is committed, in order; the leader answers its clients. */
export function applyCommitted(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  const last = rules.appliesUpTo(state);
  if (state.lastApplied >= last) return;
  while (state.lastApplied < last) {
    const entry = state.log.at(state.lastApplied + 1);
    // A mutant may "commit" what it does not have; the invariants see it by commitIndex.
    if (entry === undefined) break;
    state.lastApplied++;
    apply(state, entry, effects);
  }
  const index = state.lastApplied;
  effects.log({ event: 'commit_applied', term: state.currentTerm, context: { index } });
  takeSnapshotIfDue(state, effects);
}

function apply(state: RaftState, entry: Entry, effects: RaftEffects): void {
  const { request } = entry;
  if (request === null) return;
  const response = state.machine.apply(request, request.stamp);
  if (state.role === 'leader') effects.respond(request, response);
}
