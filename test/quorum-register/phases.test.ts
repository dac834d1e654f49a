/** Each phase by itself: steps performed by name on three replicas. Seed: 1. */
import { expect, test } from 'vitest';
import type { Version } from '../../protocols/quorum-register/messages.ts';
import type { RegisterState } from '../../protocols/quorum-register/state.ts';
import { eventLabel, runPrefix, type PendingEvent, type World } from '../../sim/engine/index.ts';
import { parseStep, type ScriptStep } from '../../sim/scenario/script-grammar.ts';
import { scriptSteps } from '../../sim/scenario/script.ts';
import { registerWorld, type RegisterWorld } from '../helpers/register-world.ts';

/** A world after the steps; disks sync at once unless the test is about them. */
function after(steps: readonly string[], wanted: RegisterWorld = {}): World {
  const world = registerWorld({ diskSyncUs: 0, ...wanted });
  const names = { nodes: world.nodeIds.length, clients: 0, regions: [] };
  const parsed = steps.map((text): ScriptStep => {
    const step = parseStep(text, names);
    if (typeof step === 'string') throw new Error(`${text}: ${step}`);
    return step;
  });
  const failure = runPrefix(world, scriptSteps(parsed, Infinity));
  if (failure !== null) throw new Error(`${steps[failure.step]}: ${failure.reason}`);
  return world;
}

function state(world: World, node: number): RegisterState {
  return world.nodes[node]?.state as RegisterState;
}

function version(world: World, node: number, key = 'x'): Version | undefined {
  return state(world, node).registers.get(key);
}

