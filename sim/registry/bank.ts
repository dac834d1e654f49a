/** The bank of mutants as scenarios: each in a small world that has what its error needs. */
import type { MutantEntry, ProtocolEntry, ScenarioInput } from '../scenario/index.ts';

/** Operations of clients that show an error which only clients can notice. */
const CLIENTS = 2;

/**
 * The scenario in which a mutant is searched: as few nodes as it needs, disks at once unless it is
 * about disks, clients only where states alone do not show it. `nodes` makes it larger.
 */
export function mutantScenario(
  mutant: MutantEntry,
  entry: ProtocolEntry,
  nodes = nodesFor(mutant.minNodes),
): ScenarioInput {
  const { id, description, needs, violates } = mutant;
  const needsClients =
    needs.includes('clients') || violates.some((invariant) => invariant.startsWith('history/'));
  const operations = entry.operations ?? operationsFor(violates);
  return {
    name: `a search for ${id}: ${description}`,
    protocol: entry.name,
    options: entry.searchOptions?.(needs) ?? {},
    cluster_config: { nodes },
    disk: { sync_ms: needs.includes('disk') ? 0.5 : 0 },
    ...(needsClients ? { workload: { clients: CLIENTS, operations } } : {}),
    mutants: [id],
    expect: mutant.control ? 'holds' : 'violates',
  };
}

/** What is counted has to be countable. */
function operationsFor(violates: readonly string[]): 'append' | 'register' {
  return violates.includes('history/exactly-once') ? 'append' : 'register';
}

/** The scenario that performs a mutant's script and stops; null when it has none. */
export function scriptScenario({
  id,
  script,
  violates,
  ...mutant
}: MutantEntry): ScenarioInput | null {
  if (script === undefined) return null;
  return {
    name: `the script of ${id}: ${mutant.description}`,
    protocol: mutant.protocol,
    options: script.options ?? {},
    cluster_config: { nodes: script.nodes },
    disk: { sync_ms: script.syncMs ?? 0 },
    network_assumptions: {
      ...(script.latencyMs === undefined ? {} : { latency_ms: script.latencyMs }),
      ...(script.liars === undefined ? {} : { byzantine: [...script.liars] }),
    },
    ...(script.clients === undefined
      ? {}
      : { workload: { clients: script.clients, operations: operationsFor(violates) } }),
    ...(script.faults === undefined ? {} : { faults: [...script.faults] }),
    mutants: [id],
    seed: script.seed ?? 1,
    ...watched(violates),
    schedule: [...script.steps],
    after_schedule: 'stop',
    expect: 'violates',
  };
}

/** Three nodes, or five when the error needs more than three to show. */
function nodesFor(minNodes: number): number {
  return minNodes <= 3 ? 3 : Math.max(5, minNodes);
}

/** A script is about one invariant: others may see its error earlier. */
function watched([first]: readonly string[]): Partial<ScenarioInput> {
  // That handlers throw is no invariant that could be chosen.
  return first === undefined || first.startsWith('protocol/') ? {} : { invariants: [first] };
}
