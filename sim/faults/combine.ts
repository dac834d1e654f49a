/** Several directors over one world. */
import { mix } from '../engine/index.ts';
import type { Director, World } from '../engine/index.ts';

/**
 * Directs with each in turn. `pending` is the sum, so faults that two of them see count twice: it
 * is zero exactly when it is zero for each.
 */
export function combine(...directors: readonly Director[]): Director {
  return {
    begin(world: World) {
      for (const director of directors) director.begin(world);
    },
    afterEvent(world: World, actor: number) {
      for (const director of directors) director.afterEvent(world, actor);
    },
    get pending() {
      let sum = 0;
      for (const director of directors) sum += director.pending;
      return sum;
    },
    hash() {
      let h = directors.length;
      for (const director of directors) h = mix(h, director.hash());
      return h;
    },
    fork: () => combine(...directors.map((director) => director.fork())),
  };
}
