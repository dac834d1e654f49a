/** Certificates: Castro and Liskov, §4.2. */
import type { Finding } from '../../sim/engine/monitor.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Slot } from '../../protocols/pbft/message-log.ts';
import type { OrderHeader } from '../../protocols/pbft/messages.ts';
import { contentOf, correctQuorum, hashOf, knowledgeOf, lowestStable, nameOf } from './replicas.ts';
import { pbftInvariant, type Change, type Checker } from './watch.ts';

interface Prepared {
  readonly sequence: number;
  readonly digest: string;
  /** The requests; null while the replica knows their digest only. */
  readonly content: string | null;
  readonly node: number;
  readonly event: number;
}

export const preparedUnique = pbftInvariant(
  {
    id: 'pbft/prepared-unique',
    title: 'in one view no two correct replicas are prepared for different requests at one number',
    source: 'Castro and Liskov 1999, §4.2: the pre-prepare and prepare phases',
  },
  () => new PreparedUnique(new Map()),
);

class PreparedUnique implements Checker {
  /** By view and number, as far as somebody may still need it. */
  private readonly prepared: Map<string, Prepared>;

  constructor(prepared: Map<string, Prepared>) {
    this.prepared = prepared;
  }

  onSlot({ world, node }: Change, slot: Slot, old: Slot | null): Finding | null {
    const { certificate, certified, sequence } = slot;
    if (certificate === null || certificate === old?.certificate) return null;
    const { view, digest } = certificate.prePrepare;
    const content = certified === null ? null : contentOf(certified);
    const second = { sequence, digest, content, node, event: world.eventIndex };
    const first = this.prepared.get(`${view}/${sequence}`);
    if (first === undefined) {
      this.prepared.set(`${view}/${sequence}`, second);
      return null;
    }
    const isSame =
      first.digest === digest &&
      (content === null || first.content === null || first.content === content);
    if (isSame) return null;
    const who = `${nameOf(world, first.node)} and ${nameOf(world, node)}`;
    return {
      message: `${who} are prepared for different requests at ${sequence} in view ${view}`,
      facts: [first, second].map((one) => ({
        text: `${nameOf(world, one.node)} is prepared for ${one.content ?? one.digest}`,
        node: nameOf(world, one.node),
        event: one.event,
      })),
    };
  }

  onStable({ world }: Change): null {
    const lowest = lowestStable(world);
    for (const [key, { sequence }] of this.prepared) {
      if (sequence <= lowest) this.prepared.delete(key);
    }
    return null;
  }

  fork(): Checker {
    return new PreparedUnique(new Map(this.prepared));
  }

  hash(): number {
    return hashOf([...this.prepared].map(([key, { digest }]) => [key, digest]));
  }
}

export const committedIsPrepared = pbftInvariant(
  {
    id: 'pbft/committed-is-prepared',
    title: 'what a correct replica has committed, a quorum without its liars has prepared',
    source: 'Castro and Liskov 1999, §4.2: committed-local implies committed',
  },
  () => committedChecker,
);

const committedChecker: Checker = {
  onSlot({ world, node }, slot, old) {
    const { prePrepare, isCommitted, sequence } = slot;
    if (!isCommitted || prePrepare === null) return null;
    if (old?.isCommitted === true && old.prePrepare === prePrepare) return null;
    const holders = world.correctNodes.filter((one) => hasPrepared(one, prePrepare));
    const needed = correctQuorum(world);
    if (holders.length >= needed) return null;
    const name = nameOf(world, node);
    const who = holders.map(({ id }) => id).join(', ') || 'nobody';
    const what = `${name} has committed ${sequence} in view ${prePrepare.view}`;
    return {
      message: `${what}, which only ${who} has prepared: it takes ${needed} correct replicas`,
      facts: [
        { text: what, node: name, event: world.eventIndex },
        ...holders.map(({ id }) => ({ text: `${id} has prepared it`, node: id })),
      ],
    };
  },
  fork: () => committedChecker,
};

/** In this view or a later one, or it is so long ago that a checkpoint covers it. */
function hasPrepared(replica: NodeView, { sequence, view, digest }: OrderHeader): boolean {
  const { slots, stable } = knowledgeOf(replica);
  if ((stable?.sequence ?? 0) >= sequence) return true;
  const order = slots?.get(sequence)?.certificate?.prePrepare;
  return order !== undefined && order.view >= view && order.digest === digest;
}

export const certificateKept = pbftInvariant(
  {
    id: 'pbft/certificate-kept',
    title: 'a correct replica keeps what it has prepared until a stable checkpoint covers it',
    source: 'Castro and Liskov 1999, §4.3',
  },
  () => keptChecker,
);

const keptChecker: Checker = {
  onSlot(change, slot, old) {
    const before = old?.certificate?.prePrepare;
    if (before === undefined) return null;
    const after = slot.certificate?.prePrepare;
    return after !== undefined && after.view >= before.view ? null : lost(change, slot.sequence);
  },
  onDiscard(change, { sequence, certificate }) {
    return certificate === null ? null : lost(change, sequence);
  },
  fork: () => keptChecker,
};

function lost({ world, node, state }: Change, sequence: number): Finding | null {
  const { stable } = state;
  if (sequence <= stable.sequence) return null;
  const name = nameOf(world, node);
  const text = `${name} discards its certificate for ${sequence}`;
  const since = `its stable checkpoint is ${stable.sequence}`;
  return {
    message: `${text}, and ${since}`,
    facts: [
      { text, node: name, event: world.eventIndex },
      { text: since, node: name },
    ],
  };
}

export const onePrePrepare = pbftInvariant(
  {
    id: 'pbft/one-pre-prepare',
    title: 'a correct replica accepts one pre-prepare for a view and number, from its primary',
    source: 'Castro and Liskov 1999, §4.2',
  },
  () => orderChecker,
);

const orderChecker: Checker = {
  onSlot({ world, node }, { sequence, prePrepare }, old) {
    if (prePrepare === null || prePrepare === old?.prePrepare) return null;
    const name = nameOf(world, node);
    const { view, replica, digest } = prePrepare;
    const primary = primaryIn(world, view);
    const before = old?.prePrepare ?? null;
    const isSecond = before !== null && before.view === view && before.digest !== digest;
    if (replica === primary && !isSecond) return null;
    const what = isSecond ? 'a second pre-prepare' : `the pre-prepare of ${replica}`;
    const message = `${name} accepts ${what} for ${sequence} in view ${view}`;
    return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
  },
  fork: () => orderChecker,
};

function primaryIn({ nodeIds }: WorldView, view: number): string | undefined {
  return nodeIds[view % nodeIds.length];
}

export const withinWatermarks = pbftInvariant(
  {
    id: 'pbft/within-watermarks',
    title: 'a correct replica accepts no sequence number outside its watermarks',
    source: 'Castro and Liskov 1999, §4.2: h < n ≤ H',
  },
  () => windowChecker,
);

const windowChecker: Checker = {
  onSlot({ world, node, state }, { sequence, prePrepare }, old) {
    if (prePrepare === null || prePrepare === old?.prePrepare) return null;
    const low = state.stable.sequence;
    const high = low + state.options.windowSize;
    if (sequence > low && sequence <= high) return null;
    const name = nameOf(world, node);
    const message = `${name} accepts ${sequence}; its watermarks are ${low} and ${high}`;
    return { message, facts: [{ text: message, node: name, event: world.eventIndex }] };
  },
  fork: () => windowChecker,
};
