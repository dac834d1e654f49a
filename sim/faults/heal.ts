/** The ends of faults: all of a kind at once, or one exactly as it was performed. */
import type { World } from '../engine/index.ts';
import { endByzantine } from './byzantine.ts';
import { endClockStep, setClocks } from './clock-skew.ts';
import { reviveNodes } from './crash.ts';
import { endDiskProblems } from './disk-faults.ts';
import type { ByzantineFault, DiskFault, EndFault, HealFault } from './fault.ts';
import type { MessageFault, NodeFault } from './fault.ts';
import { endWeather } from './messages.ts';
import { endPartitions } from './partition.ts';
import type { Performed } from './performed.ts';
import type { Concrete } from './shapes.ts';

type ClockStep = Extract<NodeFault, { kind: 'clock-step' }>;
type Class = Exclude<HealFault['what'], 'all'>;

/** In this order: nodes start on healthy disks with true clocks, in a whole network. */
const healers: readonly (readonly [Class, (world: World) => string[]])[] = [
  ['partitions', (world) => endPartitions(world)],
  ['messages', (world) => endWeather(world)],
  ['liars', (world) => endByzantine(world)],
  ['clocks', setClocks],
  ['disks', (world) => endDiskProblems(world)],
  ['nodes', reviveNodes],
];

/** `done` has, for each class in which something ended, what: rules by their words, or nodes. */
export function performHeal(world: World, fault: HealFault): Performed {
  const healed: Record<string, string[]> = {};
  for (const [what, heal] of healers) {
    if (fault.what !== 'all' && fault.what !== what) continue;
    const ended = heal(world);
    if (ended.length > 0) healed[what] = ended;
  }
  return { done: { ...fault, healed }, undo: null };
}

export function performEnd(world: World, end: EndFault): Performed {
  // A fault is ended as it was performed: with its shape drawn and its names resolved.
  if (end.what === 'disk') endDiskProblems(world, end.fault as DiskFault);
  else if (end.what === 'clock-step') endClockStep(world, end.fault as ClockStep);
  else if (end.what === 'byzantine') endByzantine(world, end.fault as ByzantineFault);
  else if (isWeather(end.what)) endWeather(world, end.fault as MessageFault);
  else endPartitions(world, end.fault as Concrete);
  return { done: end, undo: null };
}

const weather: readonly MessageFault['kind'][] = [
  'loss',
  'duplicate',
  'delay',
  'reorder',
  'replay-old',
];

function isWeather(what: EndFault['what']): boolean {
  return weather.some((kind) => kind === what);
}
