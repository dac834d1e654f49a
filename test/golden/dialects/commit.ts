/** How conversations speak of two- and three-phase commit. */
import type { NodeId, Plain } from '../../../sim/engine/index.ts';
import { erase } from '../../../sim/engine/index.ts';
import { threePhaseCommit, twoPhaseCommit } from '../../../protocols/transactions/commit/index.ts';
import { defaultOptions } from '../../../protocols/transactions/commit/options.ts';
import type { CommitRules } from '../../../protocols/transactions/commit/rules.ts';
import type { CommitState, Outcome } from '../../../protocols/transactions/commit/state.ts';
import type { Table } from '../../../protocols/common/table.ts';
import type { Dialect } from '../dialect.ts';

/** A node as it was before an event. */
interface Memory {
  readonly values: Table<Plain>;
  readonly outcomes: Table<Outcome>;
  readonly decisions: readonly string[];
}

type Make = (rules?: CommitRules) => Parameters<typeof erase>[0];

export const twoPhaseDialect = dialectOf(twoPhaseCommit as Make);
export const threePhaseDialect = dialectOf(threePhaseCommit as Make);

function dialectOf(make: Make): Dialect<CommitState, Memory> {
  return {
    protocol: (rules) => erase(make(rules as CommitRules | undefined)),
    options: () => ({ ...defaultOptions, attempts: 1 }),
    flags: { cooperative: { termination: 'cooperative' } },
    numbers: { patience: 'patience', attempts: 'attempts' },
    names: {
      coordinator: ([coordinator]) => ({ coordinator }),
      shards: (shards) => ({ shards }),
      placement: (words) => ({ placement: Object.fromEntries(words.map(placed)) }),
      deadlocks: ([deadlocks]) => ({ deadlocks }),
    },
    commands: ['txn'],
    timeout: 'tick',
    parseDisk: () => {
      throw new Error('disks of this protocol begin empty');
    },
    summary: ({ transactions, workspaces }) => {
      const coordinated = transactions.map(({ id, phase }) => `${id}:${phase}`);
      const worked = workspaces.map(({ id, phase, waits }) => `${id}:${waits ? 'waiting' : phase}`);
      return [`coordinates=${coordinated.join(',')}`, `works=${worked.join(',')}`].join(' ');
    },
    details: ({ locks }) =>
      locks.map(({ key, holders, queue }) => {
        const names = (claims: typeof holders) =>
          claims.map(({ transaction, mode }) => `${transaction}(${mode})`).join(' ');
        return `lock ${key}: ${names(holders)}${queue.length > 0 ? ` <- ${names(queue)}` : ''}`;
      }),
    remember: ({ values, outcomes, decisions }) => ({
      values: values.fork(),
      outcomes: outcomes.fork(),
      decisions: decisions.map(({ id }) => id),
    }),
    changes(before, { values, outcomes, decisions }) {
      const ids = decisions.map(({ id }) => id);
      const told = ids.filter((id) => !before.decisions.includes(id)).map((id) => `decides ${id}`);
      for (const [id, outcome] of outcomes.entries()) {
        if (before.outcomes.get(id) !== outcome) told.push(`has ${outcome} ${id}`);
      }
      for (const [key, value] of values.entries()) {
        if (before.values.get(key) !== value) told.push(`holds ${key}=${JSON.stringify(value)}`);
      }
      const forgotten = before.decisions.filter((id) => !ids.includes(id));
      return [...told, ...forgotten.map((id) => `forgets the decision of ${id}`)];
    },
    awakening: ({ prepared, decisions }) => {
      const votes = prepared.map(({ id, standing }) => `${id}:${standing}`).join(',');
      return `its disk had votes=${votes} decisions=${decisions.map(({ id }) => id).join(',')}`;
    },
    logLine: ({ decisions }) => decisions.map(({ id }) => id).join(' '),
    logEntries: ({ decisions }) =>
      decisions.map(({ id, acknowledged }) => `${id} acknowledged=${acknowledged.join(',')}`),
    values: ({ values }) => [...values.entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** `x:n2` */
function placed(word: string): [string, NodeId] {
  const [key = '', node = ''] = word.split(':');
  return [key, node];
}
