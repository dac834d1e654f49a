/**
 * Liveness: after any safety prefix faults end, a core of the cluster is made whole, and then, in
 * the order of virtual time, it has to make progress before long. The second phase of TigerBeetle's
 * VOPR; a bounded stand-in for "eventually", so what it finds is a suspicion with a number.
 */
import { run as runWorld, timed } from '../engine/index.ts';
import type { FaultAction, Observation, Violation, World } from '../engine/index.ts';
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
        const core = drawCore(world.nodes.length, new Chance(~seed));
        const violation = demandProgress(world, core, options);
        return { events: world.counters.events, violation, world, worldSeed };
      },
    }),
  };
}

/**
 * Ends all faults, leaves only the nodes of `core` up (a majority, by index), and lets time pass:
 * some position that no node had before has to be decided at every node of the core. The world must
 * draw in timed order; it is used up. Bounded liveness monitors of the world have their say first.
 */
export function demandProgress(
  world: World,
  core: readonly number[],
  { boundUs, requests }: LivenessOptions = defaultLiveness,
): Violation | null {
  if (world.director instanceof UnderSearch) world.director.isOver = true;
  heal(world, core);
  const before = Math.max(...core.map((node) => ends(observationOf(world, node))));
  const since = world.now;
  for (let i = 1; i <= requests && world.violation === null; i++) {
    const untilUs = since + Math.round((boundUs * i) / (requests + 1));
    runWorld(world, { untilUs, maxEvents: MOST_EVENTS });
    if (world.violation !== null) break;
    if (isBeyond(world, core, before)) return null;
    perform(world, {
      kind: 'request',
      node: '{leader}',
      command: { type: 'put', key: 'progress', value: i },
    });
  }
  if (world.violation === null) {
    runWorld(world, { untilUs: since + boundUs, maxEvents: MOST_EVENTS });
  }
  if (world.violation !== null) return world.violation;
  return isBeyond(world, core, before) ? null : stuck(world, core, before, boundUs);
}

/** A bare majority, drawn: whoever is not in it is not needed. */
export function drawCore(nodes: number, chance: Chance): number[] {
  const all = Array.from({ length: nodes }, (_, i) => i);
  const core: number[] = [];
  const size = Math.floor(nodes / 2) + 1;
  while (core.length < size) core.push(...all.splice(chance.below(all.length), 1));
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
  for (const fault of faults) if (world.violation === null) perform(world, fault);
}

function perform(world: World, fault: FaultAction): void {
  world.perform(world.scheduleFault(world.now, fault));
}

function isBeyond(world: World, core: readonly number[], before: number): boolean {
  return core.every((node) => (observationOf(world, node)?.decided ?? 0) > before);
}

/** The last position that a node knows of, decided or not. */
function ends(seen: Observation | null): number {
  return seen === null ? 0 : Math.max(seen.decided, seen.log?.lastIndex ?? 0);
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
