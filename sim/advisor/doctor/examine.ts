/** Answers the specification's debug checklist about a scenario, by reading and by running it. */
import type { Catalogue, Scenario } from '../../scenario/index.ts';
import { idempotency, recovery } from './client-questions.ts';
import type { Finding } from './finding.ts';
import { Patient } from './patient.ts';
import { clocks, fencing, partition, quorum } from './questions.ts';

export interface Diagnosis {
  readonly seed: string;
  /** In the order of the specification. */
  readonly findings: readonly Finding[];
}

/** Runs the scenario and variants of it; the same seed gives the same findings. */
export function examine(scenario: Scenario, catalogue: Catalogue, seed: string): Diagnosis {
  const patient = new Patient(scenario, catalogue, seed);
  const questions = [quorum, clocks, partition, fencing, idempotency, recovery];
  return { seed, findings: questions.map((question) => question(patient)) };
}
