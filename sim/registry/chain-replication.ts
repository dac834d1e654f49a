/** Chain replication's line in the table: its options, its invariants, its mutants. */
import { z } from 'zod';
import { chainInvariants } from '../../invariants/chain-replication/index.ts';
import { chainMutants, mutatedChain } from '../../protocols/chain-replication/mutants.ts';
import { scaledOptions, type ChainOptions } from '../../protocols/chain-replication/options.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const milliseconds = z.number().positive().max(3_600_000);

const optionsSchema = z
  .strictObject({
    reads: z
      .enum(['confirmed', 'tail'], { error: 'expected confirmed or tail' })
      .optional()
      .describe(
        'How the tail answers get: when the master confirms that it still is the tail, or at ' +
          'once, as in the paper (safe only if nobody is suspected who is up). Default: confirmed.',
      ),
    alive_ms: milliseconds
      .optional()
      .describe('A node tells the master so often that it is up. Left out: a third of suspect_ms.'),
    suspect_ms: z
      .tuple([milliseconds, milliseconds], {
        error: 'expected the least and the most, such as [150, 300]',
      })
      .refine(([least, most]) => least <= most, { error: 'expected the smaller number first' })
      .optional()
      .describe('Who is silent for so long is taken out of the chain. Left out: by the latency.'),
    max_entries: z.int().min(1).max(1_000_000).optional().describe('In one message. Default 64.'),
  })
  .describe('Options of chain replication: the last node is the master, the others the chain.');

type Written = z.output<typeof optionsSchema>;

export const chainReplicationEntry: ProtocolEntry = {
  name: 'chain-replication',
  description: 'A chain: writes enter at the head, the tail answers (van Renesse, Schneider).',
  create: (mutants) => erase(mutatedChain(mutants)),
  optionsSchema,
  options,
  // One update a message: more can go wrong in fewer events.
  searchOptions: () => ({ max_entries: 1 }),
  consistency: 'linearizable',
  invariants: chainInvariants,
  mutants: chainMutants.map((mutant) => mutantEntry('chain-replication', mutant)),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate, dedupWindowMs }: ClusterFacts,
): ChainOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const scaled = scaledOptions(latencyMs, syncMs);
  const [suspectMinMs, suspectMaxMs] = written.suspect_ms ?? [
    scaled.suspectMinMs,
    scaled.suspectMaxMs,
  ];
  return Object.freeze({
    reads: written.reads ?? scaled.reads,
    aliveMs: written.alive_ms ?? Math.max(1, Math.floor(suspectMinMs / 3)),
    suspectMinMs,
    suspectMaxMs,
    maxEntries: written.max_entries ?? scaled.maxEntries,
    deduplicate,
    dedupWindowMs,
  });
}
