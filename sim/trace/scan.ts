/**
 * Looks through a MessagePack value before a decoder is let near it: afterwards every length is
 * known to be honest, the nesting bounded, and nothing but plain data inside.
 */

/** How deep values may be nested in a trace; writers refuse deeper ones. */
export const maxDepth = 100;

/** Null when the bytes are exactly one value; else what is wrong with them. */
export function scan(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** How many values each open list or map still waits for. */
  const open: number[] = [];
  let owed = 1;
  let at = 0;
  while (owed > 0) {
    if (at >= bytes.length) return 'the value ends too early';
    const tag = bytes[at] as number;
    const { head, body, items } = extent(view, at, tag);
    if (head === 0) return `byte 0x${tag.toString(16)} begins nothing that a trace may hold`;
    at += head + body;
    if (at > bytes.length) return 'the value ends too early';
    owed += items - 1;
    // Every value takes a byte at least.
    if (owed > bytes.length - at) return 'a list or map claims more values than there are bytes';
    while (open.at(-1) === 0) open.pop();
    if (open.length > 0) open.push((open.pop() as number) - 1);
    if (items > 0) open.push(items);
    if (open.length > maxDepth) return `values are nested more than ${maxDepth} deep`;
  }
  return at === bytes.length ? null : 'there are bytes behind the value';
}

interface Extent {
  /** Bytes of the tag and its length; 0: not allowed. */
  readonly head: number;
  /** Bytes of the content. */
  readonly body: number;
  /** Values that follow as content. */
  readonly items: number;
}

const forbidden: Extent = { head: 0, body: 0, items: 0 };

function extent(view: DataView, at: number, tag: number): Extent {
  if (tag <= 0x7f || tag >= 0xe0) return { head: 1, body: 0, items: 0 };
  if (tag <= 0x8f) return { head: 1, body: 0, items: 2 * (tag & 0x0f) };
  if (tag <= 0x9f) return { head: 1, body: 0, items: tag & 0x0f };
  if (tag <= 0xbf) return { head: 1, body: tag & 0x1f, items: 0 };
  if (tag === 0xc0 || tag === 0xc2 || tag === 0xc3) return { head: 1, body: 0, items: 0 };
  if (tag === 0xca) return { head: 1, body: 4, items: 0 };
  if (tag === 0xcb) return { head: 1, body: 8, items: 0 };
  // Integers of 1, 2, 4 and 8 bytes, first unsigned, then signed.
  if (tag >= 0xcc && tag <= 0xd3) return { head: 1, body: 1 << ((tag - 0xcc) & 3), items: 0 };
  if (tag >= 0xd9 && tag <= 0xdb) {
    const width = 1 << (tag - 0xd9);
    return { head: 1 + width, body: lengthAt(view, at + 1, width), items: 0 };
  }
  if (tag >= 0xdc) {
    const width = tag & 1 ? 4 : 2;
    const length = lengthAt(view, at + 1, width);
    return { head: 1 + width, body: 0, items: tag >= 0xde ? 2 * length : length };
  }
  return forbidden;
}

/** An unsigned integer; 0 where the bytes end, which the caller notices by itself. */
function lengthAt(view: DataView, at: number, width: number): number {
  if (at + width > view.byteLength) return 0;
  if (width === 1) return view.getUint8(at);
  return width === 2 ? view.getUint16(at) : view.getUint32(at);
}
