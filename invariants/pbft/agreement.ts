/** What correct replicas execute: Castro and Liskov, §3 (safety) and §4.2. */
import type { Finding } from '../../sim/engine/monitor.ts';
import { requestPayloadOf } from './requests.ts';
import type { Slot } from '../../protocols/pbft/message-log.ts';
import type { Executed } from '../../protocols/pbft/state.ts';
import { Positions } from '../positions.ts';
import { contentOf, describe, hashOf, nameOf } from './replicas.ts';
import { pbftInvariant, type Change, type Checker } from './watch.ts';

/** Who was first seen to execute something at a number, and after which event. */
interface First {
  readonly entry: Executed;
  readonly node: number;
  readonly event: number;
}

/** So many numbers below the highest are remembered for replicas that lag behind. */
const REMEMBERED = 4096;

export const agreement = pbftInvariant(
  {
    id: 'pbft/agreement',
    title: 'no two correct replicas execute different requests at one sequence number',
    source: 'Castro and Liskov 1999, §3 and §4.2',
  },
  () => new Agreement(new Positions()),
);

class Agreement implements Checker {
  private readonly executed: Positions<First>;

  constructor(executed: Positions<First>) {
    this.executed = executed;
  }

  onExecuted({ world, node }: Change, sequence: number, entry: Executed): Finding | null {
    const first = this.executed.get(sequence);
    const second = { entry, node, event: world.eventIndex };
    if (first === undefined) {
      this.executed.set(sequence, second);
      this.executed.forget(sequence - REMEMBERED);
      return null;
    }
    if (contentOf(first.entry.batch) === contentOf(entry.batch)) return null;
    const who = `${nameOf(world, first.node)} and ${nameOf(world, node)}`;
    return {
      message: `${who} execute different requests at ${sequence}`,
      facts: [first, second].map((one) => ({
        text: `${nameOf(world, one.node)} executes ${describe(one.entry.batch)} at ${sequence}`,
        node: nameOf(world, one.node),
        event: one.event,
      })),
    };
  }

  fork(): Checker {
    return new Agreement(this.executed.fork());
  }

  hash(): number {
    const entries: [number, string][] = [];
    this.executed.each((at, { entry }) => entries.push([at, contentOf(entry.batch)]));
    return hashOf(entries);
  }
}

export const validity = pbftInvariant(
  {
    id: 'pbft/validity',
    title: 'a correct replica executes only what a client has signed',
    source: 'Castro and Liskov 1999, §3 and §4.1',
  },
  () => validityChecker,
);

const validityChecker: Checker = {
  onExecuted({ world, node }, sequence, { batch }) {
    const forged = batch.find(
      (request) => !world.isSigned(request.signature, requestPayloadOf(request)),
    );
    if (forged === undefined) return null;
    const { client } = forged;
    const name = nameOf(world, node);
    const what = `${client}/${forged.sequence}`;
    return {
      message: `${name} executes ${what} at ${sequence}, which ${client} has not signed`,
      facts: [
        { text: `${name} executes ${what} at ${sequence}`, node: name, event: world.eventIndex },
      ],
    };
  },
  fork: () => validityChecker,
};

export const executedOnce = pbftInvariant(
  {
    id: 'pbft/executed-once',
    title:
      'at a correct replica a request takes effect once, and no older one of its client after it',
    source: 'Castro and Liskov 1999, §4.1: exactly-once semantics by timestamps',
  },
  () => new ExecutedOnce(new Map()),
);

class ExecutedOnce implements Checker {
  /** By replica and client: the last request that took effect in this life of the replica. */
  private readonly last: Map<number, ReadonlyMap<string, readonly [number, number]>>;

  constructor(last: Map<number, ReadonlyMap<string, readonly [number, number]>>) {
    this.last = last;
  }

  onStart({ node }: Change): void {
    this.last.delete(node);
  }

  onExecuted({ world, node }: Change, at: number, { applied }: Executed): Finding | null {
    const known = new Map(this.last.get(node));
    for (const { client, sequence } of applied) {
      const [last = -1, where = 0] = known.get(client) ?? [];
      if (sequence <= last) return again(nameOf(world, node), client, sequence, last, where, at);
      known.set(client, [sequence, at]);
    }
    this.last.set(node, known);
    return null;
  }

  fork(): Checker {
    return new ExecutedOnce(new Map(this.last));
  }
}

function again(
  name: string,
  client: string,
  sequence: number,
  last: number,
  where: number,
  at: number,
): Finding {
  const now = `${client}/${sequence} takes effect at ${at}`;
  const before = `${client}/${last} took effect at ${where}`;
  return {
    message: `at ${name} ${now}, though ${before}`,
    facts: [
      { text: `at ${name} ${before}`, node: name },
      { text: `at ${name} ${now}`, node: name },
    ],
  };
}

export const executedPrefix = pbftInvariant(
  {
    id: 'pbft/executed-prefix',
    title: 'a correct replica executes all numbers in order, each when it has committed there',
    source: 'Castro and Liskov 1999, §4.2',
  },
  () => prefixChecker,
);

const prefixChecker: Checker = {
  onExecuted({ world, node, state }, sequence, { digest }) {
    const name = nameOf(world, node);
    const { log, lastExecuted, stable } = state;
    const slot = state.slots.get(sequence);
    const problem =
      log.lastIndex !== lastExecuted
        ? `says that it has executed up to ${lastExecuted}, and has executed ${log.lastIndex}`
        : sequence <= stable.sequence || isCommitted(slot, digest)
          ? null
          : `executes ${sequence}, which has not committed there`;
    if (problem === null) return null;
    return {
      message: `${name} ${problem}`,
      facts: [{ text: `${name} ${problem}`, node: name, event: world.eventIndex }],
    };
  },
  fork: () => prefixChecker,
};

function isCommitted(slot: Slot | undefined, digest: string): boolean {
  return slot?.isCommitted === true && slot.prePrepare?.digest === digest;
}
