/** Large histories from a seed, for measuring the checkers. All are correct by construction. */
import type { History, Operation } from '../../sim/history/operation.ts';
import type { MicroOperation } from '../../sim/history/vocabulary.ts';
import { randomFrom } from '../history/random.ts';

/** Runs clients against one object; every operation takes effect at one moment while open. */
function run(
  seed: number,
  clients: number,
  operations: number,
  next: (random: (bound: number) => number, count: number) => unknown,
  apply: (input: never) => unknown,
  crashes = 0,
): History {
  const random = randomFrom(seed);
  const history: Operation[] = [];
  const open: { slot: number; output: unknown; isApplied: boolean }[] = [];
  const idle = Array.from({ length: clients }, (_, client) => client);
  const every = crashes === 0 ? Infinity : Math.floor(operations / crashes);
  let fresh = clients;
  let time = 0;
  while (history.length < operations || open.length > 0) {
    time += 1;
    const at = random(clients);
    if (at >= open.length && history.length < operations && idle.length > 0) {
      const client = idle.splice(random(idle.length), 1)[0] ?? 0;
      const input = next(random, history.length);
      const base = { client: `c${client}`, input, invokedAt: time };
      const isWrite = (input as { type: string }).type === 'write';
      const isCrash = crashes > 0 && history.length % every === every - 1;
      if (isCrash) {
        // Only writes crash here; it takes effect at once, and the client gets a new name.
        const write = isWrite ? input : { type: 'write', value: random(5) };
        if (random(2) === 0) apply(write as never);
        history.push({ ...base, input: write, outcome: 'info', completedAt: null });
        idle.push(fresh);
        fresh += 1;
        continue;
      }
      history.push({ ...base, outcome: 'info', completedAt: null });
      open.push({ slot: history.length - 1, output: undefined, isApplied: false });
      continue;
    }
    const operation = open[at];
    if (operation === undefined) continue;
    const started = history[operation.slot];
    if (started === undefined) continue;
    if (!operation.isApplied) {
      operation.isApplied = true;
      operation.output = apply(started.input as never);
      if (random(2) === 0) continue;
    }
    const { output } = operation;
    history[operation.slot] = { ...started, outcome: 'ok', output, completedAt: time };
    open.splice(at, 1);
    idle.push(Number(started.client.slice(1)));
  }
  return history;
}

/** Reads, writes and compare-and-swaps of one register; `values` 0 means unique values. */
export function registerHistory(
  seed: number,
  clients: number,
  operations: number,
  values: number,
  crashes = 0,
): History {
  let held: unknown = null;
  const next = (random: (bound: number) => number, count: number): unknown => {
    const value = values === 0 ? count + 1 : random(values);
    const roll = random(4);
    if (roll < 2) return { type: 'read' };
    if (roll === 2) return { type: 'write', value };
    const from = values === 0 ? held : random(values);
    return { type: 'cas', from, to: value };
  };
  const apply = (input: { type: string; value: unknown; from: unknown; to: unknown }): unknown => {
    if (input.type === 'read') return held;
    if (input.type === 'write') {
      held = input.value;
      return null;
    }
    if (held !== input.from) return { swapped: false, saw: held };
    held = input.to;
    return { swapped: true };
  };
  return run(seed, clients, operations, next, apply, crashes);
}

/** Changes the answer of the last read, so that the history is invalid (or all but surely so). */
export function spoil(history: History): History {
  const index = history.findLastIndex(({ input }) => (input as { type: string }).type === 'read');
  const output = history.find(({ input }) => (input as { type: string }).type === 'write');
  const value = (output?.input as { value?: unknown } | undefined)?.value ?? null;
  return history.map((operation, i) => (i === index ? { ...operation, output: value } : operation));
}

/** Transactions of list appends and reads over a window of keys that moves on. */
export function listAppendHistory(seed: number, clients: number, count: number): History {
  const lists = new Map<string, number[]>();
  let element = 0;
  const next = (random: (bound: number) => number, index: number): unknown => ({
    type: 'txn',
    ops: Array.from({ length: 1 + random(4) }, (): MicroOperation => {
      const key = `k${Math.floor(index / 40) + random(10)}`;
      element += 1;
      return random(2) === 0 ? ['r', key, null] : ['append', key, element];
    }),
  });
  const apply = (input: { ops: readonly MicroOperation[] }): unknown =>
    input.ops.map((op): MicroOperation => {
      const list = lists.get(op[1]) ?? [];
      if (op[0] === 'r') return ['r', op[1], [...list]];
      lists.set(op[1], list);
      list.push(op[2] as number);
      return op;
    });
  return run(seed, clients, count, next, apply);
}

/** Transactions that write unique values and read. */
export function readWriteHistory(seed: number, clients: number, count: number): History {
  const values = new Map<string, number>();
  let value = 0;
  const next = (random: (bound: number) => number): unknown => ({
    type: 'txn',
    ops: Array.from({ length: 8 }, (): MicroOperation => {
      const key = `k${random(100)}`;
      value += 1;
      return random(2) === 0 ? ['r', key, null] : ['w', key, value];
    }),
  });
  const apply = (input: { ops: readonly MicroOperation[] }): unknown =>
    input.ops.map((op): MicroOperation => {
      if (op[0] === 'r') return ['r', op[1], values.get(op[1]) ?? null];
      values.set(op[1], op[2] as number);
      return op;
    });
  return run(seed, clients, count, next, apply);
}
