/** Writes a trace frame by frame, so that a long run needs no memory for what is behind it. */
import { Encoder } from '@msgpack/msgpack';
import { frame, FrameType, magic } from './container.ts';
import { snapshotEvery } from './format.ts';
import type { Snapshot, Trace, TraceEvent, TraceFooter } from './format.ts';
import type { TraceHeader, TraceStart } from './format.ts';
import { maxDepth } from './scan.ts';

/** Takes the parts of a file in order: appends them to a list, a file, a socket. */
export type Sink = (part: Uint8Array) => void;

export class TraceWriter {
  private readonly sink: Sink;
  private readonly encoder = new Encoder({ ignoreUndefined: true, maxDepth });
  private pending: TraceEvent[] = [];

  constructor(sink: Sink, header: TraceHeader, start: TraceStart, beginning: Snapshot) {
    this.sink = sink;
    sink(magic.slice());
    this.write(FrameType.header, header);
    this.write(FrameType.start, start);
    this.write(FrameType.snapshot, beginning);
  }

  /** Takes the next event; true when a snapshot has to follow it. */
  event(event: TraceEvent): boolean {
    this.pending.push(event);
    return (event.index + 1) % snapshotEvery === 0;
  }

  snapshot(snapshot: Snapshot): void {
    this.flush();
    this.write(FrameType.snapshot, snapshot);
  }

  /** Ends the file. */
  end(footer: TraceFooter): void {
    this.flush();
    this.write(FrameType.footer, footer);
  }

  /** Writes the events that wait for their frame to become full. */
  flush(): void {
    if (this.pending.length === 0) return;
    this.write(FrameType.events, this.pending);
    this.pending = [];
  }

  private write(type: FrameType, value: unknown): void {
    this.sink(frame(type, this.encoder.encodeSharedRef(value)));
  }
}

/** A trace in memory as a file; the same trace always gives the same bytes. */
export function writeTrace({ header, start, snapshots, events, footer }: Trace): Uint8Array {
  const parts: Uint8Array[] = [];
  const [beginning, ...later] = snapshots as [Snapshot, ...Snapshot[]];
  const writer = new TraceWriter((part) => parts.push(part), header, start, beginning);
  const byIndex = new Map(later.map((snapshot) => [snapshot.index, snapshot]));
  for (const event of events) {
    const snapshot = byIndex.get(event.index);
    if (writer.event(event) && snapshot !== undefined) writer.snapshot(snapshot);
  }
  if (footer === null) writer.flush();
  else writer.end(footer);
  return joinParts(parts);
}

/** What a sink has collected, as one array. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
