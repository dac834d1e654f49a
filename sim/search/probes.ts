/** What should be so at the end of some run: else the search has looked elsewhere. */
import type { Observation, World } from '../engine/index.ts';

export interface Probe {
  readonly id: string;
  /** A sentence that is sometimes true. */
  readonly title: string;
  holds(world: World): boolean;
}

export const defaultProbes: readonly Probe[] = [
  {
    id: 'leader',
    title: 'a node leads',
    holds: (world) => observations(world).some(({ leads }) => leads),
  },
  {
    id: 'two-leaders',
    title: 'two nodes lead, each an epoch of its own',
    holds: (world) => observations(world).filter(({ leads }) => leads).length > 1,
  },
  {
    id: 'decided',
    title: 'a position is decided',
    holds: (world) => observations(world).some(({ decided }) => decided > 0),
  },
  {
    id: 'conflict',
    title: 'two logs differ at a position that both have',
    holds: (world) => haveConflict(observations(world)),
  },
  {
    id: 'restart',
    title: 'a node that crashed is up again',
    holds: (world) =>
      world.nodes.some(({ incarnation, status }) => incarnation > 0 && status === 'up'),
  },
];

function observations(world: World): Observation[] {
  const seen: Observation[] = [];
  for (const { state } of world.nodes) if (state !== null) seen.push(world.protocol.observe(state));
  return seen;
}

function haveConflict(seen: readonly Observation[]): boolean {
  return seen.some(({ log }) =>
    seen.some(({ log: other }) => {
      if (log === null || other === null) return false;
      const last = Math.min(log.lastIndex, other.lastIndex);
      for (let index = Math.max(log.firstIndex, other.firstIndex); index <= last; index++) {
        if (log.termAt(index) !== other.termAt(index)) return true;
      }
      return false;
    }),
  );
}
