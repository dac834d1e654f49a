/** How conversations speak of Raft. */
import { describeCommand, erase } from '../../../sim/engine/index.ts';
import { administration } from '../../../protocols/raft/administration.ts';
import {
  describeConfiguration,
  type ConfigurationAt,
} from '../../../protocols/raft/configuration.ts';
import { Log } from '../../../protocols/common/log.ts';
import { raft } from '../../../protocols/raft/index.ts';
import type { Entry } from '../../../protocols/raft/messages.ts';
import { defaultOptions, type RaftOptions } from '../../../protocols/raft/options.ts';
import type { RaftRules } from '../../../protocols/raft/rules.ts';
import type { RaftState } from '../../../protocols/raft/state.ts';
import type { Dialect } from '../dialect.ts';

/** A server as it was before an event. */
interface Memory {
  readonly log: Log<Entry>;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly snapshotIndex: number;
  readonly configurations: readonly ConfigurationAt[];
}

type Durable = Pick<RaftState, 'currentTerm' | 'votedFor' | 'log' | 'snapshot'>;

const numbers: Readonly<Record<string, keyof RaftOptions>> = {
  batch_ms: 'batchMs',
  max_entries: 'maxEntriesPerAppend',
  snapshot_every: 'snapshotThreshold',
  trailing: 'trailingEntries',
  chunk: 'snapshotChunkSize',
  clock_bound: 'clockBoundMs',
  inflight: 'maxInflight',
  apply_ms: 'applyMs',
  inflight_bytes: 'maxInflightBytes',
};

export const raftDialect: Dialect<RaftState, Memory> = {
  protocol: (rules) => erase(raft(rules as RaftRules | undefined)),
  options: () => ({ ...defaultOptions, snapshotThreshold: 0 }),
  flags: {
    prevote: { preVote: true },
    checkquorum: { checkQuorum: true },
    async: { asyncStorage: true },
  },
  numbers,
  names: {
    members: (members) => ({ members }),
    reads: ([reads]) => ({ reads }),
    priorities: (words) => ({ priorities: Object.fromEntries(words.map(priorityOf)) }),
  },
  commands: Object.keys(administration),
  timeout: 'election',
  parseDisk,
  summary: ({ role, currentTerm, votedFor }) => `${role} term=${currentTerm} votedFor=${votedFor}`,
  details: (state) => {
    const { leaderId, log, commitIndex, lastApplied } = state;
    const known = `log=${extentOf(log)} commit=${commitIndex} applied=${lastApplied}`;
    const more = [...progressOf(state), ...membershipOf(state)];
    more.push(...readsOf(state), ...storageOf(state));
    return [`leader=${leaderId} ${known}`, ...more];
  },
  remember: ({ log, commitIndex, lastApplied, snapshot, configurations }) => ({
    configurations,
    log: log.fork(),
    commitIndex,
    lastApplied,
    snapshotIndex: snapshot?.lastIncludedIndex ?? 0,
  }),
  changes(before, state) {
    const told = logChanges(before.log, state.log);
    told.push(...configurationChange(before, state));
    if (state.commitIndex !== before.commitIndex) told.push(`commits ${state.commitIndex}`);
    return [...told, ...applications(state, before), ...compaction(state, before)];
  },
  awakening: ({ log, commitIndex }) => `its disk had log=${extentOf(log)} commit=${commitIndex}`,
  logLine({ log }) {
    const words = log.baseIndex > 0 ? [`(..${log.baseIndex}/${log.baseTerm})`] : [];
    for (let i = log.firstIndex; i <= log.lastIndex; i++) words.push(String(log.termAt(i)));
    return words.join(' ');
  },
  logEntries: ({ log }) =>
    log
      .slice(log.firstIndex, log.lastIndex)
      .map((entry, i) => `${log.firstIndex + i}/${entry.term} ${describeEntry(entry)}`),
  values: ({ machine }) => machine.snapshot().values,
};

/** `n1:3` */
function priorityOf(word: string): [string, number] {
  const [name = '', priority] = word.split(':');
  return [name, Number(priority)];
}

/** `terms=1,1,4 term=6 voted=n2`: the log's terms, currentTerm (the last of them), votedFor. */
function parseDisk(words: readonly string[]): Durable {
  const given = new Map(words.map((word) => word.split('=') as [string, string]));
  const terms = (given.get('terms') ?? '').split(',').filter((term) => term !== '');
  const entries = terms.map((term, i) => initialEntry(i + 1, Number(term)));
  return {
    currentTerm: Number(given.get('term') ?? entries[entries.length - 1]?.term ?? 0),
    votedFor: given.get('voted') ?? null,
    log: new Log(entries),
    snapshot: null,
  };
}

/** Every entry that a conversation begins with is a request of its own. */
function initialEntry(index: number, term: number): Entry {
  const command = { type: 'put', key: 'x', value: `${index}/${term}` };
  return { term, request: { client: `of-term-${term}`, sequence: index, command, stamp: 0 } };
}

/** What an entry asks of the state machine. */
function describeEntry({ request, configuration }: Entry): string {
  if (configuration !== undefined) return `configuration ${describeConfiguration(configuration)}`;
  return request === null ? 'no-op' : describeCommand(request.command);
}

