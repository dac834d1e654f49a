/** The replicated machine against a naive one, through forks, snapshots and restores. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plain, Response } from '../../sim/engine/protocol.ts';
import type { KeyValueCommand } from '../../protocols/common/commands.ts';
import type { LoggedCommand } from '../../protocols/common/sessions.ts';
import { Machine } from '../../protocols/common/state-machine.ts';

const seed = 20_312;
const windowMs = 40;

const key = fc.constantFrom('x', 'y', '__proto__');
const small = fc.integer({ min: 0, max: 3 });
const value = fc.oneof(small, fc.constantFrom('', 'a'), fc.constant([1]), fc.constant({ a: 1 }));
const op = fc.oneof(
  fc.tuple(fc.constant('r' as const), key, fc.constant(null)),
  fc.tuple(fc.constantFrom('w' as const, 'append' as const), key, small),
);
const commands: fc.Arbitrary<KeyValueCommand> = fc.oneof(
  fc.record({ type: fc.constant('get' as const), key }),
  fc.record({ type: fc.constant('put' as const), key, value }),
  fc.record({ type: fc.constant('append' as const), key, value: fc.constantFrom('a', 'b') }),
  fc.record({ type: fc.constant('cas' as const), key, from: value, to: value }),
  fc.record({ type: fc.constant('delete' as const), key }),
  fc.record({ type: fc.constant('add' as const), key, by: small }),
  fc.record({ type: fc.constant('txn' as const), ops: fc.array(op, { maxLength: 4 }) }),
  fc.record({
    type: fc.constant('transfer' as const),
    from: key,
    to: key,
    amount: small,
    opening: fc.constant(4),
  }),
);
const requests: fc.Arbitrary<LoggedCommand> = fc.record({
  client: fc.constantFrom('c1', 'c2'),
  sequence: fc.integer({ min: 1, max: 6 }),
  command: commands,
});
/** What happens to one of several machines next; `stamp` is the log time that passes. */
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ request: fc.option(requests), stamp: small }) },
    { weight: 1, arbitrary: fc.constantFrom('fork' as const, 'restore' as const) },
  ),
  { maxLength: 60 },
);

/** The same machine, written without any sharing or cleverness. */
interface Naive {
  readonly values: Record<string, Plain>;
  readonly sessions: Record<string, { request: LoggedCommand; response: Response; at: number }>;
  now: number;
}

function applyNaively(naive: Naive, request: LoggedCommand | null): Response {
  for (const [client, { at }] of Object.entries(naive.sessions)) {
    if (at + windowMs <= naive.now) delete naive.sessions[client];
  }
  if (request === null) return { type: 'ok', value: null };
  const known = naive.sessions[request.client];
  if (known !== undefined && request.sequence < known.request.sequence) {
    return { type: 'error', code: 'DUPLICATE_REQUEST' };
  }
  if (known !== undefined && request.sequence === known.request.sequence) {
    const isSame = known.request.command.type === request.command.type;
    return isSame ? known.response : { type: 'error', code: 'PERMANENT_FAILURE' };
  }
  const before = structuredClone(naive.values);
  let response: Response;
  try {
    const answer = structuredClone(
      executeNaively(naive.values, request.command as KeyValueCommand),
    );
    response = { type: 'ok', value: answer };
  } catch {
    for (const name of Object.keys(naive.values)) delete naive.values[name];
    Object.assign(naive.values, before);
    response = { type: 'error', code: 'PERMANENT_FAILURE' };
  }
  naive.sessions[request.client] = { request, response, at: naive.now };
  return response;
}

function executeNaively(values: Record<string, Plain>, command: KeyValueCommand): Plain {
  switch (command.type) {
    case 'get':
      return values[`=${command.key}`] ?? null;
    case 'put':
      values[`=${command.key}`] = command.value;
      return null;
    case 'delete':
      delete values[`=${command.key}`];
      return null;
    case 'append':
      values[`=${command.key}`] = need('string', values[`=${command.key}`] ?? '') + command.value;
      return null;
    case 'add':
      return (values[`=${command.key}`] =
        need('number', values[`=${command.key}`] ?? 0) + command.by);
    case 'cas': {
      const saw = values[`=${command.key}`] ?? null;
      if (JSON.stringify(saw) !== JSON.stringify(command.from)) return { swapped: false, saw };
      values[`=${command.key}`] = command.to;
      return { swapped: true };
    }
    case 'txn':
      return command.ops.map(([kind, name, written]) => {
        const held = values[`=${name}`] ?? null;
        if (kind === 'r') return [kind, name, held];
        if (kind === 'append' && held !== null && !Array.isArray(held)) throw new Error('no list');
        values[`=${name}`] =
          kind === 'w' ? written : [...((held as Plain[] | null) ?? []), written];
        return [kind, name, written];
      });
    case 'transfer': {
      const { from, to, amount, opening } = command;
      const source = need('number', values[`=${from}`] ?? opening);
      const target = need('number', values[`=${to}`] ?? opening);
      if (source < amount) return { transferred: false };
      if (from === to) return { transferred: true };
      values[`=${from}`] = source - amount;
      values[`=${to}`] = target + amount;
      return { transferred: true };
    }
    case 'balances':
      throw new Error('not drawn here');
  }
}

