/** Two-phase commit over Raft groups in the table. */
import { z } from 'zod';
import { oneFate } from '../../invariants/transactions/one-fate.ts';
import { raft } from '../../protocols/raft/index.ts';
import { scaledOptions } from '../../protocols/raft/options.ts';
import {
  mutatedReplicated,
  replicatedMutants,
} from '../../protocols/transactions/replicated/index.ts';
import type { ReplicatedOptions } from '../../protocols/transactions/replicated/state.ts';
import { erase, nodeName } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const optionsSchema = z
  .strictObject({
    groups: z
      .record(z.string(), z.array(z.string()).min(1))
      .optional()
      .describe(
        'The shards, each a Raft group: { g1: [n1, n2, n3], g2: [n3, n4, n5] }. Default: two ' +
          'groups of all nodes.',
      ),
    placement: z
      .record(z.string(), z.string())
      .optional()
      .describe('The group a key lives in: { x: g1 }; the others live where their hash says.'),
    patience: z
      .int()
      .min(0)
      .max(1000)
      .optional()
      .describe('How often a transaction meets a lock before it ends its owner. Default 5.'),
    attempts: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How often a transaction is tried before its client hears TIMEOUT. Default 20.'),
    backoff_ms: z
      .number()
      .positive()
      .max(3_600_000)
      .optional()
      .describe('Before the first retry; doubled with each. Left out: by the latency.'),
  })
  .describe('Options of two-phase commit over Raft groups.');

type Written = z.output<typeof optionsSchema>;

export const replicatedCommitEntry: ProtocolEntry = {
  name: 'commit-over-raft',
  description: 'Two-phase commit whose votes and decisions are in Raft groups: nobody blocks.',
  create: (mutants) => erase(mutatedReplicated(erase(raft()), mutants)),
  optionsSchema,
  options,
  optionProblems,
  consistency: 'linearizable',
  invariants: [oneFate],
  operations: 'list-append',
  mutants: replicatedMutants.map((mutant) => mutantEntry('commit-over-raft', mutant)),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { nodes, latencyMs, syncMs }: ClusterFacts,
): ReplicatedOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const all = Array.from({ length: nodes }, (_, i) => nodeName(i));
  const groups = Object.entries(written.groups ?? { g1: all, g2: all }).map(([name, members]) =>
    Object.freeze({ name, members: Object.freeze(members) }),
  );
  const inner = groups.map(
    ({ name, members }) => [name, { ...scaledOptions(members.length, latencyMs, syncMs) }] as const,
  );
  return Object.freeze({
    groups: Object.freeze(groups),
    placement: Object.freeze(written.placement ?? {}),
    inner: Object.freeze(Object.fromEntries(inner)),
    patience: written.patience ?? 5,
    attempts: written.attempts ?? 20,
    backoffMs: written.backoff_ms ?? Math.max(10, Math.ceil(4 * (latencyMs + syncMs))),
  });
}

function optionProblems(writtenOptions: Readonly<Record<string, unknown>>, nodes: number) {
  const { groups, placement }: Written = optionsSchema.parse(writtenOptions);
  const names = Array.from({ length: nodes }, (_, i) => nodeName(i));
  const known = Object.keys(groups ?? { g1: [], g2: [] });
  return [
    ...Object.values(groups ?? {})
      .flat()
      .filter((name) => !names.includes(name))
      .map((name) => ({
        option: 'groups',
        message: `expected one of n1 to n${nodes}, found "${name}"`,
      })),
    ...Object.values(placement ?? {})
      .filter((name) => !known.includes(name))
      .map((name) => ({
        option: 'placement',
        message: `expected one of ${known.join(', ')}, found "${name}"`,
      })),
  ];
}
