/** The strategies that a search may be told to use, by their names. */
import { nearest } from '../scenario/index.ts';
import { arms, defaultPortfolio, only, type Portfolio } from '../search/index.ts';
import { UsageError } from './exit.ts';

/** Not by chance: a command of its own behind `schism search`. */
export const EXHAUSTIVE = 'exhaustive';

/** The default first. */
const byChance: readonly string[] = [defaultPortfolio.name, ...arms.map((arm) => arm.name)];

/** `others`: what the command that asks knows besides, which is no portfolio. */
export function portfolioNamed(name: string, others: readonly string[] = []): Portfolio {
  if (name === defaultPortfolio.name) return defaultPortfolio;
  const arm = arms.find((candidate) => candidate.name === name);
  if (arm !== undefined) return only(arm);
  if (name === EXHAUSTIVE) {
    throw new UsageError(`--strategy: ${EXHAUSTIVE} is for schism search only`);
  }
  const names = [...byChance, ...others];
  const near = nearest(name, names);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  throw new UsageError(
    `--strategy: there is no strategy "${name}"${hint} (there are: ${names.join(', ')})`,
  );
}
