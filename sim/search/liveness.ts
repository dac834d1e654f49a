/**
 * Liveness: after any safety prefix faults end, a core of the cluster is made whole, and then, in
 * the order of virtual time, it has to make progress before long. The second phase of TigerBeetle's
 * VOPR; a bounded stand-in for "eventually", so what it finds is a suspicion with a number.
 */
import { run as runWorld, timed } from '../engine/index.ts';
import type { FaultAction, Observation, Violation, World } from '../engine/index.ts';
import { decidersOf } from '../faults/index.ts';
import { UnderSearch, type Arm } from './arm.ts';
import { Chance } from './chance.ts';
import { RandomWalk } from './random-walk.ts';

export interface LivenessOptions {
  /** How long the core has, in microseconds of virtual time. */
  readonly boundUs: number;
  /** A fresh request is put into a leader's hands so often within the bound. */
  readonly requests: number;
}

export const defaultLiveness: LivenessOptions = Object.freeze({
  boundUs: 20_000_000,
  requests: 4,
});

/** Far more than a small cluster has in the bound. */
const MOST_EVENTS = 100_000;

/** The id of what `demandProgress` finds where the world has no liveness invariant of its own. */
export const PROGRESS = 'liveness/core-makes-progress';

/** Random walks, each followed by the demand. */
export function livenessArm(options: LivenessOptions = defaultLiveness): Arm {
  return {
    name: 'liveness',
    source: 'after the liveness mode of TigerBeetle VOPR',
    begin: (ground) => ({
      run(number, watch) {
        const seed = ground.seedOf(number);
        const worldSeed = ground.worldSeedOf(number);
        const prefix = ground.copy(number, new RandomWalk(seed));
        watch?.(prefix);
        const { events } = ground.play(prefix);
        if (prefix.violation !== null) {
          return { events, violation: prefix.violation, world: prefix, worldSeed };
        }
        const world = prefix.fork(timed);
        watch?.(world);
        const core = drawCore(world, new Chance(~seed));
        const violation = demandProgress(world, core, options);
        const { events: all } = world.counters;
        return { events: all, violation, world, worldSeed, peaceFrom: events };
      },
    }),
  };
}

/**
 * Ends all faults, leaves only the nodes of `core` up (a quorum, by index), and lets time pass:
 * after one of some requests that a leader gets, a position has to be decided that was not before
 * it. The world must draw in timed order; it is used up. Bounded liveness monitors of the world
 * have their say first.
 */
export function demandProgress(
  world: World,
  core: readonly number[],
  { boundUs, requests }: LivenessOptions = defaultLiveness,
): Violation | null {
  if (world.director instanceof UnderSearch) world.director.isOver = true;
  heal(world, core);
  const since = world.now;
  let before = Infinity;
  for (let i = 1; i <= requests + 1 && world.violation === null; i++) {
    const untilUs = since + Math.round((boundUs * i) / (requests + 1));
    runWorld(world, { untilUs, maxEvents: MOST_EVENTS });
    if (world.violation !== null) break;
    const now = decidedIn(world, core);
    if (now > before) return null;
    before = now;
    perform(world, {
      kind: 'request',
      node: '{leader}',
      command: { type: 'put', key: 'progress', value: i },
    });
  }
  return world.violation ?? stuck(world, core, before, boundUs);
}

/** Nodes that can decide by themselves, drawn: whoever is not among them is not needed. */
export function drawCore(world: World, chance: Chance): number[] {
  const decides = decidersOf(world);
  const all = world.nodes.map(({ index }) => index);
  const core: number[] = [];
  while (!decides(core) && all.length > 0) {
    core.push(...all.splice(chance.below(all.length), 1));
  }
  return core.sort((a, b) => a - b);
}

function heal(world: World, core: readonly number[]): void {
  const named = (nodes: readonly number[]) => nodes.map((node) => world.nodeIds[node] as string);
  const others = world.nodes.map(({ index }) => index).filter((node) => !core.includes(node));
  const faults: readonly FaultAction[] = [
    ...(['partitions', 'messages', 'clocks', 'disks'] as const).map((what) => {
      return { kind: 'heal', what };
    }),
    { kind: 'resume', nodes: named(core) },
    { kind: 'crash', nodes: named(others) },
    { kind: 'restart', nodes: named(core) },
  ];
  for (const fault of faults) {
    const isNothing = 'nodes' in fault && (fault.nodes as readonly string[]).length === 0;
    if (world.violation === null && !isNothing) perform(world, fault);
  }
}

function perform(world: World, fault: FaultAction): void {
  world.perform(world.scheduleFault(world.now, fault));
}

/** How far somebody in the core knows positions to be decided. */
function decidedIn(world: World, core: readonly number[]): number {
  return Math.max(...core.map((node) => observationOf(world, node)?.decided ?? 0));
}

function observationOf(world: World, node: number): Observation | null {
  const state = world.nodes[node]?.state ?? null;
  return state === null ? null : world.protocol.observe(state);
}

function stuck(world: World, core: readonly number[], before: number, boundUs: number): Violation {
  const names = core.map((node) => world.nodeIds[node] as string);
  const facts = core.map((node) => {
    const name = world.nodeIds[node] as string;
    const seen = observationOf(world, node);
    if (seen === null) return { text: `${name} is down`, node: name };
    const { role, epoch, decided } = seen;
    return { text: `${name} is ${role} in epoch ${epoch}, decided up to ${decided}`, node: name };
  });
  return {
    invariant: PROGRESS,
    message: `${names.join(', ')} decide nothing after ${before} in ${boundUs / 1000} ms of peace`,
    event: world.eventIndex,
    at: world.now,
    node: null,
    facts,
    witness: 'no progress',
  };
}
