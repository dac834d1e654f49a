/** What random clients do to each object: inputs, true answers, and answers that may be wrong. */
import { casRegister, map } from '../../invariants/history/models/register.ts';
import { appendString } from '../../invariants/history/models/append-string.ts';
import { counter } from '../../invariants/history/models/counter.ts';
import { fencedLock, mutex } from '../../invariants/history/models/lock.ts';
import { queue } from '../../invariants/history/models/queue.ts';
import { set } from '../../invariants/history/models/set.ts';
import type { Model } from '../../invariants/history/model.ts';
import { type HistoryShape, randomFrom } from './random.ts';

type Random = (bound: number) => number;
interface Kind {
  readonly model: Model;
  /** What the oracle goes by; where the model partitions, an object of all keys at once. */
  readonly whole: Model;
  readonly shape: (seed: number) => HistoryShape<never>;
}
type Body = Pick<HistoryShape<never>, 'initial' | 'input' | 'apply' | 'perturb'>;

/** Size and trouble vary with the seed. */
function sized(body: (random: Random) => Body): (seed: number) => HistoryShape<never> {
  return (seed) => {
    const random = randomFrom(seed ^ 0x5bd1e995);
    return {
      clients: 2 + random(3),
      operations: 3 + random(5),
      crashOneIn: [2, 4, 8][random(3)] ?? 4,
      perturbOneIn: [2, 3, 6, 12][random(4)] ?? 3,
      ...body(random),
    };
  };
}

type RegisterLike = { type: string; key?: string; value: unknown; from: unknown; to: unknown };

function registerBody(values: number, keys: number, unique: boolean, tells: boolean): Body {
  return {
    initial: {} as never,
    input(random, count) {
      const value = (): unknown => (unique ? count + 1 : random(values));
      const key = keys > 0 ? { key: `k${random(keys)}` } : {};
      const roll = random(6);
      if (roll < 2) return { type: 'read', ...key };
      if (roll < 4) return { type: 'write', ...key, value: value() };
      const from = random(8) === 0 ? null : random(unique ? count + 1 : values);
      return { type: 'cas', ...key, from, to: value() };
    },
    apply(state: Record<string, unknown>, input: RegisterLike) {
      const key = input.key ?? '';
      const held = state[key] ?? null;
      if (input.type === 'read') return { state: state as never, output: held };
      if (input.type === 'write') {
        return { state: { ...state, [key]: input.value } as never, output: null };
      }
      const swapped = held === input.from;
      const after = swapped ? { ...state, [key]: input.to } : state;
      const saw = swapped || !tells ? {} : { saw: held };
      return { state: after as never, output: { swapped, ...saw } };
    },
    perturb(random, input: RegisterLike, output) {
      const any = random(7) === 0 ? null : random(unique ? 8 : values);
      if (input.type === 'read') return any;
      if (input.type === 'write') return output;
      if (random(2) === 0) return { swapped: true };
      return tells ? { swapped: false, saw: any } : { swapped: false };
    },
  };
}

const appendBody: Body = {
  initial: '' as never,
  input(random, count) {
    const value = String.fromCharCode(97 + (random(4) === 0 ? random(2) : count));
    return { type: ['get', 'get', 'append', 'append', 'put'][random(5)], key: 'k', value };
  },
  apply(state: string, input: { type: string; value: string }) {
    if (input.type === 'get') return { state: state as never, output: state };
    const after = input.type === 'put' ? input.value : state + input.value;
    return { state: after as never, output: null };
  },
  perturb(random, input: { type: string }, output) {
    if (input.type !== 'get') return output;
    const text = String(output);
    return random(2) === 0 ? text.slice(0, -1) : `${text.slice(0, -2)}${'ab'[random(2)]}`;
  },
};

const counterBody: Body = {
  initial: 0 as never,
  input: (random) => (random(2) === 0 ? { type: 'read' } : { type: 'add', by: 1 + random(2) }),
  apply(state: number, input: { type: string; by: number }) {
    const after = input.type === 'add' ? state + input.by : state;
    return { state: after as never, output: after };
  },
  perturb: (random, _input, output) => (random(3) === 0 ? null : Number(output) + random(3) - 1),
};

const setBody: Body = {
  initial: [] as never,
  input(random) {
    const type = ['add', 'add', 'remove', 'contains', 'contains', 'read'][random(6)];
    return type === 'read' ? { type } : { type, value: random(2) };
  },
  apply(state: number[], input: { type: string; value: number }) {
    const isPresent = state.includes(input.value);
    if (input.type === 'read') return { state: state as never, output: state };
    if (input.type === 'contains') return { state: state as never, output: isPresent };
    if (input.type === 'add') {
      const after = isPresent ? state : [...state, input.value];
      return { state: after as never, output: !isPresent };
    }
    const after = state.filter((value) => value !== input.value);
    return { state: after as never, output: isPresent };
  },
  perturb(random, input: { type: string }, output) {
    if (input.type === 'read') return [[], [0], [1], [1, 0]][random(4)];
    return random(4) === 0 && input.type !== 'contains' ? null : output === false;
  },
};

