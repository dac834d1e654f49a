/** Percolator in the table: its options, its invariants, its mutants. */
import { z } from 'zod';
import { percolatorInvariants } from '../../invariants/transactions/percolator.ts';
import {
  mutatedPercolator,
  percolatorMutants,
} from '../../protocols/transactions/percolator/mutants.ts';
import { defaultOptions } from '../../protocols/transactions/percolator/state.ts';
import type { PercolatorOptions } from '../../protocols/transactions/percolator/state.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';
import { nameProblems } from './placement.ts';

const milliseconds = z.number().positive().max(3_600_000).optional();

const optionsSchema = z
  .strictObject({
    oracle: z.string().optional().describe('The node that gives all timestamps. Default: n1.'),
    placement: z
      .record(z.string(), z.string())
      .optional()
      .describe('Where keys live: { x: n2, y: n3 }; the others live where their hash says.'),
    isolation: z
      .enum(['snapshot', 'serializable'], { error: 'expected snapshot or serializable' })
      .optional()
      .describe(
        'snapshot: two transactions conflict when both write a key. serializable: reads are ' +
          'locked, too, so that there is no write skew. Default: snapshot.',
      ),
    resend_ms: milliseconds.describe('What is not answered is said again after so long.'),
    lock_ttl_ms: milliseconds.describe(
      'A lock that is older counts as left behind by a crash; left out: by the latency.',
    ),
    attempts: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How often a transaction is tried before it is given up. Default 20.'),
    backoff_ms: milliseconds.describe('Before the first retry; doubled with each. Default 5.'),
  })
  .describe('Options of Percolator.');

type Written = z.output<typeof optionsSchema>;

export const percolatorEntry: ProtocolEntry = {
  name: 'percolator',
  description: 'Snapshot isolation over shards: a timestamp oracle, locks in the rows.',
  create: (mutants) => erase(mutatedPercolator(mutants)),
  optionsSchema,
  options,
  optionProblems: (written, nodes) =>
    nameProblems({ ...written, coordinator: written['oracle'] }, nodes).map((problem) =>
      problem.option === 'coordinator' ? { ...problem, option: 'oracle' } : problem,
    ),
  consistency: 'strong-snapshot-isolation',
  invariants: percolatorInvariants,
  operations: 'list-append',
  mutants: percolatorMutants.map((mutant) => mutantEntry('percolator', mutant)),
  searchOptions: () => ({ lock_ttl_ms: 1, resend_ms: 5 }),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate }: ClusterFacts,
): PercolatorOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const answerMs = 2 * (latencyMs + syncMs);
  const resendMs = written.resend_ms ?? Math.max(defaultOptions.resendMs, Math.ceil(3 * answerMs));
  return Object.freeze({
    oracle: written.oracle ?? defaultOptions.oracle,
    placement: Object.freeze(written.placement ?? {}),
    isolation: written.isolation ?? defaultOptions.isolation,
    resendMs,
    lockTtlMs: written.lock_ttl_ms ?? 4 * resendMs,
    attempts: written.attempts ?? defaultOptions.attempts,
    backoffMs: written.backoff_ms ?? defaultOptions.backoffMs,
    deduplicate,
  });
}
