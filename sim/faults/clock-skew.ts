/** Clocks that jump, run fast or run slow. Timers that are armed already keep their time. */
import type { World } from '../engine/index.ts';
import type { NodeFault } from './fault.ts';
import { namesOf, resolveNodes } from './nodes.ts';
import type { Performed } from './performed.ts';

type Kind<K extends NodeFault['kind']> = Extract<NodeFault, { kind: K }>;

export function performClockStep(world: World, fault: Kind<'clock-step'>): Performed {
  const actors = resolveNodes(world, fault.nodes);
  for (const node of actors) world.own(node).clock.step(fault.byUs);
  const nodes = namesOf(world, actors);
  const done = { ...fault, nodes };
  const undo = { kind: 'end', what: 'clock-step', fault: done } as const;
  return { done, undo: nodes.length === 0 ? null : undo };
}

/** The clocks show true time again, as if asked of a time server; a drift goes on. */
export function endClockStep(world: World, fault: Kind<'clock-step'>): void {
  for (const node of resolveNodes(world, fault.nodes)) {
    const { clock } = world.own(node);
    clock.step(world.now - clock.read(world.now));
  }
}

/** Its end stops the drift; the clock keeps what it gained (a heal of the clocks takes it back). */
export function performClockDrift(world: World, fault: Kind<'clock-drift'>): Performed {
  const actors = resolveNodes(world, fault.nodes);
  for (const node of actors) world.own(node).clock.drift(world.now, fault.ppm);
  const nodes = namesOf(world, actors);
  const steady = { kind: 'clock-drift', nodes, ppm: 0 } as const;
  return { done: { ...fault, nodes }, undo: nodes.length === 0 ? null : steady };
}

/** Every clock shows true time again and keeps it; returns whose did not. */
export function setClocks(world: World): string[] {
  const wrong = world.nodes
    .filter(({ clock }) => clock.driftPpm !== 0 || clock.read(world.now) !== world.now)
    .map(({ index }) => index);
  for (const node of wrong) {
    const { clock } = world.own(node);
    clock.drift(world.now, 0);
    clock.step(world.now - clock.read(world.now));
  }
  return namesOf(world, wrong);
}
