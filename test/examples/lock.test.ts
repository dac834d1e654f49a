/** A protocol of one's own under test: the README quotes this file. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { reporter, schedules, subject } from '../../sim/property/index.ts';
import * as lock from './lock.ts';

const cluster = { protocol: './test/examples/lock.ts', cluster_config: { nodes: 3 } };

test('one node at a time holds the lock, whatever network, disks and crashes do', () => {
  const anyRun = schedules(subject(cluster, lock), { batch: 10 });
  const safe = fc.property(anyRun, (run) => run.holds());
  fc.assert(safe, { seed: 1, numRuns: 100, reporter });
});

test('a lease of which its holder does not know is found out in a few events', () => {
  const leased = subject({ ...cluster, options: { lease: true } }, lock);
  const safe = fc.property(schedules(leased), (run) => run.holds());
  const { counterexample } = fc.check(safe, { seed: 1 });
  expect(counterexample?.[0].steps.length).toBeLessThan(10);
});
