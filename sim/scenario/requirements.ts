/** Which invariants a scenario's run is held to: chosen ones, or what its protocol promises. */
import type { Invariant } from '../engine/index.ts';
import type { Catalogue, ProtocolEntry } from './catalogue.ts';
import type { Scenario } from './schema.ts';
import { inFull } from './schema-clients.ts';

/** As much of a scenario as the choice depends on; what is left out may be unreadable. */
export type Wanted = Partial<Pick<Scenario, 'invariants' | 'consistency_requirement' | 'workload'>>;

/** Everything that can be checked of this protocol. */
export function knownInvariants(entry: ProtocolEntry, catalogue: Catalogue): readonly Invariant[] {
  const { invariants, unpromised = [] } = entry;
  return [...invariants, ...unpromised, ...catalogue.historyInvariants];
}

/**
 * The ids that are checked. Left out: all of the protocol's; and of what clients see the level that
 * is required, else the one that the protocol promises.
 */
export function chosenIds(
  wanted: Wanted,
  entry: ProtocolEntry,
  catalogue: Catalogue,
): readonly string[] {
  const { invariants, consistency_requirement: required } = wanted;
  const own = invariants ?? entry.invariants.map(({ id }) => id);
  const level = invariants === undefined ? (required ?? entry.consistency) : required;
  const history = hasClients(wanted) && level !== undefined ? [`history/${level}`] : [];
  const counted = invariants === undefined && countsEffects(wanted) ? ['history/exactly-once'] : [];
  const known = catalogue.historyInvariants.map(({ id }) => id);
  return [...new Set([...own, ...[...history, ...counted].filter((id) => known.includes(id))])];
}

function hasClients({ workload }: Wanted): boolean {
  return workload !== undefined && workload.clients > 0;
}

/** Whether the effects of the operations can be counted in what clients read. */
function countsEffects(wanted: Wanted): boolean {
  const { workload } = wanted;
  if (workload === undefined || !hasClients(wanted)) return false;
  return ['append', 'counter', 'list-append'].includes(inFull(workload.operations).kind);
}
