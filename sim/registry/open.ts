/** From the text of a scenario to a scenario that can run, by the names that everybody knows. */
import {
  loadScenario,
  prepare,
  type Catalogue,
  type Prepared,
  type Problem,
  type Scenario,
} from '../scenario/index.ts';
import { catalogueFor } from './user-modules.ts';

/** A scenario that has passed all checks. */
export interface OpenScenario {
  readonly scenario: Scenario;
  /** With the user's own protocol, if the scenario names one. */
  readonly catalogue: Catalogue;
  /** A world of its own for each run. */
  prepare(seed: string): Prepared;
}

export type Opened =
  | { readonly ok: true; readonly open: OpenScenario }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads and checks a scenario. `file` is the name under which problems are reported, and where a
 * user's own modules are looked for.
 */
export async function openScenario(text: string, file: string, known: Catalogue): Promise<Opened> {
  const catalogue = await catalogueFor(text, file, known);
  const loaded = loadScenario(text, { file, catalogue });
  if (!loaded.ok) return loaded;
  const { scenario } = loaded;
  return {
    ok: true,
    open: { scenario, catalogue, prepare: (seed) => prepare(scenario, { seed, catalogue }) },
  };
}
