/** Who lies in a scenario: nodes that it names, and f more that are drawn from the run's seed. */
import type { TimelineEntryConfig } from './schema-faults.ts';
import type { Located, Path } from './issues.ts';
import { plainNodeProblem } from './nodes.ts';
import type { Scenario } from './schema.ts';
import type { ScheduleStepConfig } from './schema-schedule.ts';

type Item = TimelineEntryConfig | ScheduleStepConfig | null;

/** A scenario as far as it could be read. */
interface Written {
  readonly sections: Partial<Scenario>;
  readonly faults: readonly Item[];
  readonly schedule: readonly Item[];
}

const KINDS = ['byzantine', 'lie', 'amnesia', 'twin'] as const;

interface NamedLiar {
  readonly name: string;
  readonly path: Path;
}

/** How many nodes may lie: f, or the most that 3f+1 nodes allow. */
export function toleratedLiars({
  nodes,
  failure_tolerance: failures,
}: Scenario['cluster_config']): number {
  return failures ?? Math.floor((nodes - 1) / 3);
}

/** Whether nodes may lie at all. */
export function mayLie({ byzantine }: Scenario['network_assumptions']): boolean {
  return byzantine !== false;
}

/**
 * Nodes that are byzantine by name, and how many are drawn: f, unless a list says who they are, or
 * the timeline does.
 */
export function liarsIn(scenario: Scenario): {
  readonly named: readonly string[];
  readonly drawn: number;
} {
  const { faults, schedule, network_assumptions: network } = scenario;
  const { byzantine } = network;
  if (byzantine === false) return { named: [], drawn: 0 };
  const all = namedLiars({ sections: scenario, faults, schedule }).map(({ name }) => name);
  const listed = byzantine === true ? [] : byzantine;
  const named = [...new Set([...listed, ...all.filter((name) => /^n\d+$/.test(name))])];
  const told = faults.flatMap(({ byzantine: nodes = [] }) => nodes);
  const isDrawn = byzantine === true && (told.length === 0 || told.includes('{liars}'));
  return { named, drawn: isDrawn ? toleratedLiars(scenario.cluster_config) : 0 };
}

/** Whether the scenario leaves it to chance when they lie, and how. */
export function liesByChance(scenario: Scenario): boolean {
  const { faults, schedule, random_faults: random, network_assumptions: network } = scenario;
  if (random?.kinds.includes('liars') === true) return true;
  if (network.byzantine !== true) return false;
  return namedLiars({ sections: scenario, faults, schedule }).length === 0;
}

/** A node lies only where nodes may, and no more of them do than can be tolerated. */
export function checkLiars(written: Written): Located[] {
  const { sections, faults, schedule } = written;
  const { cluster_config: cluster, network_assumptions: network } = sections;
  const beside = [...misplaced(faults, 'faults'), ...misplaced(schedule, 'schedule')];
  const { byzantine = false } = network ?? {};
  const listed = Array.isArray(byzantine)
    ? byzantine.map((name, i) => ({ name, path: ['network_assumptions', 'byzantine', i] }))
    : [];
  const liars = [...listed, ...namedLiars(written)];
  const random = sections.random_faults?.kinds.indexOf('liars') ?? -1;
  const places = [
    ...liars.map(({ path }) => path),
    ...(random < 0 ? [] : [['random_faults', 'kinds', random]]),
  ];
  const [first] = places;
  if (network !== undefined && !mayLie(network) && first !== undefined) {
    const message = 'nodes lie only with network_assumptions: { byzantine: true }';
    return [...beside, { path: first, at: 'value', message }];
  }
  if (cluster === undefined) return beside;
  for (const { name, path } of listed) {
    const message = plainNodeProblem(name, { nodes: cluster.nodes, regions: [], clients: 0 });
    if (message !== null) beside.push({ path, at: 'value', message });
  }
  if (sections.beyond_tolerance === true) return beside;
  const tolerated = toleratedLiars(cluster);
  const seen = new Set<string>();
  for (const { name, path } of liars) {
    if (name !== '{liars}') seen.add(name);
    if (seen.size <= tolerated) continue;
    const message =
      `${seen.size} nodes lie (${[...seen].join(', ')}), and ${cluster.nodes} nodes tolerate ` +
      `${tolerated} (f); a scenario that means it says beyond_tolerance: true`;
    return [...beside, { path, at: 'value', message }];
  }
  return beside;
}

/** `behaviours` and `probability` say how `byzantine` nodes lie, and nothing else. */
function misplaced(items: readonly Item[], section: string): Located[] {
  return items.flatMap((item, i) => {
    if (item === null || typeof item === 'string' || item.byzantine !== undefined) return [];
    return (['behaviours', 'probability'] as const).flatMap((key): Located[] => {
      const message = `${key} goes with byzantine`;
      return item[key] === undefined ? [] : [{ path: [section, i, key], at: 'key', message }];
    });
  });
}

function namedLiars({ faults, schedule }: Written): NamedLiar[] {
  const inSection = (items: readonly Item[], section: string) =>
    items.flatMap((item, i) => {
      if (item === null || typeof item === 'string') return [];
      return KINDS.flatMap((kind): NamedLiar[] => {
        const value = item[kind];
        const path = [section, i, kind];
        if (value === undefined) return [];
        if (Array.isArray(value)) return value.map((name) => ({ name, path }));
        // The sender of a message: n2<-n1 AppendEntries.
        const sender = /<-(n\d+)\b/.exec((value as { message: string }).message)?.[1];
        return sender === undefined ? [] : [{ name: sender, path: [...path, 'message'] }];
      });
    });
  return [...inSection(faults, 'faults'), ...inSection(schedule, 'schedule')];
}
