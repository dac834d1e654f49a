/** Sagas in the table: their options, their invariants, their mutants. */
import { z } from 'zod';
import { sagaInvariants } from '../../invariants/transactions/saga.ts';
import { mutatedSaga, sagaMutants } from '../../protocols/transactions/saga/mutants.ts';
import { defaultOptions, type SagaOptions } from '../../protocols/transactions/saga/state.ts';
import { erase } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';
import { nameProblems } from './placement.ts';

const optionsSchema = z
  .strictObject({
    placement: z
      .record(z.string(), z.string())
      .optional()
      .describe('Where keys live: { x: n2, y: n3 }; the others live where their hash says.'),
    capacity: z
      .int()
      .min(1)
      .optional()
      .describe('So many elements fit into a list; the next append fails. Default 1000.'),
    resend_ms: z
      .number()
      .positive()
      .max(3_600_000)
      .optional()
      .describe('A step that is not answered is asked for again after so long.'),
  })
  .describe('Options of sagas.');

export const sagaEntry: ProtocolEntry = {
  name: 'saga',
  description: 'Steps that commit one by one, and are taken back when a later one fails.',
  create: (mutants) => erase(mutatedSaga(mutants)),
  optionsSchema,
  options,
  optionProblems: nameProblems,
  consistency: 'nothing',
  invariants: sagaInvariants,
  operations: 'list-append',
  mutants: sagaMutants.map((mutant) => mutantEntry('saga', mutant)),
  searchOptions: (needs) => (needs.includes('failures') ? { capacity: 1 } : {}),
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  { latencyMs, syncMs, deduplicate }: ClusterFacts,
): SagaOptions {
  const written: z.output<typeof optionsSchema> = optionsSchema.parse(writtenOptions);
  const answerMs = 2 * (latencyMs + syncMs);
  return Object.freeze({
    placement: Object.freeze(written.placement ?? {}),
    capacity: written.capacity ?? defaultOptions.capacity,
    resendMs: written.resend_ms ?? Math.max(defaultOptions.resendMs, Math.ceil(3 * answerMs)),
    deduplicate,
  });
}
