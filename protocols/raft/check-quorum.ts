/** CheckQuorum: dissertation §6.2. A leader that a majority does not hear serves nobody. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { decided } from './agreement.ts';
import { membersOf } from './configuration.ts';
import { releaseClients } from './client.ts';
import { restartQuorumTimer } from './election.ts';
import type { RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import { becomeFollower, configurationOf, type RaftState } from './state.ts';

/** Steps down, in the same term and with the same vote, unless a majority was heard from. */
export function onQuorumTimer(rules: RaftRules, state: RaftState, effects: RaftEffects): void {
  if (state.role !== 'leader') return;
  const active: NodeId[] = [];
  for (const server of membersOf(configurationOf(state))) {
    const progress = state.progress[server];
    if (progress === undefined) continue;
    if (progress.active || server === effects.self) active.push(server);
    progress.active = false;
  }
  if (decided(rules, state, active) === 'won') restartQuorumTimer(state, effects);
  else {
    releaseClients(state, effects);
    becomeFollower(rules, state, state.currentTerm, effects);
    state.votedFor = rules.voteAfterStepDown(state.votedFor);
  }
}
