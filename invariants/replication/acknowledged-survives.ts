/** Recovery point: what was acknowledged before a failover is there behind it. */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/replication/messages.ts';
import type { ReplicationState } from '../../protocols/replication/state.ts';
import { describeAt, isSameEntry, nameOf, stateOf } from './cluster.ts';

export const acknowledgedSurvives: Invariant = {
  id: 'replication/acknowledged-survives',
  title: 'every write that a primary acknowledged is in the logs of all later primaries',
  source: 'the specification, "Replication Strategies" (RPO = 0); Budhiraja et al. 1993, Pb4',
  create: () => new AcknowledgedSurvives(new Map(), new Map()),
};

interface Acknowledged {
  readonly entry: Entry;
  readonly epoch: number;
  readonly node: number;
  readonly event: number;
}

/** O(newly acknowledged) after an event of a primary; O(acknowledged) when an epoch begins. */
class AcknowledgedSurvives implements Monitor {
  /** By position: what the primary of the latest epoch so far has acknowledged there. */
  private readonly acknowledged: Map<number, Acknowledged>;
  /** By node: the epoch that it led when last seen, and how far it had acknowledged. */
  private readonly seen: Map<number, { readonly epoch: number; readonly upTo: number }>;

  constructor(
    acknowledged: Map<number, Acknowledged>,
    seen: Map<number, { readonly epoch: number; readonly upTo: number }>,
  ) {
    this.acknowledged = acknowledged;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state?.role !== 'primary') return null;
    const { epoch, committed } = state;
    const before = this.seen.get(node);
    const isNew = before?.epoch !== epoch;
    if (!isNew && before.upTo === committed) return null;
    this.seen.set(node, { epoch, upTo: committed });
    const lost = isNew ? this.compare(world, node, state) : null;
    if (lost !== null) return lost;
    return this.note(world, node, state, isNew ? 0 : before.upTo);
  }

  fork(): AcknowledgedSurvives {
    return new AcknowledgedSurvives(new Map(this.acknowledged), new Map(this.seen));
  }

  hash(): number {
    let sum = 0;
    for (const [index, { entry, epoch }] of this.acknowledged) {
      sum = (sum + finish(hashPlain(mix(index, epoch), entry, 0))) | 0;
    }
    return sum;
  }

  /** A new primary against all that was acknowledged in earlier epochs. */
  private compare(world: WorldView, node: number, { epoch, log }: ReplicationState) {
    const lost = [...this.acknowledged].filter(
      ([index, { entry, epoch: of }]) => of < epoch && !isSameEntry(log.at(index), entry),
    );
    const [first] = lost;
    if (first === undefined) return null;
    return finding(world, node, epoch, first, lost.length);
  }

  /** What is acknowledged now: an older primary that goes on may contradict a newer one. */
  private note(world: WorldView, node: number, state: ReplicationState, from: number) {
    const { epoch, committed, log } = state;
    for (let index = from + 1; index <= committed; index++) {
      const entry = log.at(index);
      if (entry === undefined) continue;
      const known = this.acknowledged.get(index);
      if (known === undefined) {
        const later = laterPrimary(world, epoch);
        const theirs = later === null ? entry : stateOf(world, later)?.log.at(index);
        const one: Acknowledged = { entry, epoch, node, event: world.eventIndex };
        this.acknowledged.set(index, one);
        if (later !== null && !isSameEntry(theirs, entry)) {
          return finding(world, later, stateOf(world, later)?.epoch ?? 0, [index, one], 1);
        }
      } else if (!isSameEntry(known.entry, entry)) {
        return finding(world, node, epoch, [index, known], 1);
      }
    }
    return null;
  }
}

/** Who leads an epoch after this one, if anybody is up that does. */
function laterPrimary(world: WorldView, epoch: number): number | null {
  for (let node = 0; node < world.nodes.length; node++) {
    const state = stateOf(world, node);
    if (state?.role === 'primary' && state.epoch > epoch) return node;
  }
  return null;
}

function finding(
  world: WorldView,
  node: number,
  epoch: number,
  [index, { entry, node: by, event, epoch: of }]: readonly [number, Acknowledged],
  count: number,
): Finding {
  const name = nameOf(world, node);
  const who = nameOf(world, by);
  const what = describeAt(index, entry);
  const more = count === 1 ? '' : ` and ${count - 1} more acknowledged writes`;
  return {
    message: `${name}, primary of epoch ${epoch}, lacks ${what}${more}`,
    facts: [
      { text: `${who} acknowledged ${what} in epoch ${of}`, node: who, event },
      { text: `${name} leads epoch ${epoch} without it`, node: name, event: world.eventIndex },
    ],
    witness: { lost: count },
  };
}
