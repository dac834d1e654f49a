/** The one table of names: a new protocol adds one line here. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { defaultClient } from '../../protocols/common/client.ts';
import type { Invariant } from '../engine/index.ts';
import type { Catalogue, MutantEntry, ProtocolEntry } from '../scenario/index.ts';
import { multiPaxosEntry } from './multi-paxos.ts';
import { pbftEntry } from './pbft.ts';
import { chainReplicationEntry } from './chain-replication.ts';
import { conflictResolutionEntry } from './conflict-resolution.ts';
import { quorumRegisterEntry } from './quorum-register.ts';
import { raftEntry } from './raft.ts';
import { replicationEntry } from './replication.ts';
import { transactionEntries } from './transactions.ts';

export * from './faults.ts';
export * from './scenarios.ts';
export { catalogueFor } from './user-modules.ts';

/** The protocols, in the order in which `list` shows them. */
const entries: readonly ProtocolEntry[] = [
  raftEntry,
  ...transactionEntries,
  multiPaxosEntry,
  pbftEntry,
  quorumRegisterEntry,
  replicationEntry,
  chainReplicationEntry,
  conflictResolutionEntry,
];

export const catalogue: Catalogue = {
  protocols: new Map(entries.map((entry) => [entry.name, entry])),
  defaultClient,
  historyInvariants,
};

/** Every invariant once, with the protocols that are held to it. */
export function invariants(): { readonly invariant: Invariant; readonly protocols: string[] }[] {
  const found = new Map<string, { readonly invariant: Invariant; readonly protocols: string[] }>();
  for (const { name, invariants, unpromised = [] } of entries) {
    for (const invariant of [...invariants, ...unpromised]) {
      const known = found.get(invariant.id);
      if (known === undefined) found.set(invariant.id, { invariant, protocols: [name] });
      else known.protocols.push(name);
    }
  }
  const all = entries.map(({ name }) => name);
  const history = historyInvariants.map((invariant) => ({ invariant, protocols: all }));
  return [...found.values(), ...history];
}

/** The mutants of all protocols. */
export function mutants(): readonly MutantEntry[] {
  return entries.flatMap((entry) => entry.mutants);
}
