/** Recovery point: what was acknowledged before a failover is there behind it. */
import { finish, hashPlain, mix } from '../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../sim/engine/monitor.ts';
import type { WorldView } from '../sim/engine/view.ts';
import type { Log, LogEntry } from '../protocols/common/log.ts';

/** An entry of a replicated log; a null request stands for none. */
export type LoggedEntry = LogEntry & {
  readonly request: {
    readonly client: string;
    readonly sequence: number;
    readonly command: { readonly type: string };
  } | null;
};

/** A node, as far as it matters who has acknowledged what. */
export interface Replica {
  readonly epoch: number;
  /** It counts every position up to here as acknowledged. */
  readonly acknowledged: number;
  /** It decides what clients are told: it must know all that they were told before. */
  readonly answers: boolean;
  readonly log: Log<LoggedEntry>;
}

/** Who is what in a protocol: null for a node that is down, or has no say. */
export interface Reading {
  /** `primary`, `tail`: who answers. */
  readonly role: string;
  replica(world: WorldView, node: number): Replica | null;
}

/** The invariant of a protocol that reads its nodes so. */
export function acknowledgedSurvives(
  about: Pick<Invariant, 'id' | 'title' | 'source'>,
  reading: Reading,
): Invariant {
  return { ...about, create: () => new AcknowledgedSurvives(reading, new Map(), new Map()) };
}

interface Acknowledged {
  readonly entry: LoggedEntry;
  readonly epoch: number;
  readonly node: number;
  readonly event: number;
}

interface Seen {
  readonly epoch: number;
  readonly incarnation: number;
  readonly answers: boolean;
  readonly acknowledged: number;
}

/** O(newly acknowledged) after an event; O(acknowledged) when somebody begins to answer. */
class AcknowledgedSurvives implements Monitor {
  private readonly reading: Reading;
  /** By position: what was first acknowledged there. */
  private readonly known: Map<number, Acknowledged>;
  private readonly seen: Map<number, Seen>;

  constructor(reading: Reading, known: Map<number, Acknowledged>, seen: Map<number, Seen>) {
    this.reading = reading;
    this.known = known;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const replica = this.reading.replica(world, node);
    if (replica === null) {
      this.seen.delete(node);
      return null;
    }
    const { epoch, acknowledged, answers } = replica;
    const incarnation = world.nodes[node]?.incarnation ?? 0;
    const before = this.seen.get(node);
    this.seen.set(node, { epoch, incarnation, answers, acknowledged });
    const isSame = before?.epoch === epoch && before.incarnation === incarnation;
    if (answers && !(isSame && before.answers)) {
      const lost = this.compare(world, node, replica);
      if (lost !== null) return lost;
    }
    if (isSame && before.acknowledged === acknowledged) return null;
    return this.note(world, node, replica, isSame ? before.acknowledged : 0);
  }

  fork(): AcknowledgedSurvives {
    return new AcknowledgedSurvives(this.reading, new Map(this.known), new Map(this.seen));
  }

  hash(): number {
    let sum = 0;
    for (const [index, { entry, epoch }] of this.known) {
      sum = (sum + finish(hashPlain(mix(index, epoch), entry, 0))) | 0;
    }
    return sum;
  }

  /** Whoever begins to answer, against all that was acknowledged in earlier epochs. */
  private compare(world: WorldView, node: number, { epoch, log }: Replica): Finding | null {
    const lost = [...this.known].filter(
      ([index, { entry, epoch: of }]) => of < epoch && !isSameEntry(log.at(index), entry),
    );
    const [first] = lost;
    return first === undefined ? null : this.finding(world, node, epoch, first, lost.length);
  }

  /** What is acknowledged now: an old hand that goes on may contradict a newer one. */
  private note(world: WorldView, node: number, replica: Replica, from: number): Finding | null {
    const { epoch, acknowledged, log } = replica;
    for (let index = from + 1; index <= acknowledged; index++) {
      const entry = log.at(index);
      if (entry === undefined) continue;
      const known = this.known.get(index);
      if (known !== undefined) {
        if (isSameEntry(known.entry, entry)) continue;
        return this.finding(world, node, epoch, [index, known], 1);
      }
      const one: Acknowledged = { entry, epoch, node, event: world.eventIndex };
      this.known.set(index, one);
      const latest = this.latest(world, epoch, replica.answers);
      if (latest === null || isSameEntry(latest.log.at(index), entry)) continue;
      return this.finding(world, latest.node, latest.epoch, [index, one], 1);
    }
    return null;
  }

  /** Who answers for a later epoch, or for this one if the one who acknowledges does not. */
  private latest(world: WorldView, epoch: number, answers: boolean) {
    for (let node = 0; node < world.nodes.length; node++) {
      const replica = this.reading.replica(world, node);
      if (replica?.answers !== true) continue;
      if (replica.epoch > epoch || (replica.epoch === epoch && !answers)) {
        return { ...replica, node };
      }
    }
    return null;
  }

  private finding(
    world: WorldView,
    node: number,
    epoch: number,
    [index, { entry, node: by, event, epoch: of }]: readonly [number, Acknowledged],
    count: number,
  ): Finding {
    const [name = '', who = ''] = [world.nodeIds[node], world.nodeIds[by]];
    const what = describeAt(index, entry);
    const more = count === 1 ? '' : ` and ${count - 1} more acknowledged writes`;
    const does = this.reading.role === 'primary' ? 'leads' : 'answers for';
    return {
      message: `${name}, ${this.reading.role} of epoch ${epoch}, lacks ${what}${more}`,
      facts: [
        { text: `${who} acknowledged ${what} in epoch ${of}`, node: who, event },
        { text: `${name} ${does} epoch ${epoch} without it`, node: name, event: world.eventIndex },
      ],
      witness: { lost: count },
    };
  }
}

/** Entries travel by reference, so the slow comparison is for errors. */
export function isSameEntry(one: LoggedEntry | undefined, other: LoggedEntry | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** `position 3 (c1/2 put of epoch 1)` */
export function describeAt(index: number, entry: LoggedEntry | undefined): string {
  if (entry === undefined) return `position ${index} (nothing)`;
  const { request, term } = entry;
  const what =
    request === null ? 'no-op' : `${request.client}/${request.sequence} ${request.command.type}`;
  return `position ${index} (${what} of epoch ${term})`;
}
