/**
 * A trace as the page holds it: the file's bytes, columns of all events, and blocks of 500 events
 * that are decoded when somebody looks at them. A million events fit; their objects would not.
 */
import { Decoder } from '@msgpack/msgpack';
import { FrameType } from '../../trace/container.ts';
import type { Snapshot, TraceEvent, TraceFooter } from '../../trace/format.ts';
import type { TracedViolation, TraceHeader, TraceStart } from '../../trace/format.ts';
import { readTrace } from '../../trace/read.ts';
import { stateAfter, type ClusterState } from '../../trace/state.ts';
import { writeTrace } from '../../trace/write.ts';
import { emptyColumns, fillColumns, Stems, type Columns } from './columns.ts';
import { isSound, packedEvents, walkFrames, type Frame } from './frames.ts';
import { Gathered } from './gathered.ts';
import { unpackBlock, type PackedBlock } from './pack.ts';

/** Blocks that stay decoded. */
const KEPT = 48;

interface Block {
  /** The index of its first event. */
  readonly first: number;
  readonly frame: Frame;
}

export class Store {
  readonly header: TraceHeader;
  readonly start: TraceStart;
  readonly footer: TraceFooter | null;
  /** The file; of a damaged one its usable beginning. */
  readonly bytes: Uint8Array;
  /** Events before this one are not in the file: it is a window of a longer run. */
  readonly first: number;
  /** One more than the index of the last event. */
  readonly count: number;
  readonly columns: Columns;
  readonly stems = new Stems();
  /** What was collected on the way: spans of roles, faults, operations. */
  readonly gathered: Gathered;
  /** Microseconds: when the last event happens. */
  readonly endAt: number;
  /** Events before this one have been looked at; the rest follows in slices (`scan`). */
  scanned: number;
  private readonly blocks: readonly Block[];
  /** In the order of the run. `first`: the event behind the snapshot. */
  private readonly snapshots: readonly Block[];
  /** Of a page, which has few snapshots: the states before each block that was looked at. */
  private readonly made: ClusterState[] = [];
  private readonly decoded = new Map<number, readonly TraceEvent[]>();
  private readonly decoder = new Decoder();

  /** The bytes must be those of a whole trace or window (`openStore` sees to it). */
  constructor(bytes: Uint8Array, frames: readonly Frame[]) {
    this.bytes = bytes;
    const [header, start] = frames as [Frame, Frame];
    const last = frames.at(-1) as Frame;
    this.header = this.decode(header) as TraceHeader;
    this.start = this.decode(start) as TraceStart;
    this.footer = last.type === FrameType.footer ? (this.decode(last) as TraceFooter) : null;
    const isSnapshot = ({ type }: Frame) => type === FrameType.snapshot;
    const [beginning] = frames.filter(isSnapshot) as [Frame];
    this.first = (this.decode(beginning) as Snapshot).index + 1;
    // All blocks but the last are full (sim/trace/README.md).
    const blocks: Block[] = [];
    const snapshots: Block[] = [];
    for (const frame of frames) {
      const block = { first: this.first + blocks.length * BLOCK, frame };
      if (isSnapshot(frame)) snapshots.push(block);
      else if (isEvents(frame)) blocks.push(block);
    }
    this.blocks = blocks;
    this.snapshots = snapshots;
    const tail = this.blocks.at(-1);
    const last500 = tail === undefined ? [] : this.eventsOf(tail.frame);
    this.count = (tail?.first ?? this.first) + last500.length;
    this.endAt = last500.at(-1)?.at ?? 0;
    this.columns = emptyColumns(this.count);
    this.scanned = this.first;
    this.gathered = new Gathered(this.header, this.snapshotAt(this.first - 1));
  }

  /** Looks at further blocks until `isEnough` says so; true when all have been looked at. */
  scan(isEnough: () => boolean = () => false): boolean {
    while (this.scanned < this.count) {
      const events = this.blockOf(this.scanned);
      for (const event of events) {
        fillColumns(this.columns, this.stems, event);
        this.gathered.add(event);
        this.scanned = event.index + 1;
      }
      if (this.snapshots.length < this.blocks.length) this.makeSnapshot(events);
      if (isEnough()) break;
    }
    return this.scanned >= this.count;
  }

