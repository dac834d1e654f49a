/** Cuts the end out of a long trace: what a page holds when the whole would be too large. */
import { frameHead, FrameType, magic } from '../trace/container.ts';
import { joinParts } from '../trace/write.ts';
import { isSound, walkFrames } from './model/frames.ts';

/** So many events are put into a page; of longer runs the last ones. */
export const EMBEDDED = 300_000;

/** Whether nothing of a file is missing or damaged, by its lengths and checksums. */
export function isWholeAndSound(bytes: Uint8Array): boolean {
  const { frames, isWhole } = walkFrames(bytes);
  return isWhole && frames.every((one) => isSound(bytes, one));
}

/**
 * The last `most` events of a trace (in whole blocks of 500), with the snapshot before them; the
 * trace itself when it is short enough, or damaged (its reader knows what to do with it).
 */
export function lastEvents(bytes: Uint8Array, most = EMBEDDED): Uint8Array {
  const { frames } = walkFrames(bytes);
  const blocks = frames.filter(({ type }) => type === FrameType.events);
  const keep = Math.ceil(most / 500);
  if (blocks.length <= keep || !isWholeAndSound(bytes)) return bytes;
  const first = blocks[blocks.length - keep];
  const at = frames.findIndex((one) => one === first) - 1;
  const parts = [magic, ...[...frames.slice(0, 2), ...frames.slice(at)].map(cut)];
  return joinParts(parts);

  function cut({ start, end }: { readonly start: number; readonly end: number }): Uint8Array {
    return bytes.subarray(start - frameHead, end);
  }
}
