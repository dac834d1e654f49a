/** Primary–backup replication's line in the table: its options, its invariants, its mutants. */
import { z } from 'zod';
import { replicationInvariants } from '../../invariants/replication/index.ts';
import { mutatedReplication, replicationMutants } from '../../protocols/replication/mutants.ts';
import { scaledOptions, type ReplicationOptions } from '../../protocols/replication/options.ts';
import { spreadingClient } from '../../protocols/replication/requests.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const milliseconds = z.number().positive().max(3_600_000);

const optionsSchema = z
  .strictObject({
    acknowledgement: z
      .enum(['synchronous', 'semi-synchronous', 'asynchronous'], {
        error: 'expected synchronous, semi-synchronous or asynchronous',
      })
      .optional()
      .describe(
        'When a write is acknowledged: all backups have it, wait_for of them, or the primary ' +
          'alone (a failover may lose it). Default: semi-synchronous.',
      ),
    wait_for: z
      .int()
      .min(1)
      .max(999)
      .optional()
      .describe('Backups that a semi-synchronous write waits for. Default 1.'),
    fallback_ms: milliseconds
      .optional()
      .describe(
        'After so long without an acknowledgement the primary goes on alone, as MySQL does ' +
          '(10000). Left out: it waits, as PostgreSQL does.',
      ),
    reads: z
      .enum(['log', 'primary', 'replica'], { error: 'expected log, primary or replica' })
      .optional()
      .describe(
        'How get is answered: as a command through the log; by whoever believes to be the ' +
          'primary, from its own state; by any replica (stale by the lag). Default: log.',
      ),
    apply_ms: z
      .number()
      .min(0)
      .max(3_600_000)
      .optional()
      .describe('How long a backup takes to apply one write. Default 0.'),
    failover_timeout_ms: z
      .tuple([milliseconds, milliseconds], {
        error: 'expected the least and the most, such as [150, 300]',
      })
      .refine(([least, most]) => least <= most, { error: 'expected the smaller number first' })
      .optional()
      .describe(
        'A backup that hears no primary for so long proposes a view. Left out: by latency.',
      ),
    heartbeat_ms: milliseconds
      .optional()
      .describe('Between heartbeats; left out: a third of the least failover timeout.'),
    max_entries: z.int().min(1).max(1_000_000).optional().describe('In one message. Default 64.'),
  })
  .describe('Options of primary–backup replication.');

type Written = z.output<typeof optionsSchema>;

export const replicationEntry: ProtocolEntry = {
  name: 'replication',
  description: 'Primary and backups: synchronous, semi-synchronous or asynchronous log shipping.',
  create: (mutants) => erase(mutatedReplication(mutants)),
  optionsSchema,
  options,
  optionProblems,
  // One entry a message: more can go wrong in fewer events.
  searchOptions: () => ({ max_entries: 1 }),
  client: (chosen) =>
    (chosen as ReplicationOptions).reads === 'replica' ? spreadingClient : undefined,
  consistency: 'linearizable',
  invariants: replicationInvariants,
  mutants: replicationMutants.map((mutant) => mutantEntry('replication', mutant)),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate, dedupWindowMs }: ClusterFacts,
): ReplicationOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const scaled = scaledOptions(latencyMs, syncMs);
  const [failoverMinMs, failoverMaxMs] = written.failover_timeout_ms ?? [
    scaled.failoverMinMs,
    scaled.failoverMaxMs,
  ];
  return Object.freeze({
    acknowledgement: written.acknowledgement ?? scaled.acknowledgement,
    waitFor: written.wait_for ?? scaled.waitFor,
    fallbackMs: written.fallback_ms ?? scaled.fallbackMs,
    reads: written.reads ?? scaled.reads,
    applyMs: written.apply_ms ?? scaled.applyMs,
    failoverMinMs,
    failoverMaxMs,
    heartbeatMs: written.heartbeat_ms ?? Math.max(1, Math.floor(failoverMinMs / 3)),
    maxEntries: written.max_entries ?? scaled.maxEntries,
    deduplicate,
    dedupWindowMs,
  });
}

/** More backups than there are never answer. */
function optionProblems(written: Readonly<Record<string, unknown>>, nodes: number) {
  const { wait_for: waitFor = 0 }: Written = optionsSchema.parse(written);
  if (waitFor < nodes || waitFor <= 1) return [];
  const message = `expected at most ${nodes - 1}, the number of backups, found ${waitFor}`;
  return [{ option: 'wait_for', message }];
}
