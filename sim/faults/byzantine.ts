/** Byzantine nodes: what they do, begun and ended, and each of their lies. */
import { crash, switchTwin, type FaultAction, type World } from '../engine/index.ts';
import { liarsOf } from './byzantine/adversary.ts';
import { Liars, type Standing } from './byzantine/liars.ts';
import type { ByzantineFault, Fault, SinFault } from './fault.ts';
import { drawFault, namesOf, resolve, resolveNodes, shuffled } from './nodes.ts';
import type { Performed } from './performed.ts';

export { liarsOf, makeLiars } from './byzantine/adversary.ts';
export { behaviours, lieAbout, liesAbout } from './byzantine/behaviours.ts';
export { Liars } from './byzantine/liars.ts';
export type { LiarsConfig, OwnLieContext, OwnLies } from './byzantine/liars.ts';
export { performLie } from './byzantine/lie.ts';

/** Begins behaviours; the same ones twice at one node are one. */
export function performByzantine(world: World, fault: ByzantineFault): Performed {
  const liars = liarsOf(world);
  const nodes = resolveNodes(world, fault.nodes);
  for (const node of nodes) liars.mark(node);
  const to = fault.to === undefined ? drawnHalf(world, nodes) : resolve(world, fault.to);
  const done: ByzantineFault = { ...fault, nodes: namesOf(world, nodes), to: namesOf(world, to) };
  if (nodes.length === 0) return { done, undo: null };
  if (fault.behaviours.includes('collude')) liars.collude(nodes);
  if (liars.standing.some((other) => isSame(other, done))) return { done, undo: null };
  liars.standing = [...liars.standing, { nodes, fault: done, to, story: new Map() }];
  return { done, undo: { kind: 'end', what: 'byzantine', fault: done } };
}

/** Ends one fault's behaviours, or all; returns what they were. */
export function endByzantine(world: World, only: ByzantineFault | null = null): string[] {
  if (world.adversary === null) return [];
  const liars = liarsOf(world);
  const [gone, rest] = [[] as Standing[], [] as Standing[]];
  for (const one of liars.standing) (only === null || isSame(one, only) ? gone : rest).push(one);
  liars.standing = rest;
  return gone.map(({ fault: { nodes, behaviours } }) => `${nodes.join(' ')}: ${behaviours.join()}`);
}

/** Whether some node lies at present. */
export function isLying(world: World): boolean {
  return world.adversary instanceof Liars && world.adversary.standing.length > 0;
}

export function performAmnesia(world: World, fault: Sin<'amnesia'>): Performed {
  return sin(world, fault, (node) => {
    crash(world, node);
    world.own(node).disk.wipe();
    world.start(node);
    return true;
  });
}

export function performTwin(world: World, fault: Sin<'twin'>): Performed {
  return sin(world, fault, (node) => switchTwin(world, node));
}

type Sin<K extends SinFault['kind']> = Extract<SinFault, { readonly kind: K }>;

function sin(world: World, fault: SinFault, commit: (node: number) => boolean): Performed {
  const liars = liarsOf(world);
  const isRunning = ({ status }: { readonly status: string }) => status === 'up';
  const nodes = resolveNodes(world, fault.nodes, isRunning).filter((node) => {
    liars.mark(node);
    return commit(node);
  });
  const done: Fault & FaultAction = { ...fault, nodes: namesOf(world, nodes) };
  return { done, undo: null };
}

/** Half of the others, the greater one; and all clients. */
function drawnHalf(world: World, liars: readonly number[]): number[] {
  const others = world.nodes.map(({ index }) => index).filter((node) => !liars.includes(node));
  const order = shuffled(others.length, (bound) => drawFault(world, bound));
  const half = order.slice(0, Math.ceil(others.length / 2)).map((place) => others[place] as number);
  const clients = world.clients.map(({ index }) => world.nodes.length + index);
  return [...half.toSorted((a, b) => a - b), ...clients];
}

function isSame({ fault }: Standing, other: ByzantineFault): boolean {
  const words = ({ nodes, behaviours }: ByzantineFault) => `${nodes.join()} ${behaviours.join()}`;
  return words(fault) === words(other);
}