function need(type: 'string', value: Plain): string;
function need(type: 'number', value: Plain): number;
function need(type: string, value: Plain): unknown {
  if (typeof value !== type) throw new Error(`not a ${type}`);
  return value;
}

const options = { dedupWindowMs: windowMs };

test('forks and restored copies answer like machines of their own', () => {
  const property = fc.property(steps, fc.infiniteStream(fc.nat(3)), (list, picks) => {
    const machines = [Machine.empty(options)];
    const naives: Naive[] = [{ values: {}, sessions: {}, now: 0 }];
    for (const step of list) {
      const index = picks.next().value % machines.length;
      const [machine, naive] = [machines[index] as Machine, naives[index] as Naive];
      if (typeof step === 'string') {
        const copy = step === 'fork' ? machine.fork() : Machine.restore(machine.snapshot());
        expect(copy.hash(0)).toBe(machine.hash(0));
        expect(copy.hash(1)).toBe(machine.hash(1));
        if (machines.length === 4) continue;
        machines.push(copy);
        naives.push(structuredClone(naive));
      } else {
        naive.now += step.stamp;
        expect(machine.apply(step.request, naive.now)).toEqual(applyNaively(naive, step.request));
      }
    }
    machines.forEach((machine, i) => {
      const naive = naives[i] as Naive;
      const stored = Object.keys(naive.values).toSorted();
      const { values, sessions } = machine.snapshot();
      expect(values).toEqual(stored.map((name) => [name.slice(1), naive.values[name]]));
      expect(sessions.map(({ client }) => client)).toEqual(Object.keys(naive.sessions).toSorted());
    });
  });
  fc.assert(property, { seed, numRuns: 400 });
});

test('the hash does not depend on the order in which keys were written', () => {
  const put = (sequence: number, name: string) => ({
    client: `c${sequence}`,
    sequence: 1,
    command: { type: 'put', key: name, value: 1 },
  });
  const [a, b] = [Machine.empty(), Machine.empty()];
  a.apply(put(1, 'x'), 0);
  a.apply(put(2, 'y'), 0);
  b.apply(put(2, 'y'), 0);
  const half = b.hash(0);
  b.apply(put(1, 'x'), 0);
  expect([b.hash(0), b.hash(1)]).toEqual([a.hash(0), a.hash(1)]);
  expect(b.hash(0)).not.toBe(half);
  expect(a.snapshot()).toEqual(b.snapshot());
});

test('a snapshot is frozen in depth and does not follow the machine', () => {
  const machine = Machine.empty();
  const ops = [['append', 'l', 1]];
  machine.apply({ client: 'c1', sequence: 1, command: { type: 'txn', ops } }, 0);
  const snapshot = machine.snapshot();
  expect(Object.isFrozen(snapshot.values[0]?.[1])).toBe(true);
  expect(Object.isFrozen(snapshot.sessions[0]?.response)).toBe(true);
  machine.apply({ client: 'c1', sequence: 2, command: { type: 'txn', ops } }, 0);
  expect(snapshot.values).toEqual([['l', [1]]]);
  expect(machine.read('l')).toEqual([1, 1]);
});

test('a command that is no command changes nothing and fails for good', () => {
  const machine = Machine.empty();
  const bad = [{ type: 'get' }, { type: 'dance' }, { type: 'txn' }, { type: 'txn', ops: [[]] }];
  bad.forEach((command, i) => {
    const request = { client: 'c1', sequence: i + 1, command };
    expect(machine.apply(request, 0)).toEqual({ type: 'error', code: 'PERMANENT_FAILURE' });
  });
  expect(machine.snapshot().values).toEqual([]);
});

test('people see values by key and answers by idempotency key', () => {
  const machine = Machine.empty();
  machine.apply({ client: 'c1', sequence: 7, command: { type: 'put', key: 'x', value: 1 } }, 0);
  expect(machine.toPlain()).toEqual({
    values: { x: 1 },
    sessions: { 'c1-7:put': { type: 'ok', value: null } },
  });
});
