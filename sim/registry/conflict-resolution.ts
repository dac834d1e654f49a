/** Conflict resolution's line in the table: its options, its invariants, its mutants. */
import { z } from 'zod';
import { conflictInvariants } from '../../invariants/conflict-resolution/index.ts';
import {
  conflictMutants,
  mutatedConflictResolution,
} from '../../protocols/conflict-resolution/mutants.ts';
import {
  defaultOptions,
  settleMsOf,
  type ConflictOptions,
} from '../../protocols/conflict-resolution/options.ts';
import { typeNames } from '../../protocols/conflict-resolution/types/index.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const optionsSchema = z
  .strictObject({
    type: z
      .enum(typeNames, { error: `expected one of ${typeNames.join(', ')}` })
      .optional()
      .describe('What every key holds. Default: lww-register.'),
    clock: z
      .enum(['physical', 'logical', 'hybrid'], { error: 'expected physical, logical or hybrid' })
      .optional()
      .describe(
        "What stamps the versions of an lww-register: the node's own clock, Lamport's logical " +
          'one, or a hybrid of both. Default: hybrid.',
      ),
    gossip: z
      .enum(['state', 'delta'], { error: 'expected state or delta' })
      .optional()
      .describe('Replicas send all they have, or what has changed. Default: state.'),
    gossip_ms: z
      .number()
      .positive()
      .max(3_600_000)
      .optional()
      .describe('So often a replica sends to another one, which is drawn. Default 50.'),
    deltas_kept: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('Changes kept for others; who lacks more gets everything. Default 256.'),
    settle_ms: z
      .number()
      .positive()
      .max(86_400_000)
      .optional()
      .describe(
        'So long after the last update and the last fault all replicas are equal; what clients ' +
          'read before is not judged. Default: 40 rounds of gossip, with latency and disk.',
      ),
  })
  .describe('Options of conflict resolution.');

type Written = z.output<typeof optionsSchema>;

export const conflictResolutionEntry: ProtocolEntry = {
  name: 'conflict-resolution',
  description: 'Replicas that write on their own and merge: last writer wins, siblings, CRDTs.',
  create: (mutants) => erase(mutatedConflictResolution(mutants)),
  optionsSchema,
  options,
  consistency: 'eventual',
  invariants: conflictInvariants,
  mutants: conflictMutants.map((mutant) => mutantEntry('conflict-resolution', mutant)),
};

/** An error shows in one type only: that one, unless the scenario says another. */
function neededType(mutants: readonly string[]) {
  return conflictMutants.find(({ id }) => mutants.includes(id))?.type;
}

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { deduplicate, latencyMs, syncMs }: ClusterFacts,
  mutants: readonly string[],
): ConflictOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const gossipMs = written.gossip_ms ?? defaultOptions.gossipMs;
  return Object.freeze({
    type: written.type ?? neededType(mutants) ?? defaultOptions.type,
    clock: written.clock ?? defaultOptions.clock,
    gossip: written.gossip ?? defaultOptions.gossip,
    gossipMs,
    deltasKept: written.deltas_kept ?? defaultOptions.deltasKept,
    settleMs: written.settle_ms ?? settleMsOf(gossipMs, latencyMs + syncMs),
    deduplicate,
  });
}
