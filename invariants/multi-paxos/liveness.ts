/** Bounded liveness: once faults are over, the cluster decides again before long. */
import { finish, mix, mixNumber } from '../../sim/engine/hash.ts';
import type { Fact, Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import { acceptQuorumOf, ballotText, nameOf, optionsOf, stateOf } from './cluster.ts';

/** In the longest election timeouts without back-off; duelling proposers need a few of them. */
const defaultElectionTimeouts = 15;

/**
 * It presupposes events in the order of virtual time, and quorums of both phases that are up when
 * the time is over.
 */
export function livenessWithin(electionTimeouts: number): Invariant {
  return {
    id: 'multi-paxos/liveness',
    title: `within ${electionTimeouts} election timeouts of the last fault a leader decides again`,
    source: 'Paxos Made Simple, §2.4',
    create: (world) =>
      new Liveness(
        electionTimeouts,
        world.nodes.map(() => 0),
      ),
  };
}

export const liveness = livenessWithin(defaultElectionTimeouts);

type Phase = 'faulty' | 'watching' | 'over';

class Liveness implements Monitor {
  judged = false;
  private readonly electionTimeouts: number;
  private phase: Phase = 'faulty';
  private lastFaultAt = -1;
  /** Microseconds. */
  private deadline = 0;
  /** When the time began: the ballot that each node led, and what it had decided. */
  private leads: readonly number[];
  private decided: readonly number[];

  constructor(electionTimeouts: number, nothing: readonly number[]) {
    this.electionTimeouts = electionTimeouts;
    this.leads = nothing;
    this.decided = nothing;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    if (world.lastFaultAt !== this.lastFaultAt) {
      this.lastFaultAt = world.lastFaultAt;
      this.phase = 'faulty';
      this.judged = false;
    }
    if (this.phase === 'over') return null;
    if (this.phase === 'faulty' || world.faultsPending > 0) {
      this.begin(world, this.lastFaultAt);
      return null;
    }
    const state = stateOf(world, node);
    if (state !== null && this.isProgress(state, node)) return this.hold();
    return world.now > this.deadline ? this.judge(world) : null;
  }

  /** A run that ends before its time is up has not judged. */
  atEnd(world: WorldView): Finding | null {
    return this.phase === 'watching' && world.now > this.deadline ? this.judge(world) : null;
  }

  fork(): Monitor {
    const copy = new Liveness(this.electionTimeouts, this.leads);
    copy.judged = this.judged;
    copy.phase = this.phase;
    copy.lastFaultAt = this.lastFaultAt;
    copy.deadline = this.deadline;
    copy.decided = this.decided;
    return copy;
  }

  hash(place = (node: number) => node): number {
    if (this.phase !== 'watching') return 0;
    let sum = mixNumber(1, this.deadline);
    for (let i = 0; i < this.leads.length; i++) {
      const node = mix(mix(place(i), this.leads[i] ?? 0), this.decided[i] ?? 0);
      sum = (sum + finish(node)) | 0;
    }
    return sum;
  }

  private begin(world: WorldView, since: number): void {
    this.phase = world.faultsPending > 0 ? 'faulty' : 'watching';
    if (this.phase === 'faulty') return;
    const boundMs = this.electionTimeouts * optionsOf(world).electionTimeoutMaxMs;
    this.deadline = since + boundMs * 1000;
    const states = world.nodes.map((_, i) => stateOf(world, i));
    this.leads = states.map((state) => (state?.role === 'leader' ? state.ballot : 0));
    this.decided = states.map((state) => state?.decided ?? 0);
  }

  /** A leader has decided more than it knew then; a new one counts when it has recovered. */
  private isProgress(state: MultiPaxosState, node: number): boolean {
    if (state.role !== 'leader') return false;
    return state.decided > (this.decided[node] ?? 0) && state.decided >= state.recoversUpTo;
  }

  private hold(): null {
    this.phase = 'over';
    this.judged = true;
    return null;
  }

  private judge(world: WorldView): Finding | null {
    if (!isServed(world)) {
      this.phase = 'over';
      return null;
    }
    if (!world.nodes.some((_, i) => isSettled(world, i))) return this.stuck(world);
    const isIdle = world.nodes.some((_, i) => isSettled(world, i) && isIdleLeader(world, i));
    if (isIdle) return this.hold();
    // Somebody has only just asked, and has a right to an answer.
    this.begin(world, world.now);
    return null;
  }

  private stuck(world: WorldView): Finding {
    this.hold();
    const faults =
      this.lastFaultAt === 0
        ? 'from the beginning'
        : `after the last fault, at ${this.lastFaultAt / 1000} ms`;
    const withinMs = (this.deadline - this.lastFaultAt) / 1000;
    return {
      message: `no leader decided a slot within ${withinMs} ms ${faults}`,
      facts: world.nodes.map((_, i) => describe(world, i)),
    };
  }
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
