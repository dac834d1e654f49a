/** A protocol of one's own under test: the README quotes this file. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { reporter, schedules, subject } from '../../sim/property/index.ts';
import * as lock from './lock.ts';

const cluster = { protocol: './test/examples/lock.ts', cluster_config: { nodes: 3 } };

test('the lock is held by one node at a time, whatever the network, disks and crashes do', () => {
  const anyRun = schedules(subject(cluster, lock), { batch: 10 });
  fc.assert(
    fc.property(anyRun, (run) => run.holds()),
    { seed: 1, numRuns: 100, reporter },
  );
});

test('a lease that the holder does not know of breaks it', () => {
  const leased = subject({ ...cluster, options: { lease: true } }, lock);
  const anyRun = schedules(leased, { batch: 10 });
  const found = fc.check(
    fc.property(anyRun, (run) => run.holds()),
    { seed: 1 },
  );
  expect(found.counterexample?.[0].steps.length).toBeLessThan(12);
});
