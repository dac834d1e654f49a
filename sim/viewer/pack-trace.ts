/** Packs a trace for a page: blocks of events as columns, and few of its snapshots. */
import { Decoder, Encoder } from '@msgpack/msgpack';
import { frame, frameHead, FrameType, magic } from '../trace/container.ts';
import type { TraceEvent } from '../trace/format.ts';
import { maxDepth } from '../trace/scan.ts';
import { joinParts } from '../trace/write.ts';
import { packedEvents, walkFrames } from './model/frames.ts';
import { packBlock, unpackBlock, type PackedBlock } from './model/pack.ts';

/** One snapshot in so many is kept; the page makes the others when it has come that far. */
const APART = 40;

/**
 * A whole and sound trace in a fifth to a tenth of its bytes. One whose events would not come back
 * byte for byte, such as one with its fields in another order than ours, stays as it is.
 */
export function packTrace(bytes: Uint8Array): Uint8Array {
  const { frames } = walkFrames(bytes);
  const lastSnapshot = frames.findLastIndex(({ type }) => type === FrameType.snapshot);
  const parts: Uint8Array[] = [magic];
  let snapshots = 0;
  for (const [i, one] of frames.entries()) {
    if (one.type === FrameType.events) {
      const packed = packedFrame(bytes.subarray(one.start, one.end));
      if (packed === null) return bytes;
      parts.push(packed);
    } else if (one.type !== FrameType.snapshot || isKept(snapshots++, i)) {
      parts.push(bytes.subarray(one.start - frameHead, one.end));
    }
  }
  return joinParts(parts);

  // The last one, because a page opens at the violation, and that is the end.
  function isKept(number: number, i: number): boolean {
    return number % APART === 0 || i === lastSnapshot;
  }
}

function packedFrame(payload: Uint8Array): Uint8Array | null {
  const encoder = new Encoder({ ignoreUndefined: true, maxDepth });
  const block = packBlock(new Decoder().decode(payload) as TraceEvent[]);
  const bytes = encoder.encode(block);
  const back = unpackBlock(new Decoder().decode(bytes) as PackedBlock);
  return isSame(encoder.encode(back), payload) ? frame(packedEvents, bytes) : null;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
