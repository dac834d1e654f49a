/** `npm run soak [-- name …] [--amount N]`: searches that are too long for `npm test`. */
import { parseArgs } from 'node:util';
import { soakHistories } from './histories.ts';
import { soakCheckers } from './checkers.ts';
import { soakMultiPaxos } from './multi-paxos.ts';
import { soakPbft } from './pbft.ts';
import { soakRaft } from './raft.ts';
import { soakSearch } from './search.ts';

interface Soak {
  readonly what: string;
  /** How much, when nothing is said. */
  readonly amount: number;
  /** Does it; throws when something is found. */
  run(amount: number, report: (done: number) => void): void | Promise<void>;
}

const soaks: Readonly<Record<string, Soak>> = {
  checkers: {
    what: 'histories for each history checker, against brute force',
    amount: 200_000,
    run: soakCheckers,
  },
  raft: {
    what: 'events of clean Raft under random faults, all invariants on',
    amount: 50_000_000,
    run: (events, report) => void soakRaft(events, report),
  },
  'multi-paxos': {
    what: 'events of clean Multi-Paxos under random faults, all invariants on',
    amount: 50_000_000,
    run: (events, report) => void soakMultiPaxos(events, report),
  },
  pbft: {
    what: 'events of clean PBFT under random faults, all invariants on',
    amount: 50_000_000,
    run: (events, report) => void soakPbft(events, report),
  },
  search: {
    what: 'events of clean Raft for each strategy of the search',
    amount: 20_000_000,
    run: soakSearch,
  },
  histories: {
    what: 'histories of clean Raft under random faults, each linearizable',
    amount: 20_000,
    run: (runs, report) => void soakHistories(runs, report),
  },
};

const { values, positionals } = parseArgs({
  options: { amount: { type: 'string' } },
  allowPositionals: true,
});

const unknown = positionals.filter((name) => !(name in soaks));
if (unknown.length > 0) {
  console.error(`no such soak: ${unknown.join(', ')}; there are: ${Object.keys(soaks).join(', ')}`);
  process.exit(2);
}

for (const name of positionals.length > 0 ? positionals : Object.keys(soaks)) {
  const soak = soaks[name] as Soak;
  const amount = values.amount === undefined ? soak.amount : Number(values.amount);
  console.log(`${name}: ${amount.toLocaleString('en')} ${soak.what}`);
  let next = amount / 10;
  await soak.run(amount, (done) => {
    if (done < next) return;
    next += amount / 10;
    console.log(`${name}: ${Math.round((100 * done) / amount)} %`);
  });
  console.log(`${name}: silent`);
}
