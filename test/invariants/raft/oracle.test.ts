/** The incremental monitors against a naive reading of Figure 3, over random changes of states. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figure3 } from '../../../invariants/raft/index.ts';
import type { Finding, Invariant } from '../../../sim/engine/index.ts';
import { Naive, type Property } from '../../helpers/naive-raft-invariants.ts';
import { Cluster, noOp, put } from '../../helpers/raft-cluster.ts';

const SEED = 20260501;
const SERVERS = 3;

const server = fc.nat(SERVERS - 1);
const small = fc.nat(3);

/** Steps of a protocol that is Raft in outline, and wrong wherever the draw says so. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('elect' as const),
    node: server,
    skip: fc.constantFrom(0, 1, 1, 1),
  }),
  fc.record({ kind: fc.constant('follow' as const), node: server }),
  fc.record({ kind: fc.constant('append' as const), node: server, value: small }),
  fc.record({
    kind: fc.constant('copy' as const),
    node: server,
    from: server,
    upTo: small,
    careless: fc.constantFrom(false, false, false, true),
  }),
  fc.record({ kind: fc.constant('truncate' as const), node: server, by: small }),
  fc.record({ kind: fc.constant('commit' as const), node: server, by: small }),
  fc.record({ kind: fc.constant('apply' as const), node: server, tooFar: small }),
  fc.record({ kind: fc.constant('restart' as const), node: server }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const steps = fc.array(step, { minLength: 5, maxLength: 40 });

function perform(cluster: Cluster, one: Step): Finding | null {
  const { node } = one;
  const state = cluster.state(node);
  const { log } = state;
  switch (one.kind) {
    case 'elect': {
      const terms = cluster.nodes.map((other) => other.state?.currentTerm ?? 0);
      const currentTerm = Math.max(...terms) + one.skip;
      log.append(noOp(currentTerm));
      return cluster.event(node, { role: 'leader', currentTerm });
    }
    case 'follow':
      return cluster.event(node, { role: 'follower' });
    case 'append':
      return cluster.append(node, put(state.currentTerm, one.value));
    case 'copy': {
      const source = cluster.state(one.from);
      const last = Math.min(source.log.lastIndex, log.lastIndex + one.upTo);
      let first = 1;
      while (first <= last && log.at(first) === source.log.at(first)) first++;
      if (one.careless) first = Math.max(first, last);
      if (first <= last) log.truncate(first - 1);
      while (log.lastIndex < last) {
        const entry = source.log.at(log.lastIndex + 1);
        if (entry !== undefined) log.append(entry);
      }
      const currentTerm = Math.max(state.currentTerm, source.currentTerm);
      const role = currentTerm === state.currentTerm ? state.role : 'follower';
      return cluster.event(node, { currentTerm, role });
    }
    case 'truncate':
      log.truncate(Math.max(state.commitIndex, log.lastIndex - one.by));
      return cluster.event(node);
    case 'commit':
      return cluster.commit(node, Math.min(log.lastIndex, state.commitIndex + one.by));
    case 'apply':
      return cluster.event(node, {
        lastApplied: Math.max(
          state.lastApplied,
          Math.min(log.lastIndex, state.commitIndex + one.tooFar),
        ),
      });
    case 'restart':
      return cluster.restart(node);
  }
}

/** At which step each of the two sees the property violated; Infinity for never. */
function compareOn(invariant: Invariant, all: readonly Step[]): { ours: number; naive: number } {
  const property = invariant.id.slice('raft/'.length) as Property;
  const cluster = new Cluster(SERVERS, invariant);
  const oracle = new Naive();
  let [ours, naive] = [Infinity, Infinity];
  for (let i = 0; i < all.length && Math.min(ours, naive) === Infinity; i++) {
    const one = all[i] as Step;
    if (perform(cluster, one) !== null) ours = i;
    if (oracle.check(cluster, one.node).has(property)) naive = i;
  }
  return { ours, naive };
}

describe(`over random states (seed ${SEED})`, () => {
  const exact = figure3.filter(({ id }) => id !== 'raft/leader-completeness');

  test.each(exact.map((invariant) => [invariant.id, invariant] as const))(
    '%s is violated exactly when and exactly where the naive reading says so',
    (_id, invariant) => {
      let violated = 0;
      fc.assert(
        fc.property(steps, (all) => {
          const { ours, naive } = compareOn(invariant, all);
          expect(ours).toBe(naive);
          if (ours < Infinity) violated++;
        }),
        { seed: SEED, numRuns: 1500 },
      );
      expect(violated).toBeGreaterThan(50);
    },
  );

  test('leader completeness is as the naive reading says, as long as logs match', () => {
    const [, , logMatching, leaderCompleteness] = figure3 as [
      Invariant,
      Invariant,
      Invariant,
      Invariant,
    ];
    let violated = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const { ours, naive } = compareOn(leaderCompleteness, all);
        const mismatch = compareOn(logMatching, all).ours;
        if (Math.min(ours, naive) >= mismatch) return;
        expect(ours).toBe(naive);
        if (ours < Infinity) violated++;
      }),
      { seed: SEED, numRuns: 3000 },
    );
    expect(violated).toBeGreaterThan(50);
  });

  test.each(figure3.map((invariant) => [invariant.id, invariant] as const))(
    '%s: a fork goes on as its parent would have, and leaves its parent alone',
    (_id, invariant) => {
      fc.assert(
        fc.property(steps, steps, steps, (start, one, other) => {
          const cluster = new Cluster(SERVERS, invariant);
          if (start.some((first) => perform(cluster, first) !== null)) return;
          const hash = cluster.monitor.hash?.();
          const fork = cluster.fork(invariant);
          const twin = cluster.fork(invariant);
          expect(fork.monitor.hash?.()).toBe(hash);
          outcome(fork, other);
          expect(cluster.monitor.hash?.()).toBe(hash);
          expect(outcome(cluster, one)).toEqual(outcome(twin, one));
          expect(twin.monitor.hash?.()).toBe(cluster.monitor.hash?.());
        }),
        { seed: SEED, numRuns: 300 },
      );
    },
  );
});

/** The first finding and its step. */
function outcome(cluster: Cluster, all: readonly Step[]) {
  for (const [i, one] of all.entries()) {
    const finding = perform(cluster, one);
    if (finding !== null) return { i, finding };
  }
  return null;
}
