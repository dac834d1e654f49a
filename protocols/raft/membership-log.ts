/**
 * Configurations in the log: extended Raft paper §6, dissertation §4.1. A server uses the latest
 * configuration in its log, whether or not the entry is committed.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { membersOf, votersOnly, type ConfigurationAt } from './configuration.ts';
import type { Entry, RaftEffects } from './messages.ts';
import type { RaftOptions } from './options.ts';
import type { RaftRules } from './rules.ts';
import { configurationOf, type Progress, type RaftState } from './state.ts';

/** The configuration of a snapshot; without one, what the cluster begins with. */
export function baseConfiguration(
  rules: RaftRules,
  lastConfig: ConfigurationAt | null,
  options: RaftOptions,
  effects: Pick<RaftEffects, 'nodes' | 'self'>,
): ConfigurationAt {
  const known = rules.configurationOfSnapshot(lastConfig);
  if (known !== null) return known;
  const voters = rules.firstMembers(options.members, effects.nodes, effects.self);
  return Object.freeze({ index: 0, configuration: votersOnly(voters) });
}

/** A server that starts has the configuration of its snapshot, then those in its log. */
export function configurationsFrom(
  base: ConfigurationAt,
  log: RaftState['log'],
): readonly ConfigurationAt[] {
  return Object.freeze([base, ...configurationsIn(log, base.index + 1)]);
}

/** The log has changed from `first` on: entries were appended there, others perhaps removed. */
export function followLog(rules: RaftRules, state: RaftState, first: number): void {
  const kept = rules.configurationsKept(state.configurations, first - 1);
  const added = configurationsIn(state.log, first);
  if (added.length === 0 && kept === state.configurations) return;
  use(rules, state, [...kept, ...added]);
}

/** A snapshot takes the place of the log up to its last index (dissertation §5.1, lastConfig). */
export function followSnapshot(rules: RaftRules, state: RaftState, base: ConfigurationAt): void {
  const later = configurationsIn(state.log, state.log.firstIndex);
  if (later.length === 0 && state.configurations.length === 1 && base.index === 0) return;
  use(rules, state, [base, ...later]);
}

/** The configuration that was in force at this index, which is not behind the log's base. */
export function configurationAt(state: RaftState, index: number): ConfigurationAt {
  const { configurations } = state;
  let at = configurations.length - 1;
  while (at > 0 && (configurations[at] as ConfigurationAt).index > index) at--;
  return configurations[at] as ConfigurationAt;
}

/** Forgets configurations that no truncation can bring back: the log has been compacted. */
export function forgetCompacted(state: RaftState): void {
  const { configurations, log } = state;
  const [, second] = configurations;
  if (second === undefined || second.index > log.baseIndex) return;
  const base = configurationAt(state, log.baseIndex);
  state.configurations = Object.freeze(configurations.slice(configurations.indexOf(base)));
}

/** A leader's table follows the configuration: rows stay, new ones begin at `nextIndex`. */
export function followMembers(
  progress: Readonly<Record<NodeId, Progress>>,
  members: readonly NodeId[],
  nextIndex: number,
): Record<NodeId, Progress> {
  const rows = members.map((server): [NodeId, Progress] => {
    const fresh = { nextIndex, matchIndex: 0, active: true, snapshot: null };
    return [server, progress[server] ?? fresh];
  });
  return Object.fromEntries(rows);
}

function use(rules: RaftRules, state: RaftState, configurations: readonly ConfigurationAt[]): void {
  const before = configurationOf(state);
  state.configurations = Object.freeze(configurations);
  const configuration = configurationOf(state);
  if (configuration === before || state.role !== 'leader') return;
  const rows = rules.progressKept(state.progress);
  state.progress = followMembers(rows, membersOf(configuration), state.log.lastIndex);
}

/** Looked at after every append, so it makes nothing where there is nothing. */
function configurationsIn(log: RaftState['log'], first: number): readonly ConfigurationAt[] {
  let found: ConfigurationAt[] | null = null;
  for (let index = Math.max(first, log.firstIndex); index <= log.lastIndex; index++) {
    const { configuration } = log.at(index) as Entry; // It is within the log.
    if (configuration === undefined) continue;
    found ??= [];
    found.push(Object.freeze({ index, configuration }));
  }
  return found ?? none;
}

const none: readonly ConfigurationAt[] = Object.freeze([]);
