/** Who may lead: §6 of the extended Raft paper. */
import type { Finding } from '../../sim/engine/monitor.ts';
import { nameOf } from './cluster.ts';
import { raftInvariant, type Change } from './watch.ts';

export const leaderInConfiguration = raftInvariant(
  {
    id: 'raft/leader-in-configuration',
    title: 'a leader is a member of its own configuration',
    source: 'Raft (extended), §6',
  },
  () => ({
    onElected: compare,
    onMembers: compare,
    fork() {
      return this;
    },
  }),
);

function compare({ world, node, state }: Change): Finding | null {
  const { role, members, currentTerm } = state;
  const name = nameOf(world, node);
  if (role !== 'leader' || members.includes(name)) return null;
  const event = world.eventIndex;
  return {
    message: `${name} leads term ${currentTerm} of a configuration without it`,
    facts: [
      { text: `${name} is leader of term ${currentTerm}`, node: name, event },
      { text: `${name} has the configuration ${members.join(' ')}`, node: name, event },
    ],
  };
}
