/** The bank of mutants of Multi-Paxos, and the protocol with some of them switched on. */
import { assert } from '../../../sim/engine/assert.ts';
import { multiPaxos, type MultiPaxos } from '../index.ts';
import { paperRules, type MultiPaxosRules } from '../rules.ts';
import { acceptanceMutants } from './acceptance.ts';
import { ballotMutants } from './ballots.ts';
import type { MultiPaxosMutant } from './mutant.ts';
import { reconfigurationMutants } from './reconfiguration.ts';
import { recoveryMutants } from './recovery.ts';

export type { MultiPaxosMutant } from './mutant.ts';

export const multiPaxosMutants: readonly MultiPaxosMutant[] = [
  ...ballotMutants,
  ...recoveryMutants,
  ...acceptanceMutants,
  ...reconfigurationMutants,
];

/** Multi-Paxos with the errors of these mutants; the clean protocol for none. Ids must exist. */
export function mutatedMultiPaxos(ids: readonly string[]): MultiPaxos {
  let rules: MultiPaxosRules = paperRules;
  let durable: MultiPaxosMutant['durable'];
  for (const id of ids) {
    const mutant = multiPaxosMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
    durable = mutant.durable ?? durable;
  }
  const protocol = multiPaxos(rules);
  return durable === undefined ? protocol : { ...protocol, durable };
}
