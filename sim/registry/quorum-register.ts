/** The replicated register's line in the table: its options, its invariants, its mutants. */
import { z } from 'zod';
import { registerInvariants } from '../../invariants/quorum-register/index.ts';
import { mutatedRegister, registerMutants } from '../../protocols/quorum-register/mutants.ts';
import { defaultOptions, type RegisterOptions } from '../../protocols/quorum-register/options.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const quorum = z.int().min(1).max(1000).optional();

const optionsSchema = z
  .strictObject({
    read_quorum: quorum.describe('How many nodes a query asks. Default: a majority.'),
    write_quorum: quorum.describe('How many nodes store a version. Default: a majority.'),
    write_back: z
      .boolean()
      .optional()
      .describe('A read stores what it answers at a write quorum first (ABD §3). Default: yes.'),
    timestamps: z
      .enum(['logical', 'clock'], { error: 'expected logical or clock' })
      .optional()
      .describe(
        'logical: a write asks a read quorum and goes beyond what it finds. clock: it takes its ' +
          "coordinator's clock, and the last writer by those clocks wins. Default: logical.",
      ),
    resend_ms: z
      .number()
      .positive()
      .max(3_600_000)
      .optional()
      .describe('Who has not answered is asked again after so long; left out: by the latency.'),
    resends: z
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .describe('So often; then the client hears QUORUM_UNREACHABLE. Default 10.'),
  })
  .describe('Options of the replicated register.');

type Written = z.output<typeof optionsSchema>;

export const quorumRegisterEntry: ProtocolEntry = {
  name: 'quorum-register',
  description: 'A replicated register that needs no leader, only quorums that meet (ABD).',
  create: (mutants) => erase(mutatedRegister(mutants)),
  optionsSchema,
  options,
  optionProblems,
  consistency: 'linearizable',
  invariants: registerInvariants,
  mutants: registerMutants.map((mutant) => mutantEntry('quorum-register', mutant)),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate }: ClusterFacts,
): RegisterOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  // A phase takes a round trip and two syncs, the coordinator's and the replica's.
  const phaseMs = 2 * (latencyMs + syncMs);
  return Object.freeze({
    readQuorum: written.read_quorum ?? defaultOptions.readQuorum,
    writeQuorum: written.write_quorum ?? defaultOptions.writeQuorum,
    writeBack: written.write_back ?? defaultOptions.writeBack,
    timestamps: written.timestamps ?? defaultOptions.timestamps,
    resendMs: written.resend_ms ?? Math.max(defaultOptions.resendMs, Math.ceil(3 * phaseMs)),
    resends: written.resends ?? defaultOptions.resends,
    deduplicate,
  });
}

/** A quorum of more nodes than there are never answers. */
function optionProblems(written: Readonly<Record<string, unknown>>, nodes: number) {
  return (['read_quorum', 'write_quorum'] as const)
    .filter((option) => Number(written[option] ?? 0) > nodes)
    .map((option) => ({
      option,
      message: `expected at most ${nodes}, the number of nodes, found ${String(written[option])}`,
    }));
}
