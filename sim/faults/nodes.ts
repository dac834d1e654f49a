/** Whom a fault means: names and placeholders, resolved at the moment it happens. */
import type { NodeRuntime, Observation, World } from '../engine/index.ts';
import type { NodeRef } from './fault.ts';

/** An integer in [0, bound), drawn on the stream of the faults. */
export function drawFault(world: World, bound: number): number {
  return world.draws.draw(world.draws.streams.faults, world.now, bound);
}

/**
 * The actors (nodes, then clients) that `refs` name, each once, in the order of first mention.
 * `{any}` is one drawn of the nodes that satisfy `fits`, or nobody when none does.
 */
export function resolve(
  world: World,
  refs: readonly NodeRef[],
  fits: (node: NodeRuntime) => boolean = () => true,
): number[] {
  const found = new Set<number>();
  for (const ref of refs) for (const actor of resolveOne(world, ref, fits)) found.add(actor);
  return [...found];
}

/** As `resolve`, but nodes only, and only those that satisfy `fits`. */
export function resolveNodes(
  world: World,
  refs: readonly NodeRef[],
  fits: (node: NodeRuntime) => boolean = () => true,
): number[] {
  return resolve(world, refs, fits).filter((actor) => {
    const node = world.nodes[actor];
    return node !== undefined && fits(node);
  });
}

/** The names of actors. */
export function namesOf(world: World, actors: readonly number[]): string[] {
  const names = [...world.actorIndex.keys()];
  return actors.map((actor) => names[actor] as string);
}

/** What a node says of itself, or null when it is down. */
export function observe(world: World, node: number): Observation | null {
  const { status, state } = world.nodes[node] as NodeRuntime;
  return status === 'down' || state === null ? null : world.protocol.observe(state);
}

/** The node that leads the highest epoch, as it believes itself; -1 when no node believes so. */
export function leaderOf(world: World): number {
  let leader = -1;
  let epoch = -Infinity;
  for (let i = 0; i < world.nodes.length; i++) {
    const seen = observe(world, i);
    if (seen === null || !seen.leads || seen.epoch <= epoch) continue;
    leader = i;
    epoch = seen.epoch;
  }
  return leader;
}

/** 0, 1, … in drawn order (Fisher and Yates). */
export function shuffled(count: number, draw: (bound: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = draw(i + 1);
    const swap = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swap;
  }
  return order;
}

/** The nodes of a region, by its name; none when there is no such region. */
export function nodesOfRegion(world: World, name: string): number[] {
  const { regions, regionNames } = world.network.config;
  const region = regionNames?.indexOf(name) ?? -1;
  return region < 0 ? [] : allNodes(world).filter((node) => regions?.[node] === region);
}

function resolveOne(
  world: World,
  ref: NodeRef,
  fits: (node: NodeRuntime) => boolean,
): readonly number[] {
  const region = /^\{region:(.+)\}$/.exec(ref)?.[1];
  if (region !== undefined) return nodesOfRegion(world, region);
  switch (ref) {
    case '{leader}': {
      const leader = leaderOf(world);
      return leader < 0 ? [] : [leader];
    }
    case '{followers}': {
      const leader = leaderOf(world);
      return allNodes(world).filter((i) => i !== leader && world.nodes[i]?.status === 'up');
    }
    case '{liars}':
      return allNodes(world).filter((node) => world.isByzantine(node));
    case '{minority}':
      return minority(world);
    case '{majority}': {
      const others = minority(world);
      return allNodes(world).filter((node) => !others.includes(node));
    }
    case '{any}': {
      const nodes = world.nodes.filter(fits);
      return nodes.length === 0
        ? []
        : [(nodes[drawFault(world, nodes.length)] as NodeRuntime).index];
    }
    default: {
      const actor = world.actorIndex.get(ref);
      return actor === undefined ? [] : [actor];
    }
  }
}

function minority(world: World): number[] {
  const size = Math.floor((world.nodes.length - 1) / 2);
  const leader = leaderOf(world);
  const others = allNodes(world).filter((node) => node !== leader);
  return [...(leader < 0 ? [] : [leader]), ...others].slice(0, size);
}

function allNodes(world: World): number[] {
  return world.nodes.map(({ index }) => index);
}
