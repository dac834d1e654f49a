/** The bank of Raft mutants, and the protocol with some of them switched on. */
import { assert } from '../../../sim/engine/assert.ts';
import { raft, type Raft } from '../index.ts';
import { paperRules } from '../rules.ts';
import { commitmentMutants } from './commitment.ts';
import { durabilityMutants } from './durability.ts';
import { electionMutants } from './elections.ts';
import { flowMutants } from './flow.ts';
import { jointConsensusMutants } from './joint-consensus.ts';
import { leaseMutants } from './leases.ts';
import { membershipMutants } from './membership.ts';
import type { RaftMutant } from './mutant.ts';
import { readMutants } from './reads.ts';
import { replicationMutants } from './replication.ts';
import { snapshotMutants } from './snapshots.ts';
import { storageMutants } from './storage.ts';

export type { RaftMutant } from './mutant.ts';

export const raftMutants: readonly RaftMutant[] = [
  ...electionMutants,
  ...durabilityMutants,
  ...replicationMutants,
  ...commitmentMutants,
  ...snapshotMutants,
  ...membershipMutants,
  ...jointConsensusMutants,
  ...readMutants,
  ...leaseMutants,
  ...flowMutants,
  ...storageMutants,
];

/** Raft with the errors of these mutants; the clean protocol for none. Ids must exist. */
export function mutatedRaft(ids: readonly string[]): Raft {
  let rules = paperRules as Parameters<typeof raft>[0];
  let durable: RaftMutant['durable'];
  for (const id of ids) {
    const mutant = raftMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...paperRules, ...rules, ...mutant.rules };
    durable = mutant.durable ?? durable;
  }
  const protocol = raft(rules);
  return durable === undefined ? protocol : { ...protocol, durable };
}
