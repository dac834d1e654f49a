/** Bounded liveness: once faults are over, the cluster works again before long. */
import type { Fact, Invariant } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { ConfigurationAt } from '../../protocols/raft/configuration.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { ProgressMonitor, type Mark, type Progress } from '../progress.ts';
import { ledTerm, nameOf, raftState } from './cluster.ts';

/** A majority that hears itself elects in one or two; ten leave room for split votes and loss. */
const defaultElectionTimeouts = 10;

/**
 * The property with another bound, in maximum election timeouts. It presupposes events in the order
 * of virtual time, and a majority of servers that are up when the time is over.
 */
export function livenessWithin(electionTimeouts: number): Invariant {
  const progress = progressWithin(electionTimeouts);
  return {
    id: 'raft/liveness',
    title: `within ${electionTimeouts} election timeouts of the last fault a leader commits again`,
    source: 'Raft (extended), §5.6; Ongaro, dissertation, §9.3',
    create: () => new ProgressMonitor(progress),
  };
}

export const liveness = livenessWithin(defaultElectionTimeouts);

function progressWithin(electionTimeouts: number): Progress {
  return {
    boundMs: ({ options }) => electionTimeouts * (options as RaftOptions).electionTimeoutMaxMs,
    markOf: (world, node) => {
      const state = raftState(world, node);
      return { leads: ledTerm(state), last: state?.log.lastIndex ?? 0 };
    },
    isNew,
    isServed,
    standing: (world, marks) => {
      const leader = settledLeader(world, marks);
      if (leader === null) return 'stuck';
      return leader.commitIndex === leader.log.lastIndex ? 'idle' : 'busy';
    },
    missing: 'no leader committed a new entry',
    describe,
  };
}

/** Whether a leader has committed an entry that it took into its log since then. */
function isNew(world: WorldView, node: number, { leads, last }: Mark): boolean {
  const state = raftState(world, node);
  if (state === null || state.role !== 'leader') return false;
  const { commitIndex, currentTerm, log } = state;
  return leads === currentTerm ? commitIndex > last : log.termAt(commitIndex) === currentTerm;
}

/** A leader of all the time, followed by a majority, that has committed all that was there. */
function settledLeader(world: WorldView, marks: readonly Mark[]): RaftState | null {
  for (const [i, { leads, last }] of marks.entries()) {
    const state = raftState(world, i);
    if (state === null || state.role !== 'leader') continue;
    const { currentTerm, commitIndex } = state;
    if (leads !== currentTerm || commitIndex < last) continue;
    const isInTerm = (other: number) => raftState(world, other)?.currentTerm === currentTerm;
    if (hasMajorities(world, state, isInTerm)) return state;
  }
  return null;
}

/** Every configuration that a running server has in force has a majority that is up. */
function isServed(world: WorldView): boolean {
  const isUp = (node: number) => world.nodes[node]?.status === 'up';
  return world.nodes.every((_, node) => {
    const state = isUp(node) ? raftState(world, node) : null;
    return state === null || hasMajorities(world, state, isUp);
  });
}

/** Whether so many servers are a majority of each group that has to agree. */
function hasMajorities(
  { nodeIds }: WorldView,
  { configurations }: RaftState,
  isCounted: (node: number) => boolean,
): boolean {
  const { voters, outgoing } = (configurations.at(-1) as ConfigurationAt).configuration;
  return [voters, outgoing].every((group) => {
    const counted = group.filter((server) => isCounted(nodeIds.indexOf(server)));
    return group.length === 0 || counted.length * 2 > group.length;
  });
}

function describe(world: WorldView, node: number): Fact {
  const name = nameOf(world, node);
  const state = raftState(world, node);
  if (state === null) return { text: `${name} is down`, node: name };
  const { role, currentTerm, commitIndex, log } = state;
  const committed = `committed ${commitIndex} of ${log.lastIndex}`;
  const text = `${name} is ${role} in term ${currentTerm}, ${committed}`;
  return { text, node: name, event: world.eventIndex };
}
