/** Ballots only grow, and a promise is kept: Paxos Made Simple §2.2 (P1a) and §2.5. */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { ballotText, nameOf } from './cluster.ts';
import { paxosInvariant, type Change, type Checker } from './watch.ts';

export const monotonicPromise = paxosInvariant(
  {
    id: 'multi-paxos/monotonic-promise',
    title: 'the promised ballot of an acceptor never falls until it crashes',
    source: 'Paxos Made Simple, §2.2, phase 1 (b)',
  },
  () => promiseChecker,
);

const promiseChecker: Checker = {
  onPromised({ world, node, state, before }) {
    if (state.promised >= before.promised) return null;
    const name = nameOf(world, node);
    const [had, has] = [ballotText(before.promised), ballotText(state.promised)];
    return {
      message: `the promise of ${name} fell from ${had} to ${has}`,
      facts: [
        { text: `${name} had promised ${had}`, node: name, event: before.promisedSince },
        { text: `${name} has promised ${has}`, node: name, event: world.eventIndex },
      ],
    };
  },
  fork: () => promiseChecker,
};

export const monotonicBallot = paxosInvariant(
  {
    id: 'multi-paxos/monotonic-ballot',
    title: 'what an acceptor accepts in a slot has ever higher ballots, and it has promised them',
    source: 'Paxos Made Simple, §2.2, P1a',
  },
  () => acceptedChecker,
);

const acceptedChecker: Checker = {
  onAccepted({ world, node, state, before, slot, proposal, was }) {
    const name = nameOf(world, node);
    const event = world.eventIndex;
    const now = ballotText(proposal.ballot);
    const accepted = { text: `${name} accepted ballot ${now} in slot ${slot}`, node: name, event };
    if (was !== undefined && was.ballot > proposal.ballot) {
      const had = ballotText(was.ballot);
      return {
        message: `${name} replaced ballot ${had} by the lower ${now} in slot ${slot}`,
        facts: [{ text: `${name} had accepted ballot ${had}`, node: name }, accepted],
        witness: 'lower than before',
      };
    }
    if (proposal.ballot < before.promised) {
      const had = ballotText(before.promised);
      const since = before.promisedSince;
      return {
        message: `${name} accepted ballot ${now} although it had promised ${had}`,
        facts: [{ text: `${name} had promised ${had}`, node: name, event: since }, accepted],
        witness: 'below the promise',
      };
    }
    if (proposal.ballot <= state.promised) return null;
    const promised = ballotText(state.promised);
    return {
      message: `${name} accepted ballot ${now} but has promised only ${promised}`,
      facts: [accepted, { text: `${name} has promised ${promised}`, node: name, event }],
      witness: 'above the promise',
    };
  },
  fork: () => acceptedChecker,
};

/** A promise that some proposer has counted. */
interface Counted {
  readonly ballot: number;
  readonly proposer: number;
  readonly event: number;
}

export const promiseKept = paxosInvariant(
  {
    id: 'multi-paxos/promise-kept',
    title: 'an acceptor whose promise was counted never stands below it, crashes included',
    source: 'Paxos Made Simple, §2.2, P1a; §2.5',
  },
  () => new PromiseKept([]),
);

class PromiseKept implements Checker {
  /** By acceptor, the highest. */
  private readonly counted: (Counted | undefined)[];

  constructor(counted: (Counted | undefined)[]) {
    this.counted = counted;
  }

  onCounted({ world, node, state }: Change): Finding | null {
    const { ballot, promises } = state;
    const event = world.eventIndex;
    for (const name of promises) {
      const acceptor = world.nodeIds.indexOf(name);
      if ((this.counted[acceptor]?.ballot ?? 0) >= ballot) continue;
      this.counted[acceptor] = { ballot, proposer: node, event };
      const view = world.nodes[acceptor];
      const known = (view?.state ?? view?.durable ?? { promised: 0 }) as { promised: number };
      if (known.promised < ballot) return this.broken(world, acceptor, known.promised);
    }
    return null;
  }

  onPromised({ world, node, state }: Change): Finding | null {
    if (state.promised >= (this.counted[node]?.ballot ?? 0)) return null;
    return this.broken(world, node, state.promised);
  }

  fork(): Checker {
    return new PromiseKept(this.counted.slice());
  }

  hash(place: (node: number) => number): number {
    let sum = 0;
    for (let node = 0; node < this.counted.length; node++) {
      sum = (sum + finish(mix(place(node), this.counted[node]?.ballot ?? 0))) | 0;
    }
    return sum;
  }

  private broken(world: WorldView, acceptor: number, promised: number): Finding {
    const { ballot, proposer, event } = this.counted[acceptor] as Counted;
    const [name, who] = [nameOf(world, acceptor), nameOf(world, proposer)];
    const counted = `${who} counted a promise of ${name} for ballot ${ballotText(ballot)}`;
    const stands = `${name} stands at ballot ${ballotText(promised)}`;
    return {
      message: `${stands}, below a promise that ${who} has counted`,
      facts: [
        { text: counted, node: who, event },
        { text: stands, node: name, event: world.eventIndex },
      ],
    };
  }
}

/** Who led a ballot, in which of its lives. */
interface Leadership {
  readonly node: number;
  readonly incarnation: number;
  readonly event: number;
}

export const oneLeaderABallot = paxosInvariant(
  {
    id: 'multi-paxos/one-leader-a-ballot',
    title: 'a ballot is led once: by one node, in one of its lives',
    source: 'Paxos Made Simple, §2.2 and §2.5: proposal numbers are never used twice',
  },
  () => new OneLeader(new Map()),
);

class OneLeader implements Checker {
  private readonly leaders: Map<number, Leadership>;

  constructor(leaders: Map<number, Leadership>) {
    this.leaders = leaders;
  }

  onLead({ world, node, state, before }: Change): Finding | null {
    const { ballot } = state;
    const { incarnation } = before;
    const first = this.leaders.get(ballot);
    const second = { node, incarnation, event: world.eventIndex };
    if (first === undefined) {
      this.leaders.set(ballot, second);
      return null;
    }
    const isAgain = first.node === node && first.incarnation === incarnation;
    if (isAgain) return null;
    const names = [nameOf(world, first.node), nameOf(world, node)];
    const who = names[0] === names[1] ? `${names[0]}, in two lives,` : names.join(' and ');
    return {
      message: `${who} led ballot ${ballotText(ballot)}`,
      facts: [first, second].map((one) => ({
        text: `${nameOf(world, one.node)} began to lead ballot ${ballotText(ballot)}`,
        node: nameOf(world, one.node),
        event: one.event,
      })),
    };
  }

  fork(): Checker {
    return new OneLeader(new Map(this.leaders));
  }

  hash(place: (node: number) => number): number {
    let sum = 0;
    for (const [ballot, { node }] of this.leaders) {
      sum = (sum + finish(mix(ballot, place(node)))) | 0;
    }
    return sum;
  }
}
