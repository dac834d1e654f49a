/** Bounded liveness: once faults are over, the cluster works again before long. */
import { finish, mix, mixNumber } from '../../sim/engine/hash.ts';
import type { Fact, Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { ConfigurationAt } from '../../protocols/raft/configuration.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { ledTerm, nameOf, perNode, raftState } from './cluster.ts';

/** A majority that hears itself elects in one or two; ten leave room for split votes and loss. */
const defaultElectionTimeouts = 10;

/**
 * The property with another bound, in maximum election timeouts. It presupposes events in the order
 * of virtual time, and a majority of servers that are up when the time is over.
 */
export function livenessWithin(electionTimeouts: number): Invariant {
  return {
    id: 'raft/liveness',
    title: `within ${electionTimeouts} election timeouts of the last fault a leader commits again`,
    source: 'Raft (extended), §5.6; Ongaro, dissertation, §9.3',
    create: (world) => new LivenessMonitor(electionTimeouts, perNode(world, 0)),
  };
}

export const liveness = livenessWithin(defaultElectionTimeouts);

/** Faults may still come; none is left and the time runs; it has been decided. */
type Phase = 'faulty' | 'watching' | 'over';

class LivenessMonitor implements Monitor {
  /** Whether this run, since its last fault, has put the property to the test. */
  judged = false;
  private readonly electionTimeouts: number;
  private phase: Phase = 'faulty';
  private lastFaultAt = -1;
  /** Microseconds. */
  private deadline = 0;
  /** When the time began: the term that each server led, and where its log ended. */
  private leads: number[];
  private lasts: number[];

  constructor(electionTimeouts: number, nothing: number[]) {
    this.electionTimeouts = electionTimeouts;
    this.leads = nothing;
    this.lasts = nothing;
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
    const state = raftState(world, node);
    if (state !== null && this.isNew(state, node)) return this.hold();
    return world.now > this.deadline ? this.judge(world) : null;
  }

  /** A run that ends before its time is up has not judged. */
  atEnd(world: WorldView): Finding | null {
    return this.phase === 'watching' && world.now > this.deadline ? this.judge(world) : null;
  }

  fork(): Monitor {
    const copy = new LivenessMonitor(this.electionTimeouts, this.leads);
    copy.judged = this.judged;
    copy.phase = this.phase;
    copy.lastFaultAt = this.lastFaultAt;
    copy.deadline = this.deadline;
    copy.lasts = this.lasts;
    return copy;
  }

  hash(place = (node: number) => node): number {
    if (this.phase !== 'watching') return 0;
    let sum = mixNumber(1, this.deadline);
    for (let i = 0; i < this.leads.length; i++) {
      const server = mix(mix(place(i), this.leads[i] as number), this.lasts[i] as number);
      sum = (sum + finish(server)) | 0;
    }
    return sum;
  }

  /** Notes what is old. The notes are replaced, never changed: forks share them. */
  private begin(world: WorldView, since: number): void {
    this.phase = world.faultsPending > 0 ? 'faulty' : 'watching';
    if (this.phase === 'faulty') return;
    this.deadline = since + boundMs(world, this.electionTimeouts) * 1000;
    this.leads = world.nodes.map((_, i) => ledTerm(raftState(world, i)));
    this.lasts = world.nodes.map((_, i) => raftState(world, i)?.log.lastIndex ?? 0);
  }

  /** Whether a leader has committed an entry that it took into its log since then. */
  private isNew(state: RaftState, node: number): boolean {
    if (state.role !== 'leader') return false;
    const { commitIndex, currentTerm, log } = state;
    if (this.leads[node] === currentTerm) return commitIndex > (this.lasts[node] as number);
    return log.termAt(commitIndex) === currentTerm;
  }

  private hold(): null {
    this.phase = 'over';
    this.judged = true;
    return null;
  }

  private judge(world: WorldView): Finding | null {
    // Without a majority nothing is promised.
    if (!isServed(world)) {
      this.phase = 'over';
      return null;
    }
    const leader = this.settledLeader(world);
    if (leader === null) return this.stuck(world);
    // Nobody has asked for anything; or somebody only just has, and has a right to an answer.
    if (leader.commitIndex === leader.log.lastIndex) return this.hold();
    this.begin(world, world.now);
    return null;
  }

  /** A leader of all the time, followed by a majority, that has committed all that was there. */
  private settledLeader(world: WorldView): RaftState | null {
    for (let i = 0; i < world.nodes.length; i++) {
      const state = raftState(world, i);
      if (state === null || state.role !== 'leader') continue;
      if (this.leads[i] !== state.currentTerm) continue;
      if (state.commitIndex < (this.lasts[i] as number)) continue;
      const { currentTerm } = state;
      const isInTerm = (other: number) => raftState(world, other)?.currentTerm === currentTerm;
      if (hasMajorities(world, state, isInTerm)) return state;
    }
    return null;
  }

  private stuck(world: WorldView): Finding {
    this.hold();
    const faults =
      this.lastFaultAt === 0
        ? 'from the beginning'
        : `after the last fault, at ${this.lastFaultAt / 1000} ms`;
    const withinMs = (this.deadline - this.lastFaultAt) / 1000;
    const facts = world.nodes.map((_, i) => describe(world, i));
    return {
      message: `no leader committed a new entry within ${withinMs} ms ${faults}`,
      facts,
    };
  }
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

function boundMs(world: WorldView, electionTimeouts: number): number {
  return electionTimeouts * (world.options as RaftOptions).electionTimeoutMaxMs;
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
