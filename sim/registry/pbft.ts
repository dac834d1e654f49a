/** PBFT's line in the table: its options as a scenario writes them, its invariants and mutants. */
import { z } from 'zod';
import { pbftInvariants } from '../../invariants/pbft/index.ts';
import { pbftClient } from '../../protocols/pbft/client.ts';
import { mutatedPbft, mutatedRules, pbftMutants } from '../../protocols/pbft/mutants/index.ts';
import { scaledOptions, type PbftOptions } from '../../protocols/pbft/options.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';
import { pbftLies } from './pbft-lies.ts';

const count = z.int().min(1).max(1_000_000).optional();
const milliseconds = z.number().positive().max(3_600_000).optional();

const optionsSchema = z
  .strictObject({
    checkpoint_interval: count.describe(
      'A checkpoint after every so many sequence numbers (K, §4.3). Default 16.',
    ),
    window: count.describe(
      'Between the watermarks (L, §4.2), at least the interval; left out: twice the interval.',
    ),
    max_batch: count.describe('Requests in one pre-prepare at most. Default 16.'),
    max_in_progress: count.describe(
      'With so many batches under way the primary collects requests for the next. Default 4.',
    ),
    view_change_ms: milliseconds.describe(
      'How long a backup waits for a request before it changes the view (§4.4); each change in a ' +
        'row doubles it. Left out: by the latency.',
    ),
    read_only: z
      .boolean()
      .optional()
      .describe(
        'Whether reads are asked of all replicas outside the order (§5.1); then clients wait for ' +
          'a quorum of equal replies, to writes too. Default false.',
      ),
    status_ms: milliseconds.describe(
      'Who misses something asks again after so long; left out: by the latency.',
    ),
    fetch_ms: milliseconds.describe(
      'How long a replica may lag behind a checkpoint before it fetches the state; left out: by ' +
        'the latency.',
    ),
  })
  .describe('Options of PBFT.');

type Written = z.output<typeof optionsSchema>;

export const pbftEntry: ProtocolEntry = {
  name: 'pbft',
  description: 'A replicated log for nodes that lie: 3f + 1 of them survive f (Castro, Liskov).',
  create: (mutants) => erase(mutatedPbft(mutants)),
  optionsSchema,
  options,
  optionProblems,
  // Checkpoints soon, one request a batch: more can go wrong in fewer events.
  searchOptions: () => ({ checkpoint_interval: 2, max_batch: 1 }),
  client: (chosen, mutants) =>
    (chosen as PbftOptions).readOnly === true
      ? pbftClient(mutatedRules(mutants), chosen as PbftOptions)
      : undefined,
  consistency: 'linearizable',
  invariants: pbftInvariants,
  lies: pbftLies,
  mutants: pbftMutants.map((mutant) => mutantEntry('pbft', mutant)),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate }: ClusterFacts,
  mutants: readonly string[],
): PbftOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const needed = pbftMutants.filter(({ id }) => mutants.includes(id)).map((m) => m.options ?? {});
  const interval = written.checkpoint_interval;
  return Object.freeze(
    Object.assign(
      { ...scaledOptions(latencyMs, syncMs), deduplicate },
      ...needed,
      defined({
        checkpointInterval: interval,
        windowSize: written.window ?? (interval && 2 * interval),
        maxBatch: written.max_batch,
        maxInProgress: written.max_in_progress,
        viewChangeMs: written.view_change_ms,
        readOnly: written.read_only,
        statusMs: written.status_ms,
        fetchMs: written.fetch_ms,
      }),
    ),
  ) as PbftOptions;
}

/** A window that ends before the next checkpoint would stop the cluster for ever. */
function optionProblems(writtenOptions: Readonly<Record<string, unknown>>) {
  const { window, checkpoint_interval: interval = 16 }: Written =
    optionsSchema.parse(writtenOptions);
  if (window === undefined || window >= interval) return [];
  const message = `expected at least the checkpoint interval, ${interval}, found ${window}`;
  return [{ option: 'window', message }];
}

/** What a scenario leaves out must not hide a default. */
function defined(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
