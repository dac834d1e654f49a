/** What every kind of fault has to satisfy. Call it once for each. */
import { expect, test } from 'vitest';
import { fingerprintText, timed } from '../../sim/engine/index.ts';
import type { Fault } from '../../sim/faults/index.ts';
import { isHarmed } from '../../sim/faults/harm.ts';
import {
  echoWorld,
  inject,
  observe,
  openLinks,
  runUntil,
  type EchoRun,
} from '../helpers/echo-world.ts';

/** `fault` on five nodes of two regions, at 200 ms. */
export function faultConformance(name: string, fault: Fault): void {
  const begin = (): EchoRun => {
    const run = echoWorld({
      seed: `conformance ${name}`,
      clients: 1,
      network: { regions: [0, 0, 0, 1, 1, 0], regionNames: ['eu', 'us'] },
    });
    runUntil(run.world, 200);
    return run;
  };

  test(`${name}: twice is no error, and a heal ends it`, () => {
    const run = begin();
    inject(run, fault);
    inject(run, fault);
    runUntil(run.world, 400);
    inject(run, { kind: 'heal', what: 'all' });
    expect(isWhole(run)).toBe(true);
    runUntil(run.world, 800);
    expect(run.world.faultsPending).toBe(0);
    expect(run.world.nodes.every(({ status }) => status === 'up')).toBe(true);
  });

  test(`${name}: what it did, done again in a fresh world, is done the same way`, () => {
    const first = begin();
    inject(first, fault);
    const second = begin();
    inject(second, first.notes.faults[0] as unknown as Fault);
    expect(second.notes.faults[0]).toEqual(first.notes.faults[0]);
    expect(second.notes.faults[0]).toEqual(plain(second.notes.faults[0]));
  });

  test(`${name}: it can end by itself, with nobody left harmed`, () => {
    const run = begin();
    const action = { ...fault, forUs: 100_000 };
    run.world.perform(run.world.scheduleFault(run.world.now, action));
    runUntil(run.world, 299);
    runUntil(run.world, 400);
    expect(isHarmed(run.world)).toBe(false);
    expect(run.world.faultsPending).toBe(0);
    expect(openLinks(run)).toHaveLength(20);
  });

  test(`${name}: a fork goes its own way and leaves its parent alone`, () => {
    const alone = begin();
    inject(alone, fault);
    runUntil(alone.world, 900);

    const parent = begin();
    inject(parent, fault);
    const child: EchoRun = { world: parent.world.fork(timed), notes: empty() };
    observe(child.world, child.notes);
    inject(child, { kind: 'heal', what: 'all' });
    inject(child, { kind: 'wipe', nodes: ['n1', 'n2'] });
    runUntil(child.world, 700);
    runUntil(parent.world, 900);
    expect(fingerprintText(parent.world)).toBe(fingerprintText(alone.world));
    expect(parent.notes.events).toEqual(alone.notes.events);
  });

  test(`${name}: the same seed gives the same run, and so does a fork`, () => {
    const runs = [begin(), begin()] as const;
    for (const run of runs) inject(run, fault);
    const child: EchoRun = { world: runs[1].world.fork(timed), notes: empty() };
    observe(child.world, child.notes);
    const before = runs[1].notes.events.length;
    for (const run of [...runs, child]) runUntil(run.world, 900);
    expect(runs[1].notes.events).toEqual(runs[0].notes.events);
    expect(child.notes.events).toEqual(runs[0].notes.events.slice(before));
    expect(fingerprintText(child.world)).toBe(fingerprintText(runs[0].world));
  });
}

/** Whether nothing is wrong any more, disks and clocks included. */
function isWhole({ world }: EchoRun): boolean {
  const disks = world.nodes.every(({ disk: { faults } }) =>
    Object.values(faults).every((value) => value === false || value === 0),
  );
  const clocks = world.nodes.every(({ clock }) => clock.read(world.now) === world.now);
  return disks && clocks && world.network.inForce.length === 0 && !isHarmed(world);
}

const empty = () => ({ events: [], sends: [], faults: [], logs: [], completions: [] });

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
