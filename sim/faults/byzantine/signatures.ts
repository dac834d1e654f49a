/**
 * Signatures in a message that was altered. A liar holds its own secret and those of its colluders,
 * so these sign the lie; all others stay as they were and do not verify, or are copies of
 * signatures that their owners have made.
 */
import { finish, mix, signAs, type Plain, type World } from '../../engine/index.ts';
import type { Memory } from './memory.ts';
import { isEqual, isSignature, valueAt } from './structure.ts';

export interface Signers {
  readonly memory: Memory;
  /** The ids of the nodes whose secrets the liar holds. */
  readonly owned: readonly string[];
}

/**
 * `after` with every signature of an owned signer over what the message says now, and with made-up
 * tags where a signature claims what its signer has never signed. `spoilt` is the path of the one
 * field that was altered: a signature that is itself the lie stays as it is.
 */
export function resigned<T>(
  world: World,
  { memory, owned }: Signers,
  before: unknown,
  after: T,
  spoilt = '',
): T {
  const renew = (value: unknown, path: string, enclosing: unknown, was: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (!isSignature(value)) {
      const parts = Object.entries(value).map(([key, item]) => {
        const inner = path === '' ? key : `${path}.${key}`;
        return [key, renew(item, inner, value, valueAt(was, key))] as const;
      });
      if (parts.every(([key, item]) => item === (value as Record<string, unknown>)[key])) {
        return value;
      }
      return Array.isArray(value) ? parts.map(([, item]) => item) : Object.fromEntries(parts);
    }
    const payload = memory.signedBy(value);
    const isTheLie = spoilt !== '' && spoilt.startsWith(path);
    if (!owned.includes(value.signer)) return payload === undefined ? madeUp(value) : value;
    if (payload === undefined || isTheLie) return value;
    const old = valueAt(before, path.replace(/\.?[^.]*$/, '')) ?? before;
    const said = translated(payload, [
      [old, enclosing],
      [before, after],
    ]);
    if (isEqual(said, payload)) return value;
    const signature = signAs(world, value.signer, said);
    memory.signed(signature, said);
    return { ...value, ...signature };
  };
  return renew(after, '', after, before) as T;
}

type Pair = readonly [before: unknown, after: unknown];

/**
 * What was signed, in terms of the altered message: parts that were copied from it by value under
 * the same name, in the same order, or as a whole, are copied again.
 */
function translated(payload: Plain, pairs: readonly Pair[]): Plain {
  for (const [before, after] of pairs) {
    if (isEqual(payload, unsigned(before))) return unsigned(after) as Plain;
  }
  if (Array.isArray(payload)) {
    const cursor = { at: 0 };
    return payload.map((item: Plain) => counterpart(item, null, pairs, cursor)) as Plain;
  }
  if (typeof payload !== 'object' || payload === null) return payload;
  return Object.fromEntries(
    Object.entries(payload).map(([name, item]) => [
      name,
      item === undefined ? item : counterpart(item, name, pairs, { at: 0 }),
    ]),
  ) as Plain;
}

/**
 * A field of the messages with this value (and this name, if one is given), as it is now. Of
 * several with one value the next behind the last that was found: lists follow their fields.
 */
function counterpart(
  value: Plain,
  name: string | null,
  pairs: readonly Pair[],
  cursor: { at: number },
): Plain {
  for (const [before, after] of pairs) {
    if (typeof before !== 'object' || before === null) continue;
    const fields = Object.entries(before);
    for (let i = 0; i < fields.length; i++) {
      const at = (cursor.at + i) % fields.length;
      const [field, was] = fields[at] as [string, unknown];
      if ((name !== null && field !== name) || !isEqual(unsigned(was), value)) continue;
      const now = valueAt(after, field);
      if (now === undefined) continue;
      cursor.at = at + 1;
      return unsigned(now) as Plain;
    }
  }
  const isNested = typeof value === 'object' && value !== null;
  return isNested ? translated(value, pairs) : value;
}

/** Without the signatures directly in it. */
function unsigned(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => !isSignature(item)));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nobody can guess a tag: whatever was written there is not one. */
function madeUp<S extends { tag: number }>(signature: S): S {
  return { ...signature, tag: finish(mix(0x666f7267, signature.tag)) };
}