/** `uses 3: voters=n1 n2 && n1 learners=n3`, whenever another configuration is in force. */
function configurationChange(before: Memory, { configurations }: RaftState): string[] {
  const latest = configurations[configurations.length - 1];
  const was = before.configurations[before.configurations.length - 1];
  if (latest === undefined || latest.configuration === was?.configuration) return [];
  return [usesText(latest)];
}

function progressOf(state: RaftState): string[] {
  const known = Object.entries(state.progress).map(
    ([name, { matchIndex, nextIndex, snapshot, flow }]) => {
      const sending = snapshot === null ? '' : ` snapshot=${snapshot.lastIncludedIndex}`;
      const mode = flow === undefined ? '' : ` ${flow.mode}${flow.isPaused ? ' paused' : ''}`;
      const window = (flow?.inflight ?? []).map(({ lastIndex }) => lastIndex).join(',');
      const inflight = window === '' ? '' : ` inflight=${window}`;
      return `${name} match=${matchIndex} next=${nextIndex}${sending}${mode}${inflight}`;
    },
  );
  return known.length === 0 ? [] : [known.join(', ')];
}

/** Only of a server that has another configuration than the first. */
function membershipOf({ configurations }: RaftState): string[] {
  const latest = configurations[configurations.length - 1];
  if (latest === undefined || latest.index === 0) return [];
  return [usesText(latest)];
}

/** `durable up to 1; writes 2, 3; acknowledges later 3` */
function storageOf({ storage }: RaftState): string[] {
  if (storage === null) return [];
  const { stableIndex, writing, acknowledgements } = storage;
  const list = (what: string, numbers: readonly number[]) =>
    numbers.length === 0 ? '' : `; ${what} ${numbers.join(', ')}`;
  const writes = list(
    'writes',
    writing.map(({ index }) => index),
  );
  const later = list(
    'acknowledges later',
    acknowledgements.map(({ reply }) => reply.matchIndex),
  );
  return [`durable up to ${stableIndex}${writes}${later}`];
}

/** `waits: c1-1 index=2 round=1`, and of a follower `asks: c1-1 index=2`; 0 is not known yet. */
function readsOf({ reading, asked }: RaftState): string[] {
  const waiting = (reading?.waiting ?? []).map(
    ({ client, sequence, readIndex, round }) =>
      `waits: ${client}-${sequence} index=${readIndex} round=${round}`,
  );
  const open = asked.map((read) => `asks: ${read.client}-${read.sequence} index=${read.readIndex}`);
  return [...waiting, ...open];
}

function usesText({ index, configuration }: ConfigurationAt): string {
  return `uses ${index}: ${describeConfiguration(configuration)}`;
}

/** `2..7`, or `empty`. */
function extentOf(log: Log<Entry>): string {
  if (log.lastIndex < log.firstIndex) return 'empty';
  return `${log.firstIndex}..${log.lastIndex}`;
}

function logChanges(before: Log<Entry>, after: Log<Entry>): string[] {
  const lines: string[] = [];
  if (isStartedOver(before, after)) {
    if (before.lastIndex > before.baseIndex) lines.push(`discards its log ${extentOf(before)}`);
    return [...lines, `begins its log behind ${after.baseIndex}/${after.baseTerm}`];
  }
  const first = Math.max(before.firstIndex, after.firstIndex);
  let same = first - 1;
  while (same < before.lastIndex && before.at(same + 1) === after.at(same + 1)) same++;
  if (same < before.lastIndex) lines.push(`drops ${range(same + 1, before.lastIndex)}`);
  const added: string[] = [];
  for (let i = Math.max(same, after.baseIndex) + 1; i <= after.lastIndex; i++) {
    added.push(`${i}/${after.termAt(i)}`);
  }
  if (added.length > 0) lines.push(`appends ${added.join(' ')}`);
  return lines;
}

/** A snapshot took the place of a log that did not have its last entry. */
function isStartedOver(before: Log<Entry>, after: Log<Entry>): boolean {
  const { baseIndex, baseTerm } = after;
  if (baseIndex === before.baseIndex || after.truncations === before.truncations) return false;
  return before.termAt(baseIndex) !== baseTerm;
}

function compaction({ log, snapshot }: RaftState, before: Memory): string[] {
  const lines: string[] = [];
  const last = snapshot?.lastIncludedIndex ?? 0;
  if (last > before.snapshotIndex) lines.push(`has a snapshot of 1..${last}`);
  if (log.baseIndex > before.log.baseIndex && !isStartedOver(before.log, log)) {
    lines.push(`compacts its log up to ${log.baseIndex}/${log.baseTerm}`);
  }
  return lines;
}

function applications(state: RaftState, before: Memory): string[] {
  const lines: string[] = [];
  for (let i = before.lastApplied + 1; i <= state.lastApplied; i++) {
    // An entry may be compacted in the moment in which it is applied: then ask the log before.
    const isSame = state.log.truncations === before.log.truncations;
    const entry = state.log.at(i) ?? (isSame ? before.log.at(i) : undefined);
    if (entry !== undefined) lines.push(`applies ${i}/${entry.term} ${describeEntry(entry)}`);
  }
  return lines;
}

function range(first: number, last: number): string {
  return first === last ? `${first}` : `${first}..${last}`;
}