  /** An event; it must be in [first, count). */
  event(index: number): TraceEvent {
    return this.blockOf(index)[(index - this.first) % BLOCK] as TraceEvent;
  }

  /** The events of [from, to), decoded. */
  slice(from: number, to: number): TraceEvent[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => this.event(from + i));
  }

  /** The last snapshot at hand that includes no event behind `index`. */
  snapshotAt(index: number): Snapshot {
    const block = Math.max(0, Math.floor((index + 1 - this.first) / BLOCK));
    const made = Math.min(block, this.made.length - 1);
    const madeFirst = this.first + made * BLOCK;
    const found = this.snapshots.findLast(({ first }) => first <= index + 1) ?? this.snapshots[0];
    const { first, frame } = found as Block;
    const nodes = made < 0 || first >= madeFirst ? undefined : this.made[made];
    if (nodes !== undefined) return { index: madeFirst - 1, nodes: [...nodes] };
    return this.decode(frame) as Snapshot;
  }

  /** Of the event in which it was seen, or of the end of the run; null: none. */
  get violation(): TracedViolation | null {
    if (this.footer !== null) return this.footer.violation;
    return this.count > this.first ? (this.event(this.count - 1).violation ?? null) : null;
  }

  private blockOf(index: number): readonly TraceEvent[] {
    const number = Math.floor((index - this.first) / BLOCK);
    let events = this.decoded.get(number);
    if (events === undefined) {
      events = this.eventsOf((this.blocks[number] as Block).frame);
      if (this.decoded.size >= KEPT) {
        for (const oldest of this.decoded.keys()) {
          this.decoded.delete(oldest);
          break;
        }
      }
      this.decoded.set(number, events);
    }
    return events;
  }

  private eventsOf(frame: Frame): TraceEvent[] {
    const value = this.decode(frame);
    if (frame.type !== packedEvents) return value as TraceEvent[];
    return unpackBlock(value as PackedBlock);
  }

  /** Keeps the states behind a block whose events were just looked at. */
  private makeSnapshot(events: readonly TraceEvent[]): void {
    if (this.made.length === 0) this.made.push(this.snapshotAt(this.first - 1).nodes);
    let state = this.made.at(-1) as ClusterState;
    for (const event of events) state = stateAfter(state, event) ?? state;
    this.made.push(state);
  }

  private decode({ start, end }: Frame): unknown {
    return this.decoder.decode(this.bytes.subarray(start, end));
  }
}

/** Events in a block: `snapshotEvery` of the format. */
const BLOCK = 500;

export interface OpenedStore {
  readonly store: Store | null;
  /** A sentence; null when all is well. */
  readonly problem: string | null;
}

/**
 * Opens a file of whatever content; a damaged one up to where it broke. Never throws.
 * `isChecked`: its checksums were right when it was put into the page, and gzip has its own.
 */
export function openStore(bytes: Uint8Array, isChecked = false): OpenedStore {
  const { frames, isWhole } = walkFrames(bytes);
  const isGood = isWhole && (isChecked || frames.every((frame) => isSound(bytes, frame)));
  if (isGood && hasOrder(frames, isChecked))
    return { store: new Store(bytes, frames), problem: null };
  const { trace, problem } = readTrace(bytes);
  if (trace === null) return { store: null, problem };
  const usable = writeTrace({ ...trace, footer: trace.footer });
  return { store: new Store(usable, walkFrames(usable).frames), problem };
}

function isEvents({ type }: Frame): boolean {
  return type === FrameType.events || type === packedEvents;
}

/** The order that `Store` leans on; whoever made the file, sums that fit do not promise it. */
function hasOrder(frames: readonly Frame[], isChecked: boolean): boolean {
  const { header, start, snapshot, events } = FrameType;
  const types = frames.map(({ type }) => type);
  if (types[0] !== header || types[1] !== start || types[2] !== snapshot) return false;
  // Only we write packed blocks, and each snapshot among them stands before the block it begins.
  if (types.includes(packedEvents)) return isChecked;
  return types.slice(3, -1).every((type, i) => type === (i % 2 === 0 ? events : snapshot));
}
