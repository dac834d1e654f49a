/** Shapes of cuts: a partition in its own words becomes names, then a question about each link. */
import type { World } from '../engine/index.ts';
import type { NodeRef, PartitionFault } from './fault.ts';
import { drawFault, namesOf, nodesOfRegion, resolve, shuffled } from './nodes.ts';

type Kind<K extends PartitionFault['kind']> = Extract<PartitionFault, { kind: K }>;

/** A cut with nothing left to draw or to resolve. */
export type Concrete = Exclude<
  PartitionFault,
  Kind<'random-halves'> | Kind<'random-partition'> | Kind<'region-partition'>
>;

/** Whether messages from one actor to another are lost. */
export type Severs = (from: number, to: number) => boolean;

/** Draws and resolves what a partition leaves open; null when it would cut nothing. */
export function concrete(world: World, fault: PartitionFault): Concrete | null {
  switch (fault.kind) {
    case 'partition':
      return twoSides({ ...fault, sides: sidesOf(world, fault.sides, []) });
    case 'flapping':
      return twoSides({ ...fault, sides: sidesOf(world, fault.sides, []) });
    case 'bridge': {
      const bridge = resolve(world, fault.bridge);
      const sides = sidesOf(world, fault.sides, bridge);
      return twoSides({ ...fault, sides, bridge: namesOf(world, bridge) });
    }
    case 'isolate': {
      const nodes = namesOf(world, resolve(world, fault.nodes));
      return nodes.length === 0 || world.nodes.length < 2 ? null : { ...fault, nodes };
    }
    case 'one-way': {
      const from = namesOf(world, resolve(world, fault.from));
      const to = namesOf(world, resolve(world, fault.to));
      return from.some((a) => to.some((b) => a !== b)) ? { ...fault, from, to } : null;
    }
    case 'majorities-ring':
      return world.nodes.length < 3 ? null : fault;
    case 'random-halves':
      return cutAt(world, Math.floor(world.nodes.length / 2));
    case 'region-partition':
      return regionPartition(world, fault.regions);
    case 'random-partition':
      return randomPartition(world);
  }
}

/** The question that a cut asks of each message. */
export function seversOf(world: World, cut: Concrete): Severs {
  switch (cut.kind) {
    case 'partition':
    case 'flapping':
    case 'bridge':
      return differentSides(world, cut.sides, false);
    case 'isolate':
      return differentSides(
        world,
        cut.nodes.map((node) => [node]),
        true,
      );
    case 'one-way': {
      const from = new Set(resolve(world, cut.from));
      const to = new Set(resolve(world, cut.to));
      return (a, b) => a !== b && from.has(a) && to.has(b);
    }
    case 'majorities-ring':
      return outsideMajority(world.nodes.length);
  }
}

/** Each name on the first side that has it; sides that are empty then are left out. */
function sidesOf(
  world: World,
  sides: readonly (readonly NodeRef[])[],
  except: readonly number[],
): string[][] {
  const taken = new Set(except);
  const resolved = sides.map((side) => {
    const own = resolve(world, side).filter((actor) => !taken.has(actor));
    for (const actor of own) taken.add(actor);
    return namesOf(world, own);
  });
  return resolved.filter((side) => side.length > 0);
}

function twoSides<C extends { readonly sides: readonly unknown[] }>(cut: C): C | null {
  return cut.sides.length < 2 ? null : cut;
}

/** With `rest`, the nodes that are named nowhere form a side of their own. */
function differentSides(
  world: World,
  sides: readonly (readonly string[])[],
  rest: boolean,
): Severs {
  const sideOf = new Int32Array(world.actors).fill(-1);
  if (rest) sideOf.fill(0, 0, world.nodes.length);
  sides.forEach((side, i) => {
    for (const actor of resolve(world, side)) sideOf[actor] = i + 1;
  });
  return (from, to) => {
    const side = sideOf[from] as number;
    const other = sideOf[to] as number;
    return side !== other && side >= 0 && other >= 0;
  };
}

/**
 * On a ring each node keeps its nearest neighbours, as many on either side, until it sees a
 * majority; with an odd number to keep, the opposite node makes it up, or one more on either side
 * where none is opposite. Three nodes have no such ring: there the first and the last lose sight.
 */
function outsideMajority(nodes: number): Severs {
  if (nodes === 3) return (from, to) => from + to === 2 && from !== to;
  const keep = Math.floor(nodes / 2);
  const opposite = keep % 2 === 1 && nodes % 2 === 0;
  const reach = opposite ? (keep - 1) / 2 : Math.ceil(keep / 2);
  return (from, to) => {
    if (from >= nodes || to >= nodes) return false;
    const gap = Math.abs(from - to);
    const distance = Math.min(gap, nodes - gap);
    return distance > reach && !(opposite && distance === nodes / 2);
  };
}

/** A drawn side of the given size against the rest. */
function cutAt(world: World, size: number): Concrete | null {
  const order = shuffled(world.nodes.length, (bound) => drawFault(world, bound));
  const ascending = (a: number, b: number) => a - b;
  const sides = [order.slice(0, size), order.slice(size)];
  const named = sides.map((side) => namesOf(world, side.toSorted(ascending)));
  return twoSides({ kind: 'partition' as const, sides: named.filter((side) => side.length > 0) });
}

function regionPartition(world: World, regions: readonly string[]): Concrete | null {
  const cut = regions.map((region) => nodesOfRegion(world, region));
  const inside = new Set(cut.flat());
  const rest = world.nodes.filter(({ index }) => !inside.has(index)).map(({ index }) => index);
  const sides = [...cut, rest].map((side) => namesOf(world, side));
  return twoSides({ kind: 'partition' as const, sides: sidesOf(world, sides, []) });
}

function randomPartition(world: World): Concrete | null {
  const count = world.nodes.length;
  if (count < 2) return null;
  const draw = (bound: number) => drawFault(world, bound);
  const shape = draw(count < 3 ? 3 : 5);
  if (shape === 0) return cutAt(world, 1 + draw(count - 1));
  if (shape === 4) return concrete(world, { kind: 'majorities-ring' });
  const order = namesOf(world, shuffled(count, draw));
  const first = order.slice(0, 1);
  if (shape === 1) return { kind: 'isolate', nodes: first };
  if (shape === 2) {
    const cut = { kind: 'one-way', from: first, to: order.slice(1) } as const;
    return draw(2) === 0 ? cut : { ...cut, from: cut.to, to: cut.from };
  }
  const middle = 1 + Math.ceil((count - 1) / 2);
  return { kind: 'bridge', bridge: first, sides: [order.slice(1, middle), order.slice(middle)] };
}
