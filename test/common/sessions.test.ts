/** Client sessions inside the replicated machine: who is answered from memory, and for how long. */
import { expect, test } from 'vitest';
import { Machine, type MachineOptions } from '../../protocols/common/state-machine.ts';

const append = (sequence: number, value: string, client = 'c1') => ({
  client,
  sequence,
  command: { type: 'append', key: 'x', value },
});
const ok = (value: unknown) => ({ type: 'ok', value });
const error = (code: string) => ({ type: 'error', code });

function machineWith(options: Partial<MachineOptions> = {}): Machine {
  return Machine.empty(options);
}

test('a duplicate gets the answer of the first and changes nothing', () => {
  const machine = machineWith();
  const add = { client: 'c1', sequence: 1, command: { type: 'add', key: 'n', by: 5 } };
  expect(machine.apply(add, 0)).toEqual(ok(5));
  machine.apply({ client: 'c2', sequence: 1, command: { type: 'add', key: 'n', by: 1 } }, 1);
  expect(machine.apply(add, 2)).toEqual(ok(5));
  expect(machine.read('n')).toBe(6);
});

test('a request older than the remembered one is DUPLICATE_REQUEST and changes nothing', () => {
  const machine = machineWith();
  machine.apply(append(1, 'a'), 0);
  machine.apply(append(2, 'b'), 1);
  expect(machine.apply(append(1, 'a'), 2)).toEqual(error('DUPLICATE_REQUEST'));
  expect(machine.read('x')).toBe('ab');
});

test('one request id for two operations is a permanent failure', () => {
  const machine = machineWith();
  machine.apply(append(1, 'a'), 0);
  const other = { client: 'c1', sequence: 1, command: { type: 'delete', key: 'x' } };
  expect(machine.apply(other, 1)).toEqual(error('PERMANENT_FAILURE'));
  expect(machine.read('x')).toBe('a');
});

test('a failed request is remembered, too', () => {
  const machine = machineWith();
  machine.apply({ client: 'c1', sequence: 1, command: { type: 'put', key: 'x', value: 1 } }, 0);
  expect(machine.apply(append(1, 'a', 'c2'), 1)).toEqual(error('PERMANENT_FAILURE'));
  machine.apply({ client: 'c1', sequence: 2, command: { type: 'delete', key: 'x' } }, 2);
  expect(machine.apply(append(1, 'a', 'c2'), 3)).toEqual(error('PERMANENT_FAILURE'));
  expect(machine.read('x')).toBe(null);
});

test('an answer is kept for the window of log time, and not a millisecond longer', () => {
  const machine = machineWith({ dedupWindowMs: 1000 });
  machine.apply(append(1, 'a'), 500);
  machine.apply(append(1, 'a'), 1499);
  expect(machine.read('x')).toBe('a');
  machine.apply(append(1, 'a'), 1500);
  expect(machine.read('x')).toBe('aa');
});

test('log time never goes back: a slow leader clock does not revive what has expired', () => {
  const machine = machineWith({ dedupWindowMs: 1000 });
  machine.apply(append(1, 'a'), 0);
  machine.apply(null, 1000);
  machine.apply(append(1, 'a'), 10);
  expect(machine.read('x')).toBe('aa');
  machine.apply(append(1, 'a'), 1999);
  expect(machine.read('x')).toBe('aa');
});

test('the sessions of busy clients outlive those of silent ones', () => {
  const machine = machineWith({ dedupWindowMs: 1000 });
  machine.apply(append(1, 'a', 'silent'), 0);
  for (let i = 1; i <= 20; i++) machine.apply(append(i, '.', 'busy'), i * 100);
  expect(machine.snapshot().sessions.map(({ client }) => client)).toEqual(['busy']);
});

test('a restored snapshot still knows its clients', () => {
  const machine = machineWith({ dedupWindowMs: 1000 });
  machine.apply(append(1, 'a'), 0);
  const sent = JSON.parse(JSON.stringify(machine.snapshot())) as ReturnType<Machine['snapshot']>;
  const restored = Machine.restore(sent);
  restored.apply(append(1, 'a'), 999);
  expect(restored.read('x')).toBe('a');
  restored.apply(append(1, 'a'), 1000);
  expect(restored.read('x')).toBe('aa');
});

test('without sessions a duplicate is applied twice', () => {
  const machine = machineWith({ deduplicate: false });
  machine.apply(append(1, 'a'), 0);
  machine.apply(append(1, 'a'), 1);
  expect(machine.read('x')).toBe('aa');
  expect(machine.snapshot().sessions).toEqual([]);
});

test('a restored snapshot keeps the sessions switched off, too', () => {
  const machine = machineWith({ deduplicate: false });
  machine.apply(append(1, 'a'), 0);
  const restored = Machine.restore(machine.snapshot());
  restored.apply(append(1, 'a'), 1);
  expect(restored.read('x')).toBe('aa');
});
