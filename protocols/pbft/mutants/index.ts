/** The bank of PBFT mutants, and the protocol with some of them switched on. */
import { assert } from '../../../sim/engine/assert.ts';
import { pbft, type Pbft } from '../index.ts';
import { paperRules, type PbftRules } from '../rules.ts';
import { clientMutants } from './clients.ts';
import { liarMutants } from './liars.ts';
import type { PbftMutant } from './mutant.ts';
import { normalCaseMutants } from './normal-case.ts';
import { viewChangeMutants } from './view-changes.ts';

export type { PbftMutant } from './mutant.ts';

export const pbftMutants: readonly PbftMutant[] = [
  ...normalCaseMutants,
  ...viewChangeMutants,
  ...liarMutants,
  ...clientMutants,
];

/** PBFT with the errors of these mutants; the clean protocol for none. Ids must exist. */
export function mutatedPbft(ids: readonly string[]): Pbft {
  return pbft(mutatedRules(ids));
}

/** The rules with the errors of these mutants. */
export function mutatedRules(ids: readonly string[]): PbftRules {
  let rules: PbftRules = paperRules;
  for (const id of ids) {
    const mutant = pbftMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return rules;
}
