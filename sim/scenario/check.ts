/** What a schema cannot see: names that do not exist, contradictions, the specification's rules. */
import type { Catalogue, ProtocolEntry } from './catalogue.ts';
import { checkFaults, checkRequests, checkSteps } from './check-faults.ts';
import { brokenRules } from './cluster-rules.ts';
import { shapeProblems, type Located, type Path } from './issues.ts';
import { checkLiars, mayLie } from './liars.ts';
import { checkInitial, checkLesson } from './check-parts.ts';
import { regionProblem, type Names } from './nodes.ts';
import { chosenIds, knownInvariants } from './requirements.ts';
import type { Scenario } from './schema.ts';
import type { TimelineEntryConfig } from './schema-faults.ts';
import type { BeatConfig } from './schema-lesson.ts';
import type { InitialNodeConfig, ScheduleStepConfig } from './schema-schedule.ts';
import { hint } from './suggest.ts';

/** The sections whose shape is right; others are absent. */
export type Sections = Partial<Scenario>;

/** The parts of lists and mappings whose own shape is right; null for an item where it is not. */
export interface Parts {
  readonly faults: readonly (TimelineEntryConfig | null)[];
  readonly schedule: readonly (ScheduleStepConfig | null)[];
  readonly initial: ReadonlyMap<string, InitialNodeConfig>;
  readonly beats: readonly (BeatConfig | null)[];
}

/** All problems of meaning in the sections that have a shape. `raw` is the data as written. */
export function checkMeaning(
  raw: Record<string, unknown>,
  sections: Sections,
  parts: Parts,
  catalogue: Catalogue,
): Located[] {
  const problems = [
    ...checkCluster(raw, sections),
    ...checkLiars({ sections, ...parts }),
    ...checkProtocol(raw, sections, catalogue),
  ];
  const cluster = sections.cluster_config;
  if (cluster === undefined) return problems;
  const names: Names = {
    nodes: cluster.nodes,
    regions: cluster.regions ?? [],
    clients: sections.workload?.clients ?? 0,
  };
  return problems.concat(
    checkRegions(sections, names),
    checkInitial(parts.initial, names),
    checkFaults(raw, parts.faults, names, sections.duration),
    checkSteps(raw, parts.schedule, names),
    checkRequests(parts, catalogue.protocols.get(sections.protocol ?? ''), names),
    checkLesson(raw['lesson'], parts.beats, names),
  );
}

function checkCluster(raw: Record<string, unknown>, sections: Sections): Located[] {
  const { cluster_config: cluster, network_assumptions: network } = sections;
  if (cluster === undefined || sections.beyond_tolerance === true) return [];
  const { nodes, failure_tolerance: failures } = cluster;
  if (failures === undefined) return [];
  const written = typeof raw['cluster_config'] === 'object';
  const path = written ? ['cluster_config', 'failure_tolerance'] : [];
  return brokenRules({ nodes, failures, byzantine: network !== undefined && mayLie(network) }).map(
    ({ sentence }) => ({
      path,
      at: 'value',
      message: `${sentence}; a scenario that means it says beyond_tolerance: true`,
    }),
  );
}

function checkProtocol(
  raw: Record<string, unknown>,
  sections: Sections,
  catalogue: Catalogue,
): Located[] {
  const { protocol: name } = sections;
  if (name === undefined) return [];
  const entry = catalogue.protocols.get(name);
  if (entry === undefined) {
    const known = [...catalogue.protocols.keys()];
    const why = catalogue.failures?.get(name);
    const message = why ?? `there is no protocol "${name}"${hint(name, known, 'there are')}`;
    return [at(['protocol'], message)];
  }
  const options = raw['options'];
  const shape =
    sections.options === undefined || options === undefined
      ? []
      : shapeProblems(entry.optionsSchema.strict(), options, ['options']);
  const clients =
    entry.create([]).client === undefined && catalogue.defaultClient === null
      ? (sections.workload?.clients ?? 0)
      : 0;
  const noClients = at(['workload', 'clients'], `${name} has no clients: leave the workload out`);
  return [
    ...shape,
    ...(shape.length > 0 ? [] : checkOptions(sections, entry)),
    ...(clients > 0 ? [noClients] : []),
    ...checkMutants(sections, entry),
    ...checkInvariants(sections, entry, catalogue),
    ...(sections.initial !== undefined && entry.initialDurable === undefined
      ? [at(['initial'], `${name} cannot begin with anything on its disks`, 'key')]
      : []),
  ];
}

