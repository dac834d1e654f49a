/** The table of faults: every kind with its sentence and the code that performs it. */
import { assert, type FaultAction, type World } from '../engine/index.ts';
import { performAmnesia, performByzantine, performLie, performTwin } from './byzantine.ts';
import { performClockDrift, performClockStep } from './clock-skew.ts';
import { performCrash, performPause, performRestart, performResume, performWipe } from './crash.ts';
import { performDisk } from './disk-faults.ts';
import type { Fault, FaultKind } from './fault.ts';
import { performEnd, performHeal } from './heal.ts';
import { performWeather } from './messages.ts';
import { performLose, performRepeat } from './one-message.ts';
import { performPartition } from './partition.ts';
import type { FaultKindEntry } from './performed.ts';
import { performRequest } from './request.ts';

export { behaviours, liarsOf, lieAbout, liesAbout, Liars, makeLiars } from './byzantine.ts';
export type { LiarsConfig, OwnLieContext, OwnLies } from './byzantine.ts';
export { leavesOf, valueAt } from './byzantine/structure.ts';
export * from './combine.ts';
export { decidersOf } from './electorate.ts';
export * from './fault.ts';
export { leaderOf } from './nodes.ts';
export type { FaultKindEntry } from './performed.ts';
export * from './plan.ts';
export * from './timeline.ts';

type Table = {
  readonly [K in FaultKind]: FaultKindEntry<Extract<Fault, { readonly kind: K }>>;
};

const whole = 'the network is whole again';
const fair = 'the links are as configured again';

/** In the order in which people look for them. */
export const faultKinds: Table = {
  partition: {
    title: 'every link between different sides is cut, both ways',
    ends: whole,
    perform: performPartition,
  },
  isolate: {
    title: 'each of these nodes is cut off from every other node',
    ends: whole,
    perform: performPartition,
  },
  'one-way': {
    title: 'messages one way are lost, the other way they pass',
    ends: whole,
    perform: performPartition,
  },
  bridge: {
    title: 'two sides see each other only through the nodes of the bridge',
    ends: whole,
    perform: performPartition,
  },
  'majorities-ring': {
    title: 'every node sees a majority, but no two nodes see the same one',
    ends: whole,
    perform: performPartition,
  },
  'random-halves': {
    title: 'two halves, drawn, are cut off from each other',
    ends: whole,
    perform: performPartition,
  },
  'random-partition': {
    title: 'a cut of drawn shape, unless another cut is in force',
    ends: whole,
    perform: performPartition,
  },
  'region-partition': {
    title: 'each of these regions is cut off from every other region',
    ends: whole,
    perform: performPartition,
  },
  flapping: {
    title: 'a partition comes and goes in turns',
    ends: whole,
    perform: performPartition,
  },
  loss: {
    title: 'a share of the messages is lost',
    ends: fair,
    perform: performWeather,
  },
  duplicate: {
    title: 'a share of the messages arrives twice',
    ends: fair,
    perform: performWeather,
  },
  delay: {
    title: 'messages take longer, by an amount drawn for each',
    ends: fair,
    perform: performWeather,
  },
  reorder: {
    title: 'a share of the messages is held back and overtaken by later ones',
    ends: fair,
    perform: performWeather,
  },
  'replay-old': {
    title: 'a share of the messages arrives once more when it is old',
    ends: fair,
    perform: performWeather,
  },
  crash: {
    title: 'nodes stop at once and lose all that is not synced to disk',
    ends: 'they restart',
    perform: performCrash,
  },
  restart: {
    title: 'nodes that are down start from their disks',
    ends: null,
    perform: performRestart,
  },
  wipe: {
    title: 'nodes crash and lose their disks (amnesia)',
    ends: 'they restart, knowing nothing',
    perform: performWipe,
  },
  pause: {
    title: 'nodes stand still while messages and timers wait for them',
    ends: 'they resume and handle what came due, in order',
    perform: performPause,
  },
  resume: {
    title: 'paused nodes handle what came due, in order, and go on',
    ends: null,
    perform: performResume,
  },
  'clock-step': {
    title: 'clocks jump, forwards or back',
    ends: 'they show true time again',
    perform: performClockStep,
  },
  'clock-drift': {
    title: 'clocks run fast or slow',
    ends: 'they run true again, keeping what they gained',
    perform: performClockDrift,
  },
  disk: {
    title: 'disks lie, tear a write, forget, damage an entry, slow down or fill up',
    ends: 'the disk is healthy again; what was damaged or lost stays so',
    perform: performDisk,
  },
  heal: {
    title: 'all faults of a class end, or all of them',
    ends: null,
    perform: performHeal,
  },
  end: {
    title: 'one fault ends, exactly as it was performed',
    ends: null,
    perform: performEnd,
  },
  request: {
    title: 'a node gets a client request out of a script',
    ends: null,
    perform: performRequest,
  },
  lose: {
    title: 'one message on its way is lost',
    ends: null,
    perform: performLose,
  },
  repeat: {
    title: 'one message on its way arrives once more',
    ends: null,
    perform: performRepeat,
  },
  byzantine: {
    title: 'nodes lie about what they send, in ways that are named',
    ends: 'they send what the protocol says',
    perform: performByzantine,
  },
  lie: {
    title: 'a byzantine node says something else in one message, or nothing, or later',
    ends: null,
    perform: performLie,
  },
  amnesia: {
    title: 'byzantine nodes start anew at once, their disks empty',
    ends: null,
    perform: performAmnesia,
  },
  twin: {
    title: 'the other of two instances that share one identity takes over at a byzantine node',
    ends: null,
    perform: performTwin,
  },
};

/**
 * Performs a fault on a world (`WorldConfig.performFault`) and returns what exactly it did. With
 * `forUs` in the action its end is scheduled so many microseconds later, if it changed anything.
 */
export function performFault(world: World, action: FaultAction): FaultAction {
  assert(Object.hasOwn(faultKinds, action.kind), `${action.kind} is a kind of fault`);
  // The entry of a kind takes the faults of that kind.
  const entry = faultKinds[action.kind as FaultKind] as FaultKindEntry;
  const { done, undo } = entry.perform(world, action as Fault);
  const { forUs } = action;
  if (typeof forUs === 'number' && undo !== null) world.scheduleFault(world.now + forUs, undo);
  return done;
}