/** What is on its way, without the name of the request. */
function pending(world: World): string[] {
  const events: PendingEvent[] = [];
  world.schedule.each((event) => events.push(event));
  return events
    .map((event) => eventLabel(world, event))
    .filter((label) => label.includes('<-'))
    .map((label) => label.replace(/ \S+\/\d+ /, ' '))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

const put = ['request n1 put x 7', 'deliver n2<-n1 Query', 'deliver n1<-n2 QueryReply'];
const stored = [...put, 'deliver n2<-n1 Propagate', 'deliver n1<-n2 PropagateReply'];

test('a write asks everybody for the newest timestamp before it stores anything', () => {
  const world = after(put.slice(0, 1));
  expect(pending(world)).toEqual(['n2<-n1 Query x', 'n3<-n1 Query x']);
  expect(version(world, 0)).toBeUndefined();
});

test('a majority of answers is enough, and the write goes one beyond the newest of them', () => {
  const world = after([
    ...stored,
    'request n3 put x 8',
    'deliver n2<-n3 Query',
    'deliver n3<-n2 QueryReply',
  ]);
  expect(version(world, 2)).toEqual({ counter: 2, node: 'n3', value: 8 });
  expect(pending(world)).toContain('n1<-n3 Propagate x=8@2.n3');
});

test('a write ends when a majority has stored it, its coordinator included', () => {
  expect(state(after(stored.slice(0, -1)), 0).operations).toHaveLength(1);
  const world = after(stored);
  expect(state(world, 0).operations).toEqual([]);
  expect([version(world, 0)?.value, version(world, 1)?.value]).toEqual([7, 7]);
  expect(version(world, 2)).toBeUndefined();
});

test('a read takes the newest version of a majority and stores it where it is missing', () => {
  const read = ['request n3 get x', 'deliver n2<-n3 Query', 'deliver n3<-n2 QueryReply'];
  const world = after([...stored, ...read]);
  expect(version(world, 2)).toEqual({ counter: 1, node: 'n1', value: 7 });
  expect(state(world, 2).operations[0]).toMatchObject({ phase: 'propagate' });
  expect(pending(world)).toContain('n1<-n3 Propagate x=7@1.n1');
  const alone = after([...stored, ...read], { options: { writeBack: false } });
  expect(state(alone, 2).operations).toEqual([]);
  expect(version(alone, 2)).toBeUndefined();
});

test('a replica keeps what it has when something older arrives, and acknowledges it', () => {
  const world = after([
    ...stored,
    'hold n3<-n1 Propagate',
    'request n2 put x 8',
    'deliver n1<-n2 Query',
    'deliver n2<-n1 QueryReply',
    'deliver n3<-n2 Propagate',
    'deliver n3<-n1 Propagate',
  ]);
  expect(version(world, 2)).toEqual({ counter: 2, node: 'n2', value: 8 });
  expect(pending(world)).toContain('n1<-n3 PropagateReply @1.n1');
});

test('of two writes with one counter the greater name wins, at every replica', () => {
  const world = after([
    'request n1 put x 7',
    'request n2 put x 8',
    'deliver n3<-n1 Query',
    'deliver n1<-n3 QueryReply',
    'deliver n3<-n2 Query',
    'deliver n2<-n3 QueryReply',
    'deliver n3<-n2 Propagate',
    'deliver n3<-n1 Propagate',
    'deliver n1<-n2 Propagate',
  ]);
  expect([0, 1, 2].map((node) => version(world, node)?.value)).toEqual([8, 8, 8]);
});

test('two writes that one node coordinates at a time have different timestamps', () => {
  const second = ['request n1 put x 8', 'deliver n2<-n1 Query', 'deliver n1<-n2 QueryReply'];
  const world = after([put[0] as string, ...second, ...put.slice(1)]);
  const versions = state(world, 0).operations.map((one) => `${one.version.counter}`);
  expect(new Set(versions).size).toBe(2);
});

test('a replica acknowledges only what its disk has', () => {
  const steps = [...put, 'deliver n1 disk', 'deliver n2<-n1 Propagate'];
  const world = after(steps, { diskSyncUs: 1000 });
  expect(pending(world)).not.toContain('n1<-n2 PropagateReply @1.n1');
  const later = after([...steps, 'deliver n2 disk'], { diskSyncUs: 1000 });
  expect(pending(later)).toContain('n1<-n2 PropagateReply @1.n1');
});

test('nobody hears of a timestamp before it is on the disk of the node that chose it', () => {
  const world = after(put, { diskSyncUs: 1000 });
  expect(pending(world).filter((label) => label.includes('Propagate'))).toEqual([]);
});

test('a node that was down still knows which timestamps it has chosen', () => {
  const world = after([...put, 'crash n1', 'restart n1']);
  expect(state(world, 0)).toMatchObject({ lastCounter: 1, operations: [] });
  expect(version(world, 0)?.value).toBe(7);
});

test('by the clock a write asks nobody, and the write with the later clock stays', () => {
  const options = { timestamps: 'clock' } as const;
  const first = ['run 50ms', 'request n2 put x 8', 'hold n3<-n2 Propagate'];
  const second = ['run 50ms', 'request n1 put x 7', 'deliver n3<-n1 Propagate'];
  const world = after([...first, ...second, 'deliver n3<-n2 Propagate'], { options });
  expect(version(world, 1)).toEqual({ counter: 50_000, node: 'n2', value: 8 });
  expect(version(world, 2)).toEqual({ counter: 100_000, node: 'n1', value: 7 });
  expect(pending(world).some((label) => label.includes('Query'))).toBe(false);
});

test('a quorum of one answers at once, from what the coordinator has', () => {
  const options = { readQuorum: 1, writeQuorum: 1, writeBack: false };
  const world = after(['request n1 put x 7', 'request n3 get x'], { options });
  expect([0, 2].map((node) => state(world, node).operations)).toEqual([[], []]);
  expect([0, 2].map((node) => version(world, node)?.value)).toEqual([7, undefined]);
});

test('who has not answered is asked again, until the coordinator gives up', () => {
  const options = { resendMs: 50, resends: 2 };
  const lost = ['drop n2<-n1 Query', 'drop n3<-n1 Query'];
  const again = after([put[0] as string, ...lost, 'run 100ms'], { options });
  expect(pending(again)).toEqual(['n2<-n1 Query x', 'n3<-n1 Query x']);
  const cut = after(['isolate n1', put[0] as string, 'run 201ms'], { options });
  expect(state(cut, 0).operations).toEqual([]);
});

test('whatever a register is not is refused for good', () => {
  const world = after(['request n1 add x 1']);
  expect(state(world, 0).operations).toEqual([]);
  expect(pending(world)).toEqual([]);
});
