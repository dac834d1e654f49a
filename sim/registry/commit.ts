/** Two- and three-phase commit in the table: their options, their invariants, their mutants. */
import { z } from 'zod';
import {
  threePhaseInvariants,
  threePhaseWeaknesses,
  twoPhaseInvariants,
  twoPhaseWeaknesses,
} from '../../invariants/transactions/index.ts';
import { threePhaseCommit } from '../../protocols/transactions/commit/index.ts';
import { commitMutants, mutatedCommit } from '../../protocols/transactions/commit/mutants.ts';
import { defaultOptions, type CommitOptions } from '../../protocols/transactions/commit/options.ts';
import { deadlockPolicies } from '../../protocols/transactions/locking/deadlocks.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';
import { nameProblems } from './placement.ts';

const milliseconds = z.number().positive().max(3_600_000).optional();

const optionsSchema = z
  .strictObject({
    coordinator: z
      .string()
      .optional()
      .describe('The node that coordinates all transactions: n1. Left out: whoever is asked.'),
    shards: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('The nodes that hold keys: [n2, n3]. Left out: all.'),
    placement: z
      .record(z.string(), z.string())
      .optional()
      .describe('Where keys live: { x: n2, y: n3 }; the others live where their hash says.'),
    deadlocks: z
      .enum(deadlockPolicies, { error: `expected ${deadlockPolicies.join(', ')}` })
      .optional()
      .describe(
        'What is done about deadlocks. wait-die, wound-wait: prevention by age. ordering: locks ' +
          'are taken in the order of keys. detection: by a waits-for graph. timeout: who waits ' +
          'too long gives up. none: nothing. Default: wait-die.',
      ),
    termination: z
      .enum(['coordinator', 'cooperative'], { error: 'expected coordinator or cooperative' })
      .optional()
      .describe('Whom a participant in doubt asks; cooperative: its fellows, too.'),
    resend_ms: milliseconds.describe(
      'What is not answered is said again after so long; left out: by the latency.',
    ),
    patience: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('After so many times without an answer a node counts as failed. Default 4.'),
    lock_timeout_ms: milliseconds.describe('With timeout: how long a step waits for its lock.'),
    detect_ms: milliseconds.describe('With detection: how often shards report who waits.'),
    attempts: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How often a transaction is tried before it is given up. Default 20.'),
    backoff_ms: milliseconds.describe('Before the first retry; doubled with each. Default 5.'),
  })
  .describe('Options of the commit protocols.');

type Written = z.output<typeof optionsSchema>;

export const twoPhaseCommitEntry: ProtocolEntry = {
  name: 'two-phase-commit',
  description: 'Transactions over shards: two-phase locking, two-phase commit, presumed abort.',
  create: (mutants) => erase(mutatedCommit(mutants)),
  optionsSchema,
  options,
  optionProblems: nameProblems,
  consistency: 'linearizable',
  invariants: twoPhaseInvariants,
  unpromised: twoPhaseWeaknesses,
  operations: 'list-append',
  mutants: commitMutants.map((mutant) => mutantEntry('two-phase-commit', mutant)),
  searchOptions,
};

export const threePhaseCommitEntry: ProtocolEntry = {
  name: 'three-phase-commit',
  description: 'Two-phase commit with one phase more: nobody blocks, unless links are cut.',
  create: () => erase(threePhaseCommit()),
  optionsSchema,
  options,
  optionProblems: nameProblems,
  consistency: 'linearizable',
  invariants: threePhaseInvariants,
  unpromised: threePhaseWeaknesses,
  operations: 'list-append',
  mutants: [],
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate }: ClusterFacts,
): CommitOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  // An answer takes a round trip and the syncs of both sides.
  const answerMs = 2 * (latencyMs + syncMs);
  const resendMs = written.resend_ms ?? Math.max(defaultOptions.resendMs, Math.ceil(3 * answerMs));
  return Object.freeze({
    coordinator: written.coordinator ?? null,
    shards: written.shards === undefined ? null : Object.freeze(written.shards),
    placement: Object.freeze(written.placement ?? {}),
    deadlocks: written.deadlocks ?? defaultOptions.deadlocks,
    termination: written.termination ?? defaultOptions.termination,
    resendMs,
    patience: written.patience ?? defaultOptions.patience,
    lockTimeoutMs: written.lock_timeout_ms ?? 2 * resendMs,
    detectMs: written.detect_ms ?? resendMs,
    attempts: written.attempts ?? defaultOptions.attempts,
    backoffMs: written.backoff_ms ?? defaultOptions.backoffMs,
    deduplicate,
  });
}

/** A coordinator of its own, two shards: the smallest world in which parts can disagree. */
function searchOptions(needs: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    patience: 1,
    ...(needs.includes('cooperative') ? { termination: 'cooperative' } : {}),
  };
}
