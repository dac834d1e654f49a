/** What clients ask: transactions of reads, writes and appends; and where each key lives. */
import { finish, mixString } from '../../sim/engine/hash.ts';
import type { Command, NodeId, Plain } from '../../sim/engine/protocol.ts';

/** One step: append to a list, write, or read (with null for the answer). */
export type Step = readonly [kind: 'append' | 'w' | 'r', key: string, value: Plain];

/** Keys that were placed by hand; every other one lives where its hash says. */
export type Placement = { readonly [key: string]: NodeId };

/**
 * The steps of a command: `txn` as the store has it, or with its steps as a script writes them
 * (`ops=r:x,append:y:1`); `get` and `put` are transactions of one step. Null: no transaction.
 */
export function stepsOf(command: Command): readonly Step[] | null {
  const { type, key, value, ops } = command;
  if (type === 'txn') return typeof ops === 'string' ? parseSteps(ops) : stepsIn(ops);
  if (typeof key !== 'string') return null;
  if (type === 'get') return [['r', key, null]];
  return type === 'put' ? [['w', key, value ?? null]] : null;
}

/** What a client hears: `values` has what each step read, and null for the others. */
export function answerTo(command: string, steps: readonly Step[], values: readonly Plain[]): Plain {
  if (command === 'get') return values[0] ?? null;
  if (command === 'put') return null;
  return Object.freeze(
    steps.map((step, i): Step =>
      step[0] === 'r' ? Object.freeze(['r', step[1], values[i] ?? null] as const) : step,
    ),
  );
}

/** What a key holds after a step; null: the step does not fit what is there. */
export function after([kind, , value]: Step, held: Plain): Plain | undefined {
  if (kind === 'r') return held;
  if (kind === 'w') return value;
  if (held !== null && !Array.isArray(held)) return undefined;
  return Object.freeze([...((held ?? []) as readonly Plain[]), value]);
}

export function writes([kind]: Step): boolean {
  return kind !== 'r';
}

/** The shard of a key: by hand, else by its hash. */
export function shardOf(key: string, shards: readonly NodeId[], placement: Placement): NodeId {
  const placed = placement[key];
  if (placed !== undefined) return placed;
  return shards[(finish(mixString(17, key)) >>> 0) % shards.length] as NodeId;
}

function stepsIn(ops: unknown): readonly Step[] | null {
  if (!Array.isArray(ops) || ops.length === 0) return null;
  const isStep = (op: unknown): op is Step =>
    Array.isArray(op) &&
    ['append', 'w', 'r'].includes(op[0] as string) &&
    typeof op[1] === 'string';
  return ops.every(isStep) ? ops : null;
}

/** `r:x,append:y:1,w:z:2` */
function parseSteps(text: string): readonly Step[] | null {
  return stepsIn(
    text.split(',').map((word) => {
      const [kind, key, value] = word.split(':');
      if (value === undefined) return [kind, key, null];
      return [kind, key, /^-?\d{1,15}$/.test(value) ? Number(value) : value];
    }),
  );
}