function checkOptions(sections: Sections, entry: ProtocolEntry): Located[] {
  const { options, cluster_config: cluster, beyond_tolerance: isBeyond = false } = sections;
  if (options === undefined || cluster === undefined) return [];
  const problems = entry.optionProblems?.(options, cluster.nodes, isBeyond) ?? [];
  return problems.map(({ option, message }) => at(['options', option], message));
}

function checkMutants(sections: Sections, entry: ProtocolEntry): Located[] {
  const { mutants = [], cluster_config: cluster } = sections;
  const known = entry.mutants.map(({ id }) => id);
  return mutants.flatMap((id, i): Located[] => {
    const path = ['mutants', i];
    const mutant = entry.mutants.find((candidate) => candidate.id === id);
    if (mutant === undefined) {
      const which = hint(id, known, `mutants of ${entry.name}`);
      return [at(path, `${entry.name} has no mutant "${id}"${which}`)];
    }
    if (mutants.indexOf(id) < i) return [at(path, `the mutant ${id} is already switched on`)];
    const nodes = cluster?.nodes ?? mutant.minNodes;
    if (nodes >= mutant.minNodes) return [];
    const message =
      `${id} needs at least ${mutant.minNodes} nodes, found ${nodes}: ` +
      'in a smaller cluster it does nothing wrong';
    return [at(path, message)];
  });
}

function checkInvariants(
  sections: Sections,
  entry: ProtocolEntry,
  catalogue: Catalogue,
): Located[] {
  const known = knownInvariants(entry, catalogue).map(({ id }) => id);
  const chosen = chosenIds(sections, entry, catalogue);
  const unknown = (id: string): string | null =>
    known.includes(id) ? null : `there is no invariant "${id}" for ${entry.name}${hint(id, known)}`;
  const problems = (sections.invariants ?? []).flatMap((id, i) => {
    const message = unknown(id);
    return message === null ? [] : [at(['invariants', i], message)];
  });
  const { expect } = sections;
  if (typeof expect !== 'object') return problems;
  const expected = Object.keys(expect).flatMap((id) => {
    const message =
      unknown(id) ?? (chosen.includes(id) ? null : `${id} is not checked: add it to invariants`);
    return message === null ? [] : [at(['expect', id], message, 'key')];
  });
  return [...problems, ...expected];
}

function checkRegions(sections: Sections, names: Names): Located[] {
  const { regions } = names;
  const twice = regions.flatMap((region, i) =>
    regions.indexOf(region) < i
      ? [at(['cluster_config', 'regions', i], `the region "${region}" is already there`)]
      : [],
  );
  const tooMany =
    regions.length > names.nodes
      ? [
          at(
            ['cluster_config', 'regions'],
            `there are more regions (${regions.length}) than nodes (${names.nodes})`,
          ),
        ]
      : [];
  const matrix = sections.network_assumptions?.region_latency_ms ?? {};
  const path = ['network_assumptions', 'region_latency_ms'];
  const unknown = Object.entries(matrix).flatMap(([from, row]) => [
    ...named(from, [...path, from]),
    ...Object.keys(row).flatMap((to) => named(to, [...path, from, to])),
  ]);
  return [...twice, ...tooMany, ...unknown];

  function named(region: string, where: Path): Located[] {
    const message = regionProblem(region, regions);
    return message === null ? [] : [at(where, message, 'key')];
  }
}

function at(path: Path, message: string, which: 'key' | 'value' = 'value'): Located {
  return { path, at: which, message };
}
