/** The laws of merging, for every replicated type, over states that replicas can reach. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conflictMutants } from '../../protocols/conflict-resolution/mutants.ts';
import { paperRules } from '../../protocols/conflict-resolution/rules.ts';
import { canonicalText } from '../../protocols/conflict-resolution/types/canonical.ts';
import { replicatedTypes, typeNames } from '../../protocols/conflict-resolution/types/index.ts';
import type { ReplicatedType } from '../../protocols/conflict-resolution/types/type.ts';
import type { Plain } from '../../sim/engine/protocol.ts';

const SEED = 20261128;
const runs = { seed: SEED, numRuns: 300 };

const command = fc.oneof(
  fc.record({ type: fc.constant('put'), value: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('append'), value: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('remove'), value: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('add'), by: fc.integer({ min: -3, max: 5 }) }),
  fc.constant({ type: 'delete' }),
);

/** One of three replicas updates its state, or merges another one's. */
const step = fc.oneof(
  fc.record({
    at: fc.nat(2),
    command,
    client: fc.nat(1),
    reads: fc.boolean(),
    // Clocks disagree, and several writes may have one time.
    timestamp: fc.nat(5),
  }),
  fc.record({ at: fc.nat(2), from: fc.nat(2) }),
);

interface Reached {
  readonly states: readonly [Plain, Plain, Plain];
  readonly deltas: readonly Plain[];
}

const steps = fc.array(step, { minLength: 3, maxLength: 14 });

type Steps = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

function reach(type: ReplicatedType, path: Steps): Reached {
  const states: [Plain, Plain, Plain] = [type.initial, type.initial, type.initial];
  const deltas: Plain[] = [];
  const counters = [0, 0, 0];
  let sequence = 0;
  const state = (at: number) => states[at] as Plain;
  for (const one of path) {
    if ('from' in one) {
      states[one.at] = type.merge(state(one.at), state(one.from));
      continue;
    }
    const counter = (counters[one.at] ?? 0) + 1;
    const delta = type.update(state(one.at), one.command, {
      node: `n${one.at + 1}`,
      counter,
      timestamp: one.timestamp,
      client: `c${one.client + 1}`,
      sequence: ++sequence,
      context: one.reads ? (type.contextOf?.(state(one.at)) ?? null) : null,
    });
    if (delta === null) continue;
    counters[one.at] = counter;
    deltas.push(delta);
    states[one.at] = type.merge(state(one.at), delta);
  }
  return { states, deltas };
}

const same = (one: Plain, other: Plain) => canonicalText(one) === canonicalText(other);

type Law = (type: ReplicatedType, reached: Reached) => boolean;

const laws: Readonly<Record<string, Law>> = {
  commutative: (type, { states: [a, b] }) => same(type.merge(a, b), type.merge(b, a)),
  associative: (type, { states: [a, b, c] }) =>
    same(type.merge(type.merge(a, b), c), type.merge(a, type.merge(b, c))),
  idempotent: (type, { states: [a, b] }) => {
    const merged = type.merge(a, b);
    return same(type.merge(merged, b), merged) && same(type.merge(a, a), a);
  },
  'the same from deltas, in any order and twice': (type, { states: [a, b, c], deltas }) => {
    const whole = type.merge(type.merge(a, b), c);
    const join = (all: readonly Plain[]) =>
      all.reduce((one, d) => type.merge(one, d), type.initial);
    const back = [...deltas, ...deltas.toReversed()];
    return same(join(deltas), whole) && same(join(back), whole);
  },
};

describe.each(typeNames)('%s', (name) => {
  test.each(Object.keys(laws))('merging is %s', (law) => {
    const holds = laws[law] as Law;
    fc.assert(
      fc.property(steps, (path) => {
        const type = replicatedTypes[name];
        expect(holds(type, reach(type, path))).toBe(true);
      }),
      runs,
    );
  });

  test('what a merged replica reads is a function of its state only', () => {
    const type = replicatedTypes[name];
    fc.assert(
      fc.property(steps, (path) => {
        const [a, b] = reach(type, path).states;
        expect(type.value(type.merge(a, b))).toEqual(type.value(type.merge(b, a)));
      }),
      runs,
    );
  });
});

describe('a merge that a mutant breaks', () => {
  const broken = conflictMutants.filter(({ rules }) => rules.merges !== undefined);

  test.each(broken)('$id is no semilattice', ({ type: name, rules }) => {
    const type = replicatedTypes[name];
    const merge = (one: Plain, other: Plain) =>
      (rules.merges ?? paperRules.merges)(type, one, other);
    const wrong = { ...type, merge };
    const semilattice = ['commutative', 'associative', 'idempotent'].map((law) => laws[law] as Law);
    const property = fc.property(steps, (path) => {
      const reached = reach(type, path);
      return semilattice.every((law) => law(wrong, reached));
    });
    expect(fc.check(property, runs).failed).toBe(true);
  });
});
