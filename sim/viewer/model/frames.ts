/** Walks the frames of a trace file without decoding them: where the blocks of events lie. */
import { checksum, frameHead, frameNames, FrameType, magic } from '../../trace/container.ts';

/** The type of a frame that only pages have: a block of events as `pack.ts` writes it. */
export const packedEvents = 16;

/** One frame: its payload lies in [start, end) of the file. */
export interface Frame {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

export interface Walk {
  readonly frames: readonly Frame[];
  /** Whether the file ends with a footer and every length in it is honest. */
  readonly isWhole: boolean;
}

/** The frames of a file as far as their lengths lead; checksums are not looked at. */
export function walkFrames(bytes: Uint8Array): Walk {
  const frames: Frame[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = magic.length;
  if (!magic.every((byte, i) => bytes[i] === byte)) return { frames, isWhole: false };
  while (at + frameHead <= bytes.length) {
    const type = bytes[at] as number;
    const start = at + frameHead;
    const end = start + view.getUint32(at + 1, true);
    const isKnown = type === packedEvents || (frameNames[type] ?? '') !== '';
    if (end > bytes.length || !isKnown) return { frames, isWhole: false };
    frames.push({ type, start, end });
    at = end;
  }
  const isWhole = at === bytes.length && frames.at(-1)?.type === FrameType.footer;
  return { frames, isWhole };
}

/** Whether a frame's checksum fits its bytes. */
export function isSound(bytes: Uint8Array, { start, end }: Frame): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(start - 4, true) === checksum(bytes, start - frameHead, end);
}
