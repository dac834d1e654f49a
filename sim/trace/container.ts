/** The container of a trace: a magic number, then frames, each with its length and its checksum. */

/** As PNG does: a byte above 127, a name, and line ends that a careless copy would convert. */
export const magic = Uint8Array.of(0x89, 0x53, 0x43, 0x48, 0x0d, 0x0a, 0x1a, 0x0a);

export const FrameType = { header: 1, start: 2, snapshot: 3, events: 4, footer: 5 } as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];

export const frameNames: readonly string[] = [
  '',
  'header',
  'start',
  'snapshot',
  'events',
  'footer',
];

/** Bytes before a frame's payload: type (1), length of the payload (4), checksum (4). */
export const frameHead = 9;

/** One frame, ready to be written; `type` is one of `FrameType`, except in a page of the viewer. */
export function frame(type: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frameHead + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = type;
  view.setUint32(1, payload.length, true);
  bytes.set(payload, frameHead);
  view.setUint32(5, checksum(bytes, 0, bytes.length), true);
  return bytes;
}

/** The CRC-32 over type, length and payload of the frame that lies in [from, to). */
export function checksum(bytes: Uint8Array, from: number, to: number): number {
  return (
    (update(update(0xffff_ffff, bytes, from, from + 5), bytes, from + frameHead, to) ^ -1) >>> 0
  );
}

function update(before: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = before;
  for (let i = from; i < to; i++) {
    crc = (table[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return crc;
}

/** The CRC-32 of zlib and PNG: reflected, polynomial 0xedb88320. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});
