/** The history checkers against brute force on very many histories; seeds 0 and up. */
import { differentials } from '../history/differential.ts';

/** Runs every duel on `cases` histories; a difference throws and names its seed. */
export function soakCheckers(cases: number, report: (done: number) => void): void {
  const duels = Object.entries(differentials);
  for (const [index, [name, run]] of duels.entries()) {
    for (let seed = 0; seed < cases; seed += 1) {
      try {
        run(seed);
      } catch (error) {
        throw new Error(`${name}, ${(error as Error).message}`, { cause: error });
      }
      if (seed % 1000 === 999) report(Math.floor((index * cases + seed) / duels.length));
    }
  }
}
