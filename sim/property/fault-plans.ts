/** Fault plans as a fast-check arbitrary: timelines of faults as a scenario writes them. */
import * as fc from 'fast-check';
import type { ScenarioInput } from '../scenario/index.ts';
import { writeYaml } from '../scenario/write.ts';
import { Drafted, fewer, smaller } from './drafted.ts';

/** The `faults` of a scenario; as text it is YAML. */
export type FaultPlan = NonNullable<ScenarioInput['faults']>;

export interface FaultPlansOptions {
  /** They are n1, n2, …; default 3. */
  readonly nodes?: number;
  /** All faults begin within so many milliseconds; default 5,000. */
  readonly withinMs?: number;
  /** At most so many; default 4. */
  readonly most?: number;
  /** Default: all kinds. */
  readonly kinds?: readonly PlanKind[];
}

export const planKinds = ['partition', 'one-way', 'crash', 'pause', 'loss', 'delay'] as const;
export type PlanKind = (typeof planKinds)[number];

/** A fault before anybody knows how many nodes there are. */
export interface FaultDraft {
  readonly kind: PlanKind;
  /** Says who is concerned; any number serves any cluster. */
  readonly who: number;
  readonly atMs: number;
  readonly forMs: number;
}

/** Shrinks by dropping faults, then by shortening them, then by moving them to the beginning. */
export function faultPlans(options: FaultPlansOptions = {}): fc.Arbitrary<FaultPlan> {
  const { nodes = 3 } = options;
  return new Drafted<readonly FaultDraft[], FaultPlan>({
    draw: (mrng) => drawFaults(mrng, options),
    make: (drafts) => readable(drafts.map((draft) => faultEntry(draft, nodes))),
    simpler: function* (drafts) {
      yield* fewer(drafts);
      yield* sooner(drafts);
    },
  });
}

export function drawFaults(mrng: fc.Random, options: FaultPlansOptions): FaultDraft[] {
  const { withinMs = 5000, most = 4, kinds = planKinds } = options;
  return Array.from({ length: mrng.nextInt(0, most) }, () => ({
    kind: kinds[mrng.nextInt(0, kinds.length - 1)] as PlanKind,
    who: mrng.nextInt(0, 0xffff),
    atMs: mrng.nextInt(0, withinMs - 1),
    forMs: mrng.nextInt(1, withinMs),
  }));
}

/** The same faults, shorter or earlier, one at a time. */
export function* sooner(drafts: readonly FaultDraft[]): Generator<readonly FaultDraft[]> {
  for (const [i, draft] of drafts.entries()) {
    for (const forMs of smaller(draft.forMs, 1)) yield drafts.with(i, { ...draft, forMs });
    for (const atMs of smaller(draft.atMs, 0)) yield drafts.with(i, { ...draft, atMs });
  }
}

/** The fault as an entry of the timeline of a cluster of so many nodes. */
export function faultEntry(draft: FaultDraft, nodes: number): FaultPlan[number] {
  const { kind, who, atMs, forMs } = draft;
  const when = { at: `${atMs}ms`, for: `${forMs}ms` };
  const one = `n${(who % nodes) + 1}`;
  const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const others = names.filter((name) => name !== one);
  if (others.length === 0) return { ...when, crash: one };
  switch (kind) {
    case 'partition':
      return { ...when, partition: sidesOf(names, who) };
    case 'one-way':
      return {
        ...when,
        'one-way': who & 1 ? { from: one, to: others } : { from: others, to: one },
      };
    case 'crash':
    case 'pause':
      return { ...when, [kind]: one };
    case 'loss':
      return { ...when, loss: { probability: ((who % 9) + 1) / 10, between: [one] } };
    case 'delay':
      return { ...when, delay: { median: `${(who % 200) + 1}ms`, between: [one] } };
  }
}

/** Two sides, neither of them empty; whatever the number, the last node is on the second. */
function sidesOf(names: readonly string[], who: number): string[][] {
  const mask = (who % ((1 << Math.min(15, names.length - 1)) - 1)) + 1;
  const isFirst = (i: number) => ((mask >> i) & 1) === 1;
  return [names.filter((_, i) => isFirst(i)), names.filter((_, i) => !isFirst(i))];
}

/** The plan with a text of its own for fast-check's reports. */
function readable(plan: FaultPlan): FaultPlan {
  const toText = () => (plan.length === 0 ? 'faults: []' : writeYaml({ faults: plan }).trimEnd());
  return Object.defineProperty(plan, fc.toStringMethod, { value: toText });
}
