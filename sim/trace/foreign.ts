/** Says what a file is that is not a trace, as far as its first bytes tell. */
import { magic } from './container.ts';

/** Null when the bytes begin like a trace. */
export function foreignFile(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, magic.length);
  if (head.every((byte, i) => byte === magic[i])) {
    if (head.length === magic.length) return null;
    if (head.length > 0) return `truncated at byte ${head.length}: nothing of the trace is left`;
  }
  return `not a trace (at byte ${firstDifference(head)}): ${describe(bytes, head)}`;
}

function firstDifference(head: Uint8Array): number {
  const at = head.findIndex((byte, i) => byte !== magic[i]);
  return at < 0 ? head.length : at;
}

function describe(bytes: Uint8Array, head: Uint8Array): string {
  if (bytes.length === 0) return 'the file is empty';
  if (begins(head, [0x1f, 0x8b])) return 'the file is compressed by gzip; decompress it first';
  if (begins(head, [0x50, 0x4b, 3, 4])) return 'the file is a zip archive; unpack it first';
  if (begins(head, [0x89, 0x53, 0x43, 0x48, 0x0a]) || begins(head, [0xef, 0xbf, 0xbd])) {
    return 'the file was copied as text, which changed its bytes; copy it as binary';
  }
  const text = String.fromCharCode(...bytes.subarray(0, 24));
  if (/^\s*[{[]/.test(text)) return 'the file looks like JSON';
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) {
    const [line = ''] = text.trimStart().split('\n');
    return `the file is text and begins with "${line.trim()}"`;
  }
  const shown = Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `the file begins with the bytes ${shown}`;
}

function begins(head: Uint8Array, prefix: readonly number[]): boolean {
  return head.length >= prefix.length && prefix.every((byte, i) => head[i] === byte);
}
