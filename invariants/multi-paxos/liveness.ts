/** Bounded liveness: once faults are over, the cluster decides again before long. */
import type { Fact, Invariant } from '../../sim/engine/monitor.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import { ProgressMonitor, type Mark, type Progress } from '../progress.ts';
import { acceptQuorumOf, ballotText, nameOf, optionsOf, stateOf } from './cluster.ts';

/** In the longest election timeouts without back-off; duelling proposers need a few of them. */
const defaultElectionTimeouts = 15;

/**
 * It presupposes events in the order of virtual time, and quorums of both phases that are up when
 * the time is over.
 */
export function livenessWithin(electionTimeouts: number): Invariant {
  const progress = progressWithin(electionTimeouts);
  return {
    id: 'multi-paxos/liveness',
    title: `within ${electionTimeouts} election timeouts of the last fault a leader decides again`,
    source: 'Paxos Made Simple, §2.4',
    create: () => new ProgressMonitor(progress),
  };
}

export const liveness = livenessWithin(defaultElectionTimeouts);

function progressWithin(electionTimeouts: number): Progress {
  return {
    boundMs: (world) => electionTimeouts * optionsOf(world).electionTimeoutMaxMs,
    markOf: (world, node) => {
      const state = stateOf(world, node);
      const leads = state?.role === 'leader' ? state.ballot : 0;
      return { leads, last: state?.decided ?? 0 };
    },
    isNew,
    isServed,
    standing: (world) => {
      const settled = world.nodes.map((_, i) => i).filter((i) => isSettled(world, i));
      if (settled.length === 0) return 'stuck';
      return settled.some((i) => isIdleLeader(world, i)) ? 'idle' : 'busy';
    },
    missing: 'no leader decided a slot',
    describe,
  };
}

/** A leader has decided more than it knew then; a new one counts when it has recovered. */
function isNew(world: WorldView, node: number, { last }: Mark): boolean {
  const state = stateOf(world, node);
  if (state === null || state.role !== 'leader') return false;
  return state.decided > last && state.decided >= state.recoversUpTo;
}

/** A leader that a quorum follows and that owes nothing of what it found at its election. */
function isSettled(world: WorldView, node: number): boolean {
  const state = stateOf(world, node);
  if (state?.role !== 'leader' || state.decided < state.recoversUpTo) return false;
  const oldest = Object.values(state.proposals).reduce(
    (most, { ticks }) => Math.max(most, ticks),
    0,
  );
  const follows = (other: number) => stateOf(world, other)?.seen === state.ballot;
  return oldest < 10 && isQuorum(world, acceptorsOf(state), follows);
}

function isIdleLeader(world: WorldView, node: number): boolean {
  const state = stateOf(world, node);
  return state !== null && Object.keys(state.proposals).length === 0 && state.waiting.length === 0;
}

/** Every configuration that a node has in force has its quorums up. */
function isServed(world: WorldView): boolean {
  const isUp = (node: number) => world.nodes[node]?.status === 'up';
  return world.nodes.every((_, node) => {
    const state = isUp(node) ? stateOf(world, node) : null;
    return state === null || isQuorum(world, acceptorsOf(state), isUp);
  });
}

function acceptorsOf({ configurations }: MultiPaxosState): readonly (readonly NodeId[])[] {
  return configurations.map(({ acceptors }) => acceptors);
}

/** Whether so many nodes are quorums of both phases in each of these groups. */
function isQuorum(
  world: WorldView,
  groups: readonly (readonly NodeId[])[],
  isCounted: (node: number) => boolean,
): boolean {
  const { prepareQuorum, acceptors } = optionsOf(world);
  const first = acceptors?.length ?? world.nodes.length;
  return groups.every((group) => {
    const counted = group.filter((name) => isCounted(world.nodeIds.indexOf(name))).length;
    const size = group.length;
    const prepare =
      prepareQuorum === null ? (size >> 1) + 1 : prepareQuorum + Math.max(0, size - first);
    return counted >= Math.min(size, prepare) && counted >= acceptQuorumOf(world, size);
  });
}

function describe(world: WorldView, node: number): Fact {
  const name = nameOf(world, node);
  const state = stateOf(world, node);
  if (state === null) return { text: `${name} is down`, node: name };
  const { role, ballot, promised, decided } = state;
  const stands = `ballot ${ballotText(ballot)}, promised ${ballotText(promised)}`;
  const text = `${name} is ${role}, ${stands}, decided ${decided}`;
  return { text, node: name, event: world.eventIndex };
}
