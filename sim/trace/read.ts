/** Reads a trace. Whatever the bytes are, the answer is what can be used, and what is wrong. */
import { Decoder } from '@msgpack/msgpack';
import type { z } from 'zod';
import { checksum, frameHead, frameNames, FrameType, magic } from './container.ts';
import { Assembly } from './assembly.ts';
import { foreignFile } from './foreign.ts';
import { footerSchema, formatVersion, headerSchema, snapshotSchema } from './format.ts';
import { startSchema, type Trace } from './format.ts';
import { issueText } from './issue.ts';
import { scan } from './scan.ts';

export interface ReadResult {
  /** Null when not even the beginning could be read. */
  readonly trace: Trace | null;
  /** A sentence with the byte where it broke and what is left; null when all is well. */
  readonly problem: string | null;
}

/** The whole trace, or its usable beginning and what is wrong with the rest. Never throws. */
export function readTrace(bytes: Uint8Array): ReadResult {
  const foreign = foreignFile(bytes);
  if (foreign !== null) return { trace: null, problem: foreign };
  const assembly = new Assembly();
  let at = magic.length;
  let problem: string | null = null;
  while (problem === null && !assembly.complete) {
    const found = readFrame(bytes, at);
    problem = typeof found === 'string' ? found : accept(assembly, found);
    if (problem !== null) problem = `${problem}; ${assembly.usable}`;
    else if (typeof found !== 'string') at = found.end;
  }
  if (problem === null && at < bytes.length) {
    problem = `damaged at byte ${at}: ${bytes.length - at} bytes follow the end of the trace`;
    problem = `${problem}; ${assembly.usable}`;
  }
  return { trace: assembly.trace, problem };
}

interface Frame {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  readonly payload: Uint8Array;
}

function readFrame(bytes: Uint8Array, start: number): Frame | string {
  const left = bytes.length - start;
  const end = `truncated at byte ${bytes.length}`;
  if (left === 0) return `${end}: the run's end is missing`;
  const type = bytes[start] as number;
  const name = frameNames[type] ?? '';
  if (left < frameHead) return `${end}: a frame begins at byte ${start} and is cut off`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(start + 1, true);
  const missing = length - (left - frameHead);
  if (missing > 0) {
    return `${end}: the ${name} frame at byte ${start} lacks ${missing} of its ${length} bytes`;
  }
  const stored = view.getUint32(start + 5, true);
  const computed = checksum(bytes, start, start + frameHead + length);
  if (stored !== computed) {
    const hex = (sum: number) => sum.toString(16).padStart(8, '0');
    return (
      `damaged at byte ${start}: the checksum of the ${name} frame is ${hex(computed)}, ` +
      `not ${hex(stored)}`
    );
  }
  const payload = bytes.subarray(start + frameHead, start + frameHead + length);
  return { type, start, end: start + frameHead + length, payload };
}

function accept(assembly: Assembly, { type, start, payload }: Frame): string | null {
  const problem = acceptPayload(assembly, type, payload);
  return problem === null ? null : `damaged at byte ${start}: ${problem}`;
}

function acceptPayload(assembly: Assembly, type: number, payload: Uint8Array): string | null {
  const name = frameNames[type] ?? '';
  if (name === '') return `there is no frame of type ${type}`;
  if (!assembly.expects(type)) return `a ${name} frame has no place here`;
  const { value, problem } = decode(payload);
  if (problem !== null) return `in the ${name} frame ${problem}`;
  switch (type) {
    case FrameType.header: {
      const version = versionOf(value);
      if (version !== formatVersion && version !== null) {
        return `it is a trace of format ${version}, this version reads format ${formatVersion}`;
      }
      return check(headerSchema, value, name, (header) => assembly.header(header));
    }
    case FrameType.start:
      return check(startSchema, value, name, (begin) => assembly.start(begin));
    case FrameType.snapshot:
      return check(snapshotSchema, value, name, (snapshot) => assembly.snapshot(snapshot));
    case FrameType.events:
      return assembly.events(value);
    default:
      return check(footerSchema, value, name, (footer) => assembly.footer(footer));
  }
}

/** A decoder throws on what the scan cannot see, such as a field named __proto__. */
function decode(payload: Uint8Array): { value: unknown; problem: string | null } {
  const problem = scan(payload);
  if (problem !== null) return { value: null, problem };
  try {
    return { value: new Decoder().decode(payload), problem: null };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { value: null, problem: `a value cannot be decoded (${text})` };
  }
}

function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  name: string,
  use: (value: T) => string | null,
): string | null {
  const parsed = schema.safeParse(value);
  // The value itself: a copy of zod's has its fields in another order.
  return parsed.success ? use(value as T) : issueText(name, parsed.error);
}

function versionOf(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const { format } = value as { format?: unknown };
  return typeof format === 'number' ? format : null;
}
