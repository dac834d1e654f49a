/** The museum's exhibits: which mutants have one, and the scenario in which each is looked for. */
import { stringify } from 'yaml';
import { raftInvariants } from '../../invariants/raft/index.ts';
import { raftMutants, type RaftMutant } from '../../protocols/raft/mutants/index.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { loadScenario, prepare, type Prepared } from '../../sim/scenario/index.ts';
import type { Trace } from '../../sim/trace/index.ts';

export const folder = 'traces/raft';

/**
 * Mutants that violate something in some state. What only never happens (a leader that commits)
 * needs no schedule but time, and what clients see is judged by history checkers: not here.
 */
export const exhibits: readonly RaftMutant[] = raftMutants.filter(
  (mutant) => mutant.control === undefined && safetyOf(mutant).length > 0,
);

/** What of its violations a schedule can lead to. */
export function safetyOf({ violates }: RaftMutant): readonly string[] {
  return violates.filter((id) => id !== 'raft/liveness' && !id.startsWith('history/'));
}

/** Options that bring the rare parts of the protocol within reach of a short run. */
const reach: Readonly<Record<string, object>> = {
  'snapshot-keeps-suffix': { snapshot_threshold: 1 },
  'snapshot-truncates-good-suffix': { snapshot_threshold: 1 },
  'term-from-snapshot': { snapshot_threshold: 1 },
  'snapshot-reply-no-term-check': { snapshot_threshold: 1, trailing_entries: 1 },
};

const words: Readonly<Partial<Record<keyof RaftOptions, string>>> = {
  maxEntriesPerAppend: 'max_entries',
  preVote: 'pre_vote',
  checkQuorum: 'check_quorum',
  snapshotThreshold: 'snapshot_threshold',
  snapshotChunkSize: 'snapshot_chunk',
};

/** The scenario in which a mutant is searched; shrinking makes it simpler. */
export function scenarioOf(mutant: RaftMutant): string {
  const { id, description, script, minNodes, needs } = mutant;
  const known = raftInvariants.map((invariant) => invariant.id);
  const watched = safetyOf(mutant).filter((invariant) => known.includes(invariant));
  const options = Object.fromEntries(
    Object.entries({ ...mutant.options, ...script?.options }).flatMap(([option, value]) => {
      const word = words[option as keyof RaftOptions];
      return word === undefined ? [] : [[word, value]];
    }),
  );
  return stringify({
    name: `${description[0]?.toLowerCase() ?? ''}${description.slice(1, -1)}`,
    protocol: 'raft',
    options: { ...options, ...reach[id] },
    cluster_config: { nodes: minNodes > 3 ? minNodes : (script?.nodes ?? 3) },
    network_assumptions: { latency_ms: 10 },
    disk: { sync_ms: needs.includes('disk') ? 1 : 0 },
    mutants: [id],
    invariants: watched.length > 0 ? watched : ['raft/state-machine-safety'],
    duration: '1m',
    seed: 1,
  });
}

/** A scenario's world; with `mutants` given, with these instead of its own. */
export function prepareText(text: string, file: string, mutants?: readonly string[]): Prepared {
  const loaded = loadScenario(text, { file, catalogue });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const { scenario } = loaded;
  const changed = mutants === undefined ? scenario : { ...scenario, mutants: [...mutants] };
  return prepare(changed, { seed: String(scenario.seed ?? '1'), catalogue });
}

/** The catalogue: one sentence for each trace. */
export function catalogueText(traces: ReadonlyMap<string, Trace>): string {
  const titles = new Map(raftInvariants.map(({ id, title, source }) => [id, { title, source }]));
  const lines = exhibits.flatMap(({ id, description, sources }) => {
    const trace = traces.get(id);
    const violation = trace?.footer?.violation;
    if (trace === undefined || violation === null || violation === undefined) return [];
    const rule = titles.get(violation.invariant);
    const broken =
      rule === undefined
        ? `a handler throws (\`${violation.invariant}\`)`
        : `it breaks \`${violation.invariant}\` (${rule.title}; ${rule.source})`;
    return [
      `- **[${id}](raft/${id}.msgpack)**, ${trace.events.length} events on ` +
        `${trace.header.nodes.length} nodes. ${description} ` +
        `Seen in ${sources.join('; ')}; ${broken}.`,
    ];
  });
  return `${introduction}\n${lines.join('\n')}\n`;
}

const introduction = `# The museum

Every trace here is the shortest run we know in which one documented error of a real system breaks
a rule. Each was found by the search, or told by the mutant's script, then shrunk: without any one
of its events nothing is violated. A test replays all of them on every run: with the mutant each
violates its invariant at the recorded event, without it the same schedule is silent or cannot
happen.

    schism replay traces/raft/commit-old-term.msgpack
    schism explain traces/raft/commit-old-term.msgpack

\`npx tsx test/museum/make.ts [id …]\` looks for shorter ones and makes those that are missing (it
replaces a trace only by a shorter one; with \`--anew\` by any). It also writes this page.

Mutants that break no state but only never get anywhere (liveness), or that only clients notice,
have no trace here: time betrays them, or a history checker, not a schedule.

## Raft
`;
