/** How conversations speak of primary–backup replication. */
import { describeCommand, erase } from '../../../sim/engine/index.ts';
import { Log } from '../../../protocols/common/log.ts';
import { replication } from '../../../protocols/replication/index.ts';
import type { Entry } from '../../../protocols/replication/messages.ts';
import { defaultOptions, type ReplicationOptions } from '../../../protocols/replication/options.ts';
import type { ReplicationRules } from '../../../protocols/replication/rules.ts';
import type { ReplicationState } from '../../../protocols/replication/state.ts';
import type { Dialect } from '../dialect.ts';

interface Memory {
  readonly log: Log<Entry>;
  readonly committed: number;
  readonly applied: number;
  readonly isAlone: boolean;
}

const numbers: Readonly<Record<string, keyof ReplicationOptions>> = {
  wait_for: 'waitFor',
  fallback_ms: 'fallbackMs',
  max_entries: 'maxEntries',
};

export const replicationDialect: Dialect<ReplicationState, Memory> = {
  protocol: (rules) => erase(replication(rules as ReplicationRules | undefined)),
  options: () => defaultOptions,
  flags: {
    synchronous: { acknowledgement: 'synchronous' },
    asynchronous: { acknowledgement: 'asynchronous' },
    reads_primary: { reads: 'primary' },
    reads_replica: { reads: 'replica' },
  },
  numbers,
  names: {},
  commands: [],
  timeout: 'failover',
  parseDisk,
  summary: ({ role, epoch, primary }) => `${role} epoch=${epoch} primary=${primary}`,
  details: ({ log, committed, applied, progress, isAlone }) => {
    const backups = Object.entries(progress).map(
      ([name, { match, next }]) => `${name} match=${match} next=${next}`,
    );
    const first = `log=${extentOf(log)} committed=${committed} applied=${applied}`;
    return [
      isAlone ? `${first} alone` : first,
      ...(backups.length === 0 ? [] : [backups.join(', ')]),
    ];
  },
  remember: ({ log, committed, applied, isAlone }) => ({
    log: log.fork(),
    committed,
    applied,
    isAlone,
  }),
  changes(before, state) {
    const told = logChanges(before.log, state.log);
    if (state.isAlone !== before.isAlone) {
      told.push(state.isAlone ? 'goes on alone' : 'waits for backups again');
    }
    if (state.committed !== before.committed) told.push(`acknowledges up to ${state.committed}`);
    const same = commonPrefix(before.log, state.log);
    if (same < before.applied) told.push(`takes back ${range(same + 1, before.applied)}`);
    for (let index = Math.min(same, before.applied) + 1; index <= state.applied; index++) {
      told.push(`applies ${index} ${describeEntry(state.log.at(index))}`);
    }
    return told;
  },
  awakening: ({ log }) => `its disk had log=${extentOf(log)}`,
  logLine: ({ log }) =>
    log
      .slice(1, log.lastIndex)
      .map(({ term }) => term)
      .join(' '),
  logEntries: ({ log }) =>
    log.slice(1, log.lastIndex).map((entry, i) => `${i + 1}/${entry.term} ${describeEntry(entry)}`),
  values: ({ machine }) => machine.snapshot().values,
};

/** `epochs=1,1,2 epoch=3`: the epochs of the log's entries, and the view that is promised. */
function parseDisk(words: readonly string[]): Pick<ReplicationState, 'epoch' | 'log'> {
  const given = new Map(words.map((word) => word.split('=') as [string, string]));
  const epochs = (given.get('epochs') ?? '').split(',').filter((epoch) => epoch !== '');
  const entries = epochs.map((epoch, i): Entry => {
    const command = { type: 'put', key: 'x', value: `${i + 1}/${epoch}` };
    const client = `of-epoch-${epoch}`;
    return { term: Number(epoch), request: { client, sequence: i + 1, command, stamp: 0 } };
  });
  const last = entries[entries.length - 1]?.term ?? 1;
  return { epoch: Number(given.get('epoch') ?? last), log: new Log(entries) };
}

function describeEntry(entry: Entry | undefined): string {
  if (entry === undefined) return '(gone)';
  return entry.request === null ? 'no-op' : describeCommand(entry.request.command);
}

function logChanges(before: Log<Entry>, after: Log<Entry>): string[] {
  const same = commonPrefix(before, after);
  const lines = same < before.lastIndex ? [`drops ${range(same + 1, before.lastIndex)}`] : [];
  const added: string[] = [];
  for (let i = same + 1; i <= after.lastIndex; i++) added.push(`${i}/${after.termAt(i)}`);
  if (added.length > 0) lines.push(`appends ${added.join(' ')}`);
  return lines;
}

function commonPrefix(before: Log<Entry>, after: Log<Entry>): number {
  let same = 0;
  while (same < before.lastIndex && before.at(same + 1) === after.at(same + 1)) same++;
  return same;
}

function extentOf({ lastIndex }: Log<Entry>): string {
  return lastIndex === 0 ? 'empty' : `1..${lastIndex}`;
}

function range(first: number, last: number): string {
  return first === last ? `${first}` : `${first}..${last}`;
}
