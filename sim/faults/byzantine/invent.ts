/** Lies made up from the structure of a message. Each takes what it needs from its context. */
import type { Plain } from '../../engine/index.ts';
import type { BehaviourName, Tell } from '../fault.ts';
import type { LieContext } from './context.ts';
import { isPosition, isSignature, listsOf, typeOf, withContentOf } from './structure.ts';
import type { Field, Scalar } from './structure.ts';

type Invention = (context: LieContext) => Tell | null;

const VIEW_CHANGE = /view|vote|elect|promise|ballot|epoch|leader|round/i;
const STATE_TRANSFER = /snapshot|state|checkpoint|transfer|install|fetch/i;
const STATE = /data|state|snapshot|checkpoint|digest|value/i;

/** A flood is so far ahead, at least. */
const FAR = 1000;

/** Null of what a message of this shape cannot be made to say. */
export function invented(name: BehaviourName, context: LieContext): Tell | null {
  return (inventions as Partial<Record<BehaviourName, Invention>>)[name]?.(context) ?? null;
}

export const inventions = {
  equivocate: (context) => otherContent(context),

  /** Refusals become consent; what is no yes or no is said in two ways. */
  'double-vote'(context) {
    const refusals = context.leaves.filter(({ value }) => value === false);
    const refusal = context.pick(refusals);
    if (refusal !== null) return { field: refusal.path, value: true };
    const other = otherContent(context);
    return other === null ? null : { ...other, also: true };
  },

  corrupt(context) {
    const leaf = context.pick(context.leaves);
    return leaf === null ? null : otherValue(context, leaf);
  },

  replay(context) {
    const old = context.pick(context.earlier);
    if (old === null) return null;
    const tell = { instead: old.payload as Plain };
    return context.draw(2) === 0 ? tell : { ...tell, also: true };
  },

  'old-value'(context) {
    const changed = context.leaves.flatMap((leaf) => {
      const values = context.valuesOf(leaf);
      return values.length === 0 ? [] : [{ field: leaf.path, value: values[0] as Plain }];
    });
    return context.pick(changed);
  },

  'stale-certificate'(context) {
    const stale = listsOf(context.payload).flatMap((list) => {
      const older = context.valuesOf(list).filter((value) => Array.isArray(value));
      return older.length === 0 ? [] : [{ field: list.path, value: older[0] as Plain }];
    });
    return context.pick(stale);
  },

  forge(context) {
    const other = context.pick(context.others);
    const own = context.pick(context.leaves.filter(({ value }) => value === context.self));
    if (other === null) return null;
    const signer = signaturesOf(context.payload)[0];
    if (signer !== undefined) return { field: joined(signer, 'signer'), value: other };
    return own === null ? null : { field: own.path, value: other };
  },

  'partial-mac'(context) {
    const signature = context.pick(signaturesOf(context.payload));
    return signature === null ? null : { field: joined(signature, 'tag'), add: 1 };
  },

  'lying-view-change'(context) {
    if (!VIEW_CHANGE.test(typeOf(context.payload))) return null;
    const list = context.pick(listsOf(context.payload));
    if (list !== null && context.draw(2) === 0) {
      const kept = context.draw(2) === 0 ? [] : list.value.slice(0, -1);
      return { field: list.path, value: kept as Plain };
    }
    const leaf = context.pick(context.leaves);
    return leaf === null ? null : otherValue(context, leaf);
  },

  'bad-state-transfer'(context) {
    const isTransfer = STATE_TRANSFER.test(typeOf(context.payload));
    const leaves = context.leaves.filter(({ name }) => isTransfer || STATE.test(name));
    const leaf = context.pick(leaves.filter(({ name }) => !isPosition(name)));
    return leaf === null ? null : otherValue(context, leaf);
  },

  flood(context) {
    const ahead = context.leaves.filter(
      ({ name, value }) => typeof value === 'number' && isPosition(name),
    );
    const leaf = context.pick(ahead);
    if (leaf === null) return null;
    return { field: leaf.path, add: FAR * (1 + context.draw(9)), also: true };
  },

  own(context) {
    const message = context.pick(context.own());
    return message === null ? null : { instead: message as unknown as Plain };
  },
} satisfies Partial<Record<BehaviourName, Invention>>;

/** What was said elsewhere about this place; or one field, rather not a number of a place. */
function otherContent(context: LieContext): Tell | null {
  const { payload, self } = context;
  const mixed = context.earlier
    .map((seen) => withContentOf(payload as object, seen.payload as object, self))
    .filter((candidate) => JSON.stringify(candidate) !== JSON.stringify(payload));
  const other = context.pick(mixed);
  if (other !== null) return { instead: other as Plain };
  const contents = context.leaves.filter(({ name, value }) => {
    return !(typeof value === 'number' && isPosition(name)) && value !== context.self;
  });
  const leaf = context.pick(contents) ?? context.pick(context.leaves);
  return leaf === null ? null : otherValue(context, leaf);
}

/** By a small step, or as another message had it. */
function otherValue(context: LieContext, leaf: Field<Scalar>): Tell | null {
  const { path, value } = leaf;
  const known = context.pick(context.valuesOf(leaf));
  if (known !== null && context.draw(2) === 0) return { field: path, value: known as Plain };
  switch (typeof value) {
    case 'number':
      return { field: path, add: context.draw(2) === 0 ? 1 : -1 };
    case 'boolean':
      return { field: path, value: !value };
    case 'string': {
      const isNode = context.world.nodeIds.includes(value);
      const other = isNode ? context.pick(nodesBut(context, value)) : damaged(value);
      return other === null ? null : { field: path, value: other };
    }
    default:
      return known === null ? null : { field: path, value: known as Plain };
  }
}

function nodesBut(context: LieContext, node: string): readonly string[] {
  return context.world.nodeIds.filter((id) => id !== node);
}

/** One character of a digest, or of any text, is another. */
function damaged(text: string): string {
  const last = text.at(-1) ?? '';
  const code = last.charCodeAt(0);
  const next = /[0-8a-eA-Y]/.test(last) ? String.fromCharCode(code + 1) : last === 'f' ? '0' : '1';
  return `${text.slice(0, -1)}${next}`;
}

/** The paths of the signatures in a payload. */
function signaturesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isSignature(value)) return [path];
  return Object.entries(value).flatMap(([key, item]) => signaturesOf(item, joined(path, key)));
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
