/** The adversary of a world, made when it is first needed. */
import type { World } from '../../engine/index.ts';
import { propose } from './behaviours.ts';
import { Liars, type LiarsConfig } from './liars.ts';

/** For a world's configuration. */
export function makeLiars(config: LiarsConfig): Liars {
  return new Liars(config, propose);
}

/** The world's own; one that knows of no liar yet where there was none. */
export function liarsOf(world: World): Liars {
  const { adversary } = world;
  if (adversary instanceof Liars) return adversary;
  const liars = makeLiars({ named: [], drawn: 0, own: null });
  world.adversary = liars;
  return liars;
}
