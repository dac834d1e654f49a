/** Range partitioning in the table: its directory is replicated by our own Raft. */
import { z } from 'zod';
import { rangeInvariants, reachable } from '../../invariants/partitioning/index.ts';
import { administration } from '../../protocols/partitioning/ranges/administration.ts';
import { mutatedRanges, rangeMutants } from '../../protocols/partitioning/ranges/mutants.ts';
import { defaultOptions, type RangeOptions } from '../../protocols/partitioning/ranges/options.ts';
import { raft } from '../../protocols/raft/index.ts';
import { scaledOptions } from '../../protocols/raft/options.ts';
import { erase, nodeName } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry, ScriptCommand } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const count = z.int().min(1).max(1_000_000).optional();
const milliseconds = z.number().positive().max(3_600_000).optional();

const optionsSchema = z
  .strictObject({
    directory: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'The nodes that replicate the directory: [n1, n2, n3]; one alone is a single point of ' +
          'failure. Default: the first three.',
      ),
    boundaries: z
      .array(z.string().min(1))
      .optional()
      .describe('Where ranges begin at first, beside the one that begins with nothing: [k4, k7].'),
    owners: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Who owns the first ranges, in turn. Default: all nodes.'),
    balance: z
      .boolean()
      .optional()
      .describe('Whether nodes split, merge and move ranges by themselves. Default: no.'),
    balance_ms: milliseconds.describe('How often they look at their load. Default 500.'),
    split_operations: count.describe(
      'A range with more operations in that time is split. Default 30.',
    ),
    split_keys: count.describe('A range with more keys is split. Default 100.'),
    merge_operations: count.describe(
      'Neighbours with fewer operations together are merged. Default 4.',
    ),
    resend_ms: milliseconds.describe('What is not answered is said again after so long.'),
    patience: count.describe('A router gives up after so many times. Default 20.'),
  })
  .describe('Options of range partitioning.');

type Written = z.output<typeof optionsSchema>;

export const rangePartitioningEntry: ProtocolEntry = {
  name: 'range-partitioning',
  description: 'Keys in ranges that split, merge and move; a directory that Raft replicates.',
  create: (mutants) => erase(mutatedRanges(erase(raft()), mutants)),
  optionsSchema,
  options,
  optionProblems,
  consistency: 'linearizable',
  invariants: rangeInvariants,
  unpromised: [reachable],
  operations: 'map',
  mutants: rangeMutants.map((mutant) => mutantEntry('range-partitioning', mutant)),
  searchOptions: () => ({ directory: ['n1'], boundaries: ['k5'], resend_ms: 20 }),
  searchRequests: (_written, nodes) => nodes.map((to) => ({ type: 'move-range', key: 'k1', to })),
  requestProblem,
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { nodes, latencyMs, syncMs, deduplicate, dedupWindowMs }: ClusterFacts,
): RangeOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const answerMs = 2 * (latencyMs + syncMs);
  const names = Array.from({ length: Math.min(3, nodes) }, (_, i) => nodeName(i));
  const directory = Object.freeze(written.directory ?? names);
  return Object.freeze({
    directory,
    inner: Object.freeze({ ...scaledOptions(directory.length, latencyMs, syncMs) }),
    boundaries: Object.freeze(written.boundaries ?? []),
    owners: written.owners === undefined ? null : Object.freeze(written.owners),
    balance: written.balance ?? defaultOptions.balance,
    balanceMs: written.balance_ms ?? defaultOptions.balanceMs,
    splitOperations: written.split_operations ?? defaultOptions.splitOperations,
    splitKeys: written.split_keys ?? defaultOptions.splitKeys,
    mergeOperations: written.merge_operations ?? defaultOptions.mergeOperations,
    resendMs: written.resend_ms ?? Math.max(defaultOptions.resendMs, Math.ceil(3 * answerMs)),
    patience: written.patience ?? defaultOptions.patience,
    deduplicate,
    dedupWindowMs,
  });
}

function optionProblems(writtenOptions: Readonly<Record<string, unknown>>, nodes: number) {
  const written: Written = optionsSchema.parse(writtenOptions);
  const names = Array.from({ length: nodes }, (_, i) => nodeName(i));
  return (['directory', 'owners'] as const).flatMap((option) =>
    (written[option] ?? [])
      .filter((name) => !names.includes(name))
      .map((name) => ({ option, message: `expected one of n1 to n${nodes}, found "${name}"` })),
  );
}

/** Unknown fields and nodes of an administrator's command. */
function requestProblem(command: ScriptCommand, nodes: readonly string[]): string | null {
  const fields = administration[command.type];
  if (fields === undefined) return null;
  for (const field of fields) {
    if (command[field] === undefined) return `${command.type} needs ${fields.join(' and ')}`;
  }
  const { to } = command;
  if (to !== undefined && !nodes.includes(String(to))) return `there is no node ${String(to)}`;
  return null;
}
