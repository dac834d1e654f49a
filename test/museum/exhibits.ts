/** The museum's exhibits: which mutants have a trace, where it is, and what is said of it. */
import { existsSync } from 'node:fs';
import { subjectOf, type Subject } from '../../sim/property/subject.ts';
import { mutantScenario, scriptScenario } from '../../sim/registry/bank.ts';
import { catalogue, invariants } from '../../sim/registry/index.ts';
import type { MutantEntry, ProtocolEntry } from '../../sim/scenario/index.ts';
import { writeYaml } from '../../sim/scenario/write.ts';
import type { WorldConfig } from '../../sim/engine/index.ts';
import type { Trace } from '../../sim/trace/index.ts';

export interface Exhibit {
  readonly mutant: MutantEntry;
  readonly entry: ProtocolEntry;
}

/** Every mutant that violates something in some state: what only never happens needs time. */
export const exhibits: readonly Exhibit[] = [...catalogue.protocols.values()].flatMap((entry) =>
  entry.mutants
    .filter((mutant) => !mutant.control && safetyOf(mutant).length > 0)
    .map((mutant) => ({ mutant, entry })),
);

/** Why some of them have no trace. */
export const missing: Readonly<Record<string, string>> = {
  'paxos-master-lease-skew': 'a lease is a matter of time, which a schedule does not keep',
  'paxos-read-no-round': 'its history shows it at the end of a run; test/multi-paxos hunts it',
  'paxos-lease-before-recovery': 'a lease is a matter of time, which a schedule does not keep',
  'txn-recovery-stale-state': 'only clients notice it, of several transactions over elected groups',
};

/** What of its violations a schedule can lead to. */
export function safetyOf({ violates }: MutantEntry): readonly string[] {
  return violates.filter((id) => !id.endsWith('/liveness'));
}

/** The same world without the mutant: its clients belong to the protocol, too. */
export function withoutMutant(config: WorldConfig, entry: ProtocolEntry): WorldConfig {
  const protocol = entry.create([]);
  const { clients } = config;
  if (clients === null) return { ...config, protocol };
  const client = entry.client?.(config.options, []) ?? protocol.client ?? clients.protocol;
  return { ...config, protocol, clients: { ...clients, protocol: client } };
}

/** The folder of a protocol's traces. */
export function folderOf(protocol: string): string {
  return `traces/${protocol}`;
}

/** The world in which a mutant is looked for, watched by the invariants that its record names. */
export function searched({ mutant, entry }: Exhibit): Subject {
  const scenario = mutantScenario(mutant, entry);
  const watched = safetyOf(mutant);
  const isNamed = watched.every((id) => known.has(id));
  const text = writeYaml({ ...scenario, ...(isNamed ? { invariants: [...watched] } : {}) });
  return subjectOf(text, `${mutant.id}.yaml`, catalogue);
}

/** The mutant's script as a scenario; null when it has none. */
export function scripted({ mutant }: Exhibit): Subject | null {
  const scenario = scriptScenario(mutant);
  return scenario && subjectOf(writeYaml(scenario), `${mutant.id}.yaml`, catalogue);
}

const known = new Map(invariants().map(({ invariant }) => [invariant.id, invariant]));

/** The catalogue: one sentence for each trace; `traces` by protocol and mutant. */
export function catalogueText(traces: ReadonlyMap<string, ReadonlyMap<string, Trace>>): string {
  const parts = [introduction];
  for (const { name } of catalogue.protocols.values()) {
    const own = exhibits.filter(({ mutant }) => mutant.protocol === name);
    const lines = own.flatMap((exhibit) => sentence(exhibit, traces.get(name)) ?? []);
    if (lines.length > 0) parts.push(`## ${name}\n\n${lines.join('\n')}\n`);
  }
  return parts.join('\n');
}

function sentence({ mutant }: Exhibit, traces?: ReadonlyMap<string, Trace>): string | null {
  const { id, protocol, description, sources, remark } = mutant;
  const trace = traces?.get(id);
  const violation = trace?.footer?.violation;
  if (trace === undefined || violation === null || violation === undefined) return null;
  const rule = known.get(violation.invariant);
  const broken =
    rule === undefined
      ? `a handler throws (\`${violation.invariant}\`)`
      : `it breaks \`${violation.invariant}\` (${rule.title}; ${rule.source})`;
  return (
    `- **[${id}](${protocol}/${id}.msgpack)**, ${trace.events.length} events on ` +
    `${trace.header.nodes.length} nodes. ${description} ` +
    `Seen in ${sources.join('; ')}; ${broken}.${remark === undefined ? '' : ` ${remark}`}`
  );
}

/** The protocols that have a folder of traces. */
export function shown(): readonly string[] {
  return [...catalogue.protocols.keys()].filter((protocol) => existsSync(folderOf(protocol)));
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
replaces a trace only by a shorter one; with \`--anew\` by any; with \`--told\` it looks at scripts
only and does not search). It also writes this page.

Mutants that break no state but only never get anywhere (liveness) have no trace here: time betrays
them, not a schedule.
`;
