/** Puts a trace together from its frames, and lets nothing in that contradicts what is there. */
import { FrameType } from './container.ts';
import { eventSchema, snapshotEvery, textHash } from './format.ts';
import type { Snapshot, Trace, TraceEvent, TraceFooter } from './format.ts';
import type { TraceHeader, TraceStart } from './format.ts';
import { issueText } from './issue.ts';
import { same } from './own.ts';
import { rollEvent, Rolling, rollSends } from './rolling.ts';
import { stateAfter, type ClusterState } from './state.ts';

export class Assembly {
  private head: TraceHeader | null = null;
  private begin: TraceStart | null = null;
  private foot: TraceFooter | null = null;
  private readonly snapshots: Snapshot[] = [];
  private readonly list: TraceEvent[] = [];
  private readonly rolling = new Rolling();
  /** The states after the last event. */
  private state: ClusterState = [];

  /** What has come so far; null until there is a beginning. */
  get trace(): Trace | null {
    const { head, begin, snapshots } = this;
    if (head === null || begin === null || snapshots.length === 0) return null;
    return { header: head, start: begin, snapshots, events: this.list, footer: this.foot };
  }

  get complete(): boolean {
    return this.foot !== null;
  }

  /** How much can be used, for the end of a sentence. */
  get usable(): string {
    if (this.trace === null) return 'nothing before it can be used';
    const { length } = this.list;
    if (length === 0) return 'only the beginning of the run can be used';
    return length === 1 ? '1 event can be used' : `${length} events can be used`;
  }

  /** Whether a frame of this type may come next. */
  expects(type: number): boolean {
    if (this.head === null) return type === FrameType.header;
    if (this.begin === null) return type === FrameType.start;
    if (this.snapshots.length === 0) return type === FrameType.snapshot;
    // A snapshot follows a full frame of events, and nothing else does.
    const isDue = this.list.length > (this.snapshots.length - 1) * snapshotEvery;
    const isFull = isDue && this.list.length % snapshotEvery === 0;
    if (isFull) return type === FrameType.snapshot;
    return type === FrameType.footer || (type === FrameType.events && !isDue);
  }

  header(header: TraceHeader): string | null {
    const { text, hash } = header.scenario;
    if (textHash(text) !== hash) return 'the hash of the scenario does not fit its text';
    this.head = header;
    return null;
  }

  start(start: TraceStart): string | null {
    this.begin = start;
    rollSends(this.rolling, start.sends);
    return null;
  }

  snapshot(snapshot: Snapshot): string | null {
    const { index, nodes } = snapshot;
    if (index !== this.list.length - 1) return `a snapshot of event ${index} has no place here`;
    if (nodes.length !== this.head?.nodes.length) return 'a snapshot has to show every node';
    const differing = this.state.findIndex((node, i) => !same(node, nodes[i]));
    if (differing >= 0) {
      return `the snapshot after event ${index} contradicts the events before it`;
    }
    this.state = nodes;
    this.snapshots.push(snapshot);
    return null;
  }

  /** Takes events up to the first that does not fit. */
  events(value: unknown): string | null {
    if (!Array.isArray(value) || value.length === 0) return 'events: expected a list of events';
    for (const item of value as unknown[]) {
      const parsed = eventSchema.safeParse(item);
      const expected = this.list.length;
      if (!parsed.success) return issueText(`event ${expected}`, parsed.error);
      // Not zod's copy, which has its fields in another order.
      const problem = this.event(item as TraceEvent);
      if (problem !== null) return `event ${expected}: ${problem}`;
    }
    return null;
  }

  footer(footer: TraceFooter): string | null {
    const { counters, hash } = footer;
    if (counters.events !== this.list.length) {
      return `the footer counts ${counters.events} events, the trace has ${this.list.length}`;
    }
    if (hash !== this.rolling.value) {
      return `the events give the hash ${this.rolling.value}, the footer says ${hash}`;
    }
    this.foot = footer;
    return null;
  }

  private event(event: TraceEvent): string | null {
    const { index, at, actor, from = 0, cause = -1, previous = -1, sends = [] } = event;
    const last = this.list.at(-1);
    if (this.list.length > 0 && this.list.length % snapshotEvery === 0) {
      if (this.snapshots.at(-1)?.index !== this.list.length - 1) return 'its frame is too long';
    }
    if (index !== this.list.length) return `its index is ${index}`;
    if (at < (last?.at ?? 0)) return 'it lies before the event before it';
    if (cause >= index || previous >= index) return 'it cannot be caused by a later event';
    const actors = (this.head?.nodes.length ?? 0) + (this.head?.clients.length ?? 0);
    const named = [actor, from, ...sends.flatMap((send) => [send.from, send.to])];
    if (named.some((number) => number >= actors)) return 'it names an actor that does not exist';
    const state = stateAfter(this.state, event);
    if (state === null) return 'its patches do not fit the state before it';
    this.state = state;
    this.list.push(event);
    rollEvent(this.rolling, event);
    return null;
  }
}
