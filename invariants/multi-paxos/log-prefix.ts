/** The replicated log: Paxos Made Simple §3. Everybody applies the same commands in one order. */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Configuration, Value } from '../../protocols/multi-paxos/messages.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import { Positions } from '../positions.ts';
import { describeValue, isSameValue, lowestBase, nameOf } from './cluster.ts';
import { paxosInvariant, type Change, type Checker } from './watch.ts';

/** What was first applied in a slot. */
interface Applied {
  readonly value: Value;
  readonly node: number;
  readonly event: number;
}

export const logPrefix = paxosInvariant(
  {
    id: 'multi-paxos/log-prefix',
    title: 'what a node has applied is a prefix of one log: every slot, in order, no slot missing',
    source: 'Paxos Made Simple, §3',
  },
  () => new LogPrefix(new Positions()),
);

class LogPrefix implements Checker {
  private readonly applied: Positions<Applied>;

  constructor(applied: Positions<Applied>) {
    this.applied = applied;
  }

  onProgress({ world, node, state, before }: Change): Finding | null {
    const { chosen, applied } = state;
    for (let slot = Math.max(before.applied, chosen.base) + 1; slot <= applied; slot++) {
      const value = chosen.get(slot)?.value;
      if (value === undefined) return missing(world, node, slot, applied);
      const first = this.applied.get(slot);
      const second = { value, node, event: world.eventIndex };
      if (first === undefined) this.applied.set(slot, second);
      else if (!isSameValue(first.value, value)) return differ(world, slot, first, second);
    }
    if (chosen.base > (before.chosen?.base ?? 0)) this.applied.forget(lowestBase(world));
    return null;
  }

  fork(): Checker {
    return new LogPrefix(this.applied.fork());
  }

  hash(): number {
    let sum = 0;
    this.applied.each((slot, { value }) => {
      sum = (sum + finish(hashPlain(mix(slot, 3), value))) | 0;
    });
    return sum;
  }
}

function missing(world: WorldView, node: number, slot: number, applied: number): Finding {
  const name = nameOf(world, node);
  return {
    message: `${name} applied slot ${applied} without slot ${slot}`,
    facts: [
      { text: `${name} has applied slot ${applied}`, node: name, event: world.eventIndex },
      { text: `${name} has not learned what is chosen in slot ${slot}`, node: name },
    ],
    witness: 'gap',
  };
}

function differ(world: WorldView, slot: number, first: Applied, second: Applied): Finding {
  const [one, other] = [nameOf(world, first.node), nameOf(world, second.node)];
  return {
    message: `${one} and ${other} applied different commands in slot ${slot}`,
    facts: [first, second].map(({ value, node, event }) => ({
      text: `${nameOf(world, node)} applied ${describeValue(value)}`,
      node: nameOf(world, node),
      event,
    })),
    witness: 'different',
  };
}

export const monotonicDecided = paxosInvariant(
  {
    id: 'multi-paxos/monotonic-decided',
    title: 'what a node knows to be decided, and what it has applied, never shrinks in a life',
    source: 'Paxos Made Simple, §2.3 and §3',
  },
  () => decidedChecker,
);

const decidedChecker: Checker = {
  onProgress({ world, node, state, before }) {
    const { decided, applied } = state;
    if (decided >= before.decided && applied >= before.applied) return null;
    const name = nameOf(world, node);
    const had = `slot ${before.decided} decided, slot ${before.applied} applied`;
    const has = `slot ${decided} decided, slot ${applied} applied`;
    return {
      message: `${name} went back from slot ${before.decided} to slot ${decided}`,
      facts: [
        { text: `${name} had ${had}`, node: name },
        { text: `${name} has ${has}`, node: name, event: world.eventIndex },
      ],
    };
  },
  fork: () => decidedChecker,
};

export const configurationOfSlot = paxosInvariant(
  {
    id: 'multi-paxos/configuration-of-slot',
    title: 'whoever may propose in a slot takes those acceptors that the log says, α slots before',
    source: 'Paxos Made Simple, §3, end',
  },
  () => configurationChecker,
);

const configurationChecker: Checker = {
  onProgress({ world, node, state, ledger }) {
    const { decided, options } = state;
    if (ledger.decided < decided) return null;
    for (const slot of [decided + 1, decided + options.window]) {
      const expected = ledger.acceptorsAt(slot);
      const found = acceptorsFor(state, slot);
      if (found === expected || found.join(' ') === expected.join(' ')) continue;
      const name = nameOf(world, node);
      return {
        message: `${name} takes wrong acceptors for slot ${slot}`,
        facts: [
          { text: `for ${name} they are ${found.join(' ')}`, node: name, event: world.eventIndex },
          { text: `the log says ${expected.join(' ')} for slot ${slot}` },
        ],
      };
    }
    return null;
  },
  fork: () => configurationChecker,
};

function acceptorsFor({ configurations }: MultiPaxosState, slot: number): readonly NodeId[] {
  let i = configurations.length - 1;
  while (i > 0 && (configurations[i] as Configuration).from > slot) i--;
  return configurations[i]?.acceptors ?? [];
}
