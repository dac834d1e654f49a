/** Only what was proposed may be chosen: Paxos Made Simple §2.1. */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { Value } from '../../protocols/multi-paxos/messages.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { Positions } from '../positions.ts';
import { ballotText, describeValue, isSameValue, lowestBase, nameOf, storedBy } from './cluster.ts';
import { paxosInvariant, type Change, type Checker, type SlotChange } from './watch.ts';

export const validity = paxosInvariant(
  {
    id: 'multi-paxos/validity',
    title: 'a slot holds only values that a proposer took from a client for it, and no-ops',
    source: 'Paxos Made Simple, §2.1: only a value that has been proposed may be chosen',
  },
  (world) => new Validity(storedAtFirst(world)),
);

/** What disks hold when a run begins was proposed before it. */
function storedAtFirst(world: WorldView): Positions<readonly Value[]> {
  const proposed = new Positions<readonly Value[]>();
  for (let node = 0; node < world.nodes.length; node++) {
    const stored = storedBy(world, node);
    for (const { slot, value } of stored?.range(stored.base + 1, stored.last) ?? []) {
      proposed.set(slot, [...(proposed.get(slot) ?? []), value]);
    }
  }
  return proposed;
}

class Validity implements Checker {
  /** By slot, what proposers have taken from clients for it. */
  private readonly proposed: Positions<readonly Value[]>;

  constructor(proposed: Positions<readonly Value[]>) {
    this.proposed = proposed;
  }

  /** Where a proposer decides alone within one event, its word is taken: see `onAccepted`. */
  onProposing({ state }: Change): null {
    // The newest are the highest; below the first that is known all are known.
    const { nextSlot, decided, proposals } = state;
    for (let slot = nextSlot - 1; slot > decided; slot--) {
      const proposal = proposals[slot];
      if (proposal?.source !== 'request') continue;
      if (this.proposed.get(slot)?.includes(proposal.value) === true) break;
      this.take(slot, proposal.value);
    }
    return null;
  }

  onAccepted({ world, node, state, slot, proposal }: SlotChange): Finding | null {
    const { value } = proposal;
    if (value.request === null || slot <= this.proposed.floor) return null;
    const known = this.proposed.get(slot) ?? [];
    if (known.some((other) => isSameValue(other, value))) return null;
    const isOwn = state.role === 'leader' && state.ballot === value.origin;
    if (isOwn && state.chosen.get(slot)?.value === value) {
      this.take(slot, value);
      return null;
    }
    const name = nameOf(world, node);
    const what = `${describeValue(value)} under ballot ${ballotText(proposal.ballot)}`;
    return {
      message: `${name} accepted in slot ${slot} what nobody proposed for it`,
      facts: [
        { text: `${name} accepted ${what}`, node: name, event: world.eventIndex },
        ...known.map((other) => ({
          text: `${describeValue(other)} was proposed in slot ${slot}`,
        })),
      ],
    };
  }

  onProgress({ world, state, before }: Change): null {
    const isTruncated = state.accepted.base > (before.accepted?.base ?? 0);
    if (isTruncated) this.proposed.forget(lowestBase(world));
    return null;
  }

  fork(): Checker {
    return new Validity(this.proposed.fork());
  }

  hash(): number {
    let sum = 0;
    this.proposed.each((slot, values) => {
      for (const value of values) sum = (sum + finish(hashPlain(mix(slot, 1), value))) | 0;
    });
    return sum;
  }

  private take(slot: number, value: Value): void {
    const known = this.proposed.get(slot) ?? [];
    if (!known.includes(value)) this.proposed.set(slot, [...known, value]);
  }
}
