/** The bank of the register's mutants: one deliberate, documented error each. */
import { assert } from '../../sim/engine/assert.ts';
import type { Mutant } from '../common/mutant.ts';
import { quorumRegister, type QuorumRegister } from './index.ts';
import { paperRules, type RegisterRules } from './rules.ts';

export interface RegisterMutant extends Mutant {
  readonly rules: Partial<RegisterRules>;
}

const LINEARIZABLE = 'history/linearizable';
const STORED = 'quorum-register/acknowledged-is-stored';

export const registerMutants: readonly RegisterMutant[] = [
  {
    id: 'abd-no-write-back',
    description: 'A read answers without making sure that a write quorum knows the value.',
    violates: [LINEARIZABLE],
    needs: ['clients'],
    minNodes: 3,
    sources: ['ABD §3 (regular, not atomic)', "Cassandra 4.0 with read_repair = 'NONE'"],
    rules: { writesBack: () => false },
  },
  {
    id: 'abd-quorums-do-not-meet',
    description: 'Half of the nodes count as a quorum, so two quorums need not share a node.',
    violates: [STORED, LINEARIZABLE],
    needs: ['clients'],
    minNodes: 2,
    sources: ['Gifford 1979 (r + w > n)', 'Dynamo (SOSP 2007) with R + W ≤ N'],
    rules: { majority: (nodes) => Math.max(1, Math.floor(nodes / 2)) },
  },
  {
    id: 'abd-first-answer',
    description: 'A read takes the first answer that it has, not the newest.',
    violates: [LINEARIZABLE],
    needs: ['clients'],
    minNodes: 3,
    sources: ['LS §4, query phase'],
    rules: { readerTakes: () => false },
  },
  {
    id: 'abd-ack-before-fsync',
    description: 'A replica acknowledges a value before it is on its disk.',
    violates: [STORED, LINEARIZABLE],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 1,
    sources: ['Cassandra with commitlog_sync: periodic', 'Redis with appendfsync everysec'],
    rules: { acknowledgementWaitsForDisk: false },
  },
  {
    id: 'abd-replica-goes-back',
    description: 'A replica stores whatever arrives, even if it holds something newer.',
    violates: ['quorum-register/timestamps-grow', LINEARIZABLE],
    needs: ['clients', 'reorder'],
    minNodes: 2,
    sources: ['LS §4, propagation phase'],
    rules: { replicaTakes: () => true },
  },
  {
    id: 'abd-timestamp-reused',
    description: 'A node forgets what it has chosen and gives two writes one timestamp.',
    violates: ['quorum-register/one-value-a-timestamp', LINEARIZABLE],
    needs: ['clients'],
    minNodes: 2,
    sources: ['LS §4 (one operation a process at a time)', 'Jepsen on Cassandra 2.0, 2013'],
    rules: { nextCounter: (newest) => newest + 1 },
  },
];

/** The register with the errors of these mutants; the clean protocol for none. Ids must exist. */
export function mutatedRegister(ids: readonly string[]): QuorumRegister {
  let rules: RegisterRules = paperRules;
  for (const id of ids) {
    const mutant = registerMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return quorumRegister(rules);
}
