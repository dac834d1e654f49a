/** A subject with less in it: fewer nodes and clients, calmer weather, faster disks. */
import { timed, World, type Observer, type Violation } from '../engine/index.ts';
import { UnderSearch } from '../search/arm.ts';
import { editScenario, liarsIn, mayLie } from '../scenario/index.ts';
import type { Edit, Scenario, WrittenStep } from '../scenario/index.ts';
import { shrunkScenario, type Variant } from '../shrink/index.ts';
import { trySubject, type Subject } from './subject.ts';

/** What a variant's scenario expects: this violation, or nothing. */
type Expected = Pick<Violation, 'invariant'> | null;

/** The text of a scenario that performs the steps in the variant and stops. */
export function variantText(
  subject: Subject,
  variant: Variant,
  expected: Expected,
  schedule: readonly WrittenStep[],
  seed: string,
): string {
  const invariant = expected?.invariant ?? '';
  const whole = editScenario(subject.text, [
    ...withoutNodes(subject.scenario, variant.nodes),
    ...withNamedLiars(subject.scenario),
  ]);
  const foundIn = { ...variant, nodes: subject.scenario.cluster_config.nodes };
  const told = { variant, foundIn, violation: { invariant } };
  const text = shrunkScenario(whole, told, schedule, seed);
  const known = subject.prepare(seed).world.invariants.some(({ id }) => id === invariant);
  if (known) return text;
  // A handler that throws violates what no scenario can name.
  return editScenario(text, [
    { path: ['expect'], value: expected === null ? 'holds' : 'violates' },
  ]);
}

/** What is on the disks of nodes that are no more. */
function withoutNodes({ initial = {} }: Scenario, nodes: number): Edit[] {
  const gone = Object.keys(initial).filter((node) => Number(node.slice(1)) > nodes);
  return gone.map((node) => ({ path: ['initial', node], value: undefined }));
}

/** The timeline that says who lies will be gone. */
function withNamedLiars(scenario: Scenario): Edit[] {
  const isNamed = scenario.faults.some(({ byzantine }) => byzantine !== undefined);
  const { named, drawn } = liarsIn(scenario);
  if (!isNamed || drawn > 0) return [];
  return [{ path: ['network_assumptions', 'byzantine'], value: named }];
}

/** Of fewer nodes fewer may lie: a smaller cluster would be another question. */
function isOtherQuestion({ scenario }: Subject, { nodes }: Variant): boolean {
  const { network_assumptions: network, cluster_config: cluster } = scenario;
  return mayLie(network) && !scenario.beyond_tolerance && nodes !== cluster.nodes;
}

/** By variant and expectation; null where there is no such scenario. */
const made = new WeakMap<Subject, Map<string, Subject | null>>();

/**
 * The subject's variant, made from its own text: what is shrunk is what will be written. Null when
 * that text is no valid scenario (a mutant needs more nodes).
 */
function variantOfSubject(subject: Subject, variant: Variant, expected: Expected): Subject | null {
  const known = made.get(subject) ?? new Map<string, Subject | null>();
  made.set(subject, known);
  const key = `${JSON.stringify(variant)} ${expected?.invariant}`;
  let found = known.get(key);
  if (found === undefined) {
    const text = variantText(subject, variant, expected, [], 'variant');
    const parsed = trySubject(text, subject.file, subject.catalogue);
    found = typeof parsed === 'string' ? null : parsed;
    known.set(key, found);
  }
  return found;
}

/** What a run in the variant is to show. */
export interface Aim {
  /** Null: whatever it shows. */
  readonly violation: Expected;
  readonly inTime: boolean;
}

/** A world of the variant before its first event; null when there is no such variant. */
export function variantWorld(
  subject: Subject,
  variant: Variant,
  seed: string,
  { violation, inTime }: Aim,
  observer: Observer | null = null,
): World | null {
  // The timeline says when faults are over: without it whatever is down stays down.
  if (inTime && variant.weather !== 'as configured') return null;
  if (isOtherQuestion(subject, variant)) return null;
  const found = variantOfSubject(subject, variant, violation);
  if (found === null) return null;
  const world = new World(found.prepare(seed).world, timed, observer);
  // As in a search: time that passes while nothing happens proves nothing.
  if (!inTime) world.director = new UnderSearch(world.director);
  return world;
}
