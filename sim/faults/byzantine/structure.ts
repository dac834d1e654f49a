/**
 * Messages as structure: their fields by path (`entries.0.term`), read and replaced. Lies are made
 * from what the correct code sends, so a liar needs to know nothing of its protocol.
 */
import { EventKind, isForkable, type Payload, type PendingEvent } from '../../engine/index.ts';

export type Scalar = string | number | boolean | null;

/** A field of a message; `name` is the last word of its path that is no position in a list. */
export interface Field<T> {
  readonly path: string;
  readonly name: string;
  readonly value: T;
}

/** Messages may be large (a snapshot): so many fields are looked at. */
const MOST_FIELDS = 200;

/** The numbers that say what a message is about: lies that keep them look like the truth. */
const POSITIONS =
  /^(?:n|seq|.*(?:view|term|sequence|number|index|slot|round|ballot|epoch|height|timestamp))$/i;

export function isPosition(name: string): boolean {
  return POSITIONS.test(name);
}

/** Whether a payload may be altered: messages between nodes, and answers to clients. */
export function isAlterable({ kind }: PendingEvent): boolean {
  return kind === EventKind.message || kind === EventKind.response;
}

/** What kind of message it is: a message's type; of answers `ok`, or the error's code. */
export function typeOf(payload: Payload): string {
  const { type, response } = payload as { type?: string; response?: { type: string } };
  return type ?? response?.type ?? '';
}

/** The texts, numbers, booleans and nulls in a payload, signatures left out; in its own order. */
export function leavesOf(payload: Payload): Field<Scalar>[] {
  const found: Field<Scalar>[] = [];
  visit(payload, '', '', (path, name, value) => {
    if (isScalar(value) && !isEnvelope(payload, path)) found.push({ path, name, value });
  });
  return found;
}

/** The lists in a payload that are not empty. */
export function listsOf(payload: Payload): Field<readonly unknown[]>[] {
  const found: Field<readonly unknown[]>[] = [];
  visit(payload, '', '', (path, name, value) => {
    if (Array.isArray(value) && value.length > 0) found.push({ path, name, value });
  });
  return found;
}

/** Undefined when there is no such field. */
export function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A copy in which one field, which must be there, has another value. */
export function withValue<T>(root: T, path: string, value: unknown): T {
  const [key = '', ...rest] = path.split('.');
  const inner = (root as Record<string, unknown>)[key];
  const next = rest.length === 0 ? value : withValue(inner, rest.join('.'), value);
  if (Array.isArray(root)) return root.with(Number(key), next) as T;
  return { ...root, [key]: next };
}

/**
 * The first message with the content of the second: the fields that say what it is about stay as
 * they are, and so do the sender's name and its signatures. So a proposal for position 5 proposes
 * what was proposed for position 4.
 */
export function withContentOf<T extends object>(message: T, other: object, self: string): T {
  const mixed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    const isPlace = typeof value === 'number' && isPosition(name);
    const stays = name === 'type' || value === self || isPlace || isSeal(value);
    const theirs = (other as Record<string, unknown>)[name];
    mixed[name] = stays || theirs === undefined ? value : theirs;
  }
  return mixed as T;
}

export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [one, other] = [Object.entries(a), Object.entries(b)];
  if (one.length !== other.length || Array.isArray(a) !== Array.isArray(b)) return false;
  return one.every(
    ([key, value]) => Object.hasOwn(b, key) && isEqual(value, (b as Record<string, unknown>)[key]),
  );
}

/** `{ signer, tag }`: what effects.sign gives. */
export function isSignature(value: unknown): value is { signer: string; tag: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { signer, tag } = value as { signer?: unknown; tag?: unknown };
  return typeof signer === 'string' && typeof tag === 'number';
}

/** A signature, or several and nothing else (an authenticator: one for each receiver). */
function isSeal(value: unknown): boolean {
  if (isSignature(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const parts = Object.values(value);
  return parts.length > 0 && parts.every(isSeal);
}

type Visitor = (path: string, name: string, value: unknown) => void;

function visit(value: unknown, path: string, name: string, visitor: Visitor): void {
  let left = MOST_FIELDS;
  const enter = (inside: object, at: string, called: string) => {
    for (const [key, item] of Object.entries(inside)) {
      if (left-- <= 0) return;
      const itemName = Array.isArray(inside) ? called : key;
      const itemPath = at === '' ? key : `${at}.${key}`;
      visitor(itemPath, itemName, item);
      const isPlain = typeof item === 'object' && item !== null && !isForkable(item as object);
      if (isPlain && !isSignature(item)) enter(item as object, itemPath, itemName);
    }
  };
  if (typeof value === 'object' && value !== null) enter(value, path, name);
}

/** What the handling of a payload depends on: its type; an answer's number and how it ended. */
function isEnvelope(payload: Payload, path: string): boolean {
  if (path === 'type') return true;
  const isAnswer = payload !== null && 'response' in payload;
  return isAnswer && !path.startsWith('response.value') && !path.startsWith('response.hint');
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
