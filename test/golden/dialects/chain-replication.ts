/** How conversations speak of chain replication. */
import { describeCommand, erase } from '../../../sim/engine/index.ts';
import { Log } from '../../../protocols/common/log.ts';
import { chainReplication, roleOf } from '../../../protocols/chain-replication/index.ts';
import { describeChain, type Entry } from '../../../protocols/chain-replication/messages.ts';
import { defaultOptions } from '../../../protocols/chain-replication/options.ts';
import type { ChainRules } from '../../../protocols/chain-replication/rules.ts';
import type { ChainState } from '../../../protocols/chain-replication/state.ts';
import type { Dialect } from '../dialect.ts';

interface Memory {
  readonly lastIndex: number;
  readonly stable: number;
  readonly applied: number;
  readonly handingOver: boolean;
}

export const chainDialect: Dialect<ChainState, Memory> = {
  protocol: (rules) => erase(chainReplication(rules as ChainRules | undefined)),
  options: () => defaultOptions,
  flags: { reads_tail: { reads: 'tail' } },
  numbers: { max_entries: 'maxEntries' },
  names: {},
  commands: [],
  timeout: 'alive',
  parseDisk,
  summary: (state) => {
    const { configuration } = state;
    return `${roleOf(state)} epoch=${configuration.epoch} ${describeChain(configuration)}`;
  },
  details: ({ log, stable, match, handingOver }) => {
    const known = `log=${log.lastIndex} stable=${stable} successor=${match}`;
    return [handingOver ? `${known} handing over` : known];
  },
  remember: ({ log, stable, applied, handingOver }) => ({
    lastIndex: log.lastIndex,
    stable,
    applied,
    handingOver,
  }),
  changes(before, { log, stable, applied, handingOver }) {
    const told: string[] = [];
    if (log.lastIndex < before.lastIndex) told.push('forgets its history');
    const from = log.lastIndex < before.lastIndex ? 0 : before.lastIndex;
    for (let i = from + 1; i <= log.lastIndex; i++) told.push(`appends ${i}/${log.termAt(i)}`);
    if (stable !== before.stable) told.push(`knows ${stable} to be stable`);
    for (let i = Math.min(before.applied, applied) + 1; i <= applied; i++) {
      told.push(`applies ${i} ${describeEntry(log.at(i))}`);
    }
    if (handingOver && !before.handingOver) told.push('hands over and answers nobody any more');
    return told;
  },
  awakening: ({ log, handingOver }) =>
    `its disk had ${log.lastIndex} updates${handingOver ? ', and that it hands over' : ''}`,
  logLine: ({ log }) =>
    log
      .slice(1, log.lastIndex)
      .map(({ term }) => term)
      .join(' '),
  logEntries: ({ log }) =>
    log.slice(1, log.lastIndex).map((entry, i) => `${i + 1}/${entry.term} ${describeEntry(entry)}`),
  values: ({ machine }) => machine.snapshot().values,
};

/** `updates=3`: so many updates of epoch 1. */
function parseDisk(words: readonly string[]): Pick<ChainState, 'log'> {
  const count = Number(words[0]?.split('=')[1] ?? 0);
  const entries = Array.from({ length: count }, (_, i): Entry => {
    const command = { type: 'put', key: 'x', value: i + 1 };
    return { term: 1, request: { client: 'initial', sequence: i + 1, command, stamp: 0 } };
  });
  return { log: new Log(entries) };
}

function describeEntry(entry: Entry | undefined): string {
  return entry === undefined ? '(gone)' : describeCommand(entry.request.command);
}