const queueBody: Body = {
  initial: [] as never,
  input: (random, count) =>
    random(2) === 0
      ? { type: 'enqueue', value: random(3) === 0 ? random(2) : count + 5 }
      : { type: 'dequeue' },
  apply(state: number[], input: { type: string; value: number }) {
    if (input.type === 'enqueue') return { state: [...state, input.value] as never, output: null };
    return { state: state.slice(1) as never, output: state[0] ?? null };
  },
  perturb(random, input: { type: string }, output) {
    return input.type === 'enqueue' ? output : random(3) === 0 ? null : random(8);
  },
};

const lockBody = (isFenced: boolean): Body => ({
  initial: { isHeld: false, token: 0 } as never,
  input: (random) => ({
    type: random(2) === 0 ? 'acquire' : 'release',
    ...(random(3) === 0 ? { owner: 'ab'[random(2)] } : {}),
  }),
  apply(state: { isHeld: boolean; token: number }, input: { type: string }) {
    const works = state.isHeld === (input.type === 'release');
    if (!works) return { state: state as never, output: false };
    const isAcquired = input.type === 'acquire';
    const token = state.token + (isAcquired ? 1 : 0);
    const output = isAcquired && isFenced ? token : null;
    return { state: { isHeld: isAcquired, token } as never, output };
  },
  perturb(random, input: { type: string }, output) {
    if (random(2) === 0) return output === false ? null : false;
    return input.type === 'acquire' && isFenced ? 1 + random(4) : null;
  },
});

/** All keys in one state, so that the oracle does not rely on locality. */
function allKeys(model: Model, keyOf: (input: never) => string): Model {
  return {
    name: model.name,
    initial: {},
    step(state: Record<string, unknown>, input, output) {
      const key = keyOf(input as never);
      const after = model.step(state[key] ?? model.initial, input, output);
      return after === null ? null : { ...state, [key]: after };
    },
  };
}

const kind = (model: unknown, body: (random: Random) => Body, whole = model): Kind => ({
  model: model as Model,
  whole: whole as Model,
  shape: sized(body),
});

/** Every built-in model, with values that recur and (for registers) values that are unique. */
export const kinds: Readonly<Record<string, Kind>> = {
  'cas-register with few values': kind(casRegister(), (random) =>
    registerBody(2 + random(2), 0, false, random(2) === 0),
  ),
  'cas-register with unique values': kind(casRegister(), (random) =>
    registerBody(0, 0, true, random(6) > 0),
  ),
  map: kind(
    map(),
    (random) => registerBody(2, 2, random(2) === 0, true),
    allKeys(map(), (input: RegisterLike) => input.key ?? ''),
  ),
  'append-string': kind(appendString(), () => appendBody),
  counter: kind(counter(), () => counterBody),
  set: kind(set(), () => setBody),
  queue: kind(queue(), () => queueBody),
  mutex: kind(mutex(), () => lockBody(false)),
  'fenced-lock': kind(fencedLock(), () => lockBody(true)),
};

/** Reads and unique writes on two keys that are wrong now and then: for the weaker levels. */
export function weakShape(seed: number, operations: number): HistoryShape<never> {
  const random = randomFrom(seed ^ 0x2545f491);
  const body = registerBody(0, 2, true, true);
  let writes = 0;
  return {
    ...body,
    clients: 2 + random(2),
    operations: 3 + random(operations - 2),
    crashOneIn: [3, 6, 12][random(3)] ?? 6,
    perturbOneIn: [1, 2, 3, 8][random(4)] ?? 3,
    input(draw, count) {
      const key = `k${draw(3) >> 1}`;
      if (draw(2) === 0 || writes >= 3) return { type: 'read', key };
      writes += 1;
      return { type: 'write', key, value: count + 1 };
    },
    perturb: (draw, input: RegisterLike, output) =>
      input.type === 'write' ? output : draw(4) === 0 ? null : 1 + draw(4),
  };
}

/** Small transactions over two keys: list appends or unique writes, some reads stale. */
export function transactionShape(
  seed: number,
  f: 'append' | 'w',
  most: number,
): HistoryShape<never> {
  const random = randomFrom(seed ^ 0x7feb352d);
  const keys = ['xy', 'xyz'][random(2)] ?? 'xy';
  let value = 0;
  return {
    clients: 2 + random(2),
    operations: 2 + random(most - 1),
    crashOneIn: [4, 8, 16][random(3)] ?? 8,
    perturbOneIn: [1, 2, 3][random(3)] ?? 2,
    initial: {} as never,
    input: (draw) => ({
      type: 'txn',
      ops: Array.from({ length: 1 + draw(3) }, () => {
        const key = keys[draw(keys.length)];
        value += 1;
        return draw(2) === 0 ? ['r', key, null] : [f, key, value];
      }),
    }),
    apply(state: Record<string, unknown>, input: { ops: [string, string, unknown][] }) {
      const after = { ...state };
      const output = input.ops.map(([kind, key, what]) => {
        if (kind === 'r') return ['r', key, after[key] ?? (f === 'w' ? null : [])];
        after[key] = f === 'w' ? what : [...((after[key] ?? []) as unknown[]), what];
        return [kind, key, what];
      });
      return { state: after as never, output };
    },
    perturb: (draw, _input, output) =>
      (output as [string, string, unknown][]).map(([kind, key, what]) => {
        if (kind !== 'r' || draw(2) === 0) return [kind, key, what];
        if (f === 'w') return [kind, key, draw(3) === 0 ? null : 1 + draw(value)];
        const list = what as unknown[];
        return [kind, key, draw(6) === 0 ? list.toReversed() : list.slice(0, -1)];
      }),
  };
}
