/** Opens scenarios in the page: with the protocols that the page was built with. */
import type { Strategy } from '../../engine/index.ts';
import { catalogue } from '../../registry/index.ts';
import { editScenario, formatProblems, loadScenario, moduleNamedIn } from '../../scenario/index.ts';
import { prepare, type Prepared } from '../../scenario/index.ts';
import { valueOf } from '../../engine/strategy.ts';
import type { DrawKey } from '../../engine/index.ts';
import type { TracedDraw } from '../../trace/draws.ts';

/** A scenario that is ready to run, or a sentence why it cannot. */
export function prepareText(text: string, file: string, seed: string): Prepared | string {
  const module = moduleNamedIn(text);
  if (module !== null) {
    return (
      `this page was built without the module ${module}: its runs can be looked at here, ` +
      'but not changed'
    );
  }
  const loaded = loadScenario(text, { file, catalogue });
  if (!loaded.ok) return formatProblems(loaded.problems).trimEnd();
  return prepare(loaded.scenario, { seed, catalogue });
}

/** The scenario's text with other values at its top. */
export function rewritten(text: string, fields: Readonly<Record<string, unknown>>): string {
  return editScenario(
    text,
    Object.entries(fields).map(([field, value]) => ({ path: [field], value })),
  );
}

/** Gives the draws that a trace knows, and the seed's own for all others. */
export function knownDraws(order: Strategy['order'], draws: readonly TracedDraw[]): Strategy {
  const known = new Map<DrawKey, number>(draws);
  return {
    name: 'fork',
    order,
    begin() {},
    choose: () => 0,
    draw(key, bound) {
      const value = known.get(key);
      return value === undefined || value >= bound ? valueOf(key, bound) : value;
    },
  };
}
