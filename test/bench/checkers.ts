/** How fast the history checkers are: others' corpora, and histories of growing size. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { casRegister } from '../../invariants/history/models/register.ts';
import { type CheckResult, type Model, check, models } from '../../invariants/history/index.ts';
import { readHistory } from '../../sim/history/formats/index.ts';
import type { History } from '../../sim/history/operation.ts';
import { listAppendHistory, readWriteHistory, registerHistory } from './histories.ts';

/** The CPU time of one warm pass over a corpus, the reading not counted. */
interface CorpusRow {
  readonly files: number;
  readonly operations: number;
  readonly cpuMs: number;
  readonly configurations: number;
  /** Configurations of each file that needed the most. */
  readonly most: { readonly file: string; readonly configurations: number };
  readonly verdicts: Readonly<Record<string, number>>;
}

interface ScaleRow {
  readonly name: string;
  readonly operations: number;
  readonly verdict: string;
  readonly algorithm: string;
  readonly cpuMs: number;
  readonly configurations: number;
  readonly rssMb: number;
}

const corporaFolder = '../shared/corpora/porcupine';
const warmUps = 30;
const rounds = 5;

/** `npm run bench -- checkers [--json]`: medians of five warm passes. */
export function checkersBench(): object {
  const corpora = ['etcd', 'kv'].flatMap((name) => {
    const row = corpusRow(`${corporaFolder}/${name}`);
    return row === null ? [] : [[name, row] as const];
  });
  return { corpora: Object.fromEntries(corpora), scale: scaleRows() };
}

/** Null where the corpora are not at hand. */
function corpusRow(folder: string): CorpusRow | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).toSorted();
  const histories = names.map((name) => readHistory(readFileSync(`${folder}/${name}`, 'utf8')));
  const pass = (): CheckResult[] =>
    histories.map(({ history, model }) => {
      const build = models[model ?? ''] ?? casRegister;
      return check(history, build(), { counterexample: false });
    });
  for (let round = 0; round < warmUps; round += 1) pass();
  const { result, cpuMs } = median(pass);
  const verdicts: Record<string, number> = {};
  for (const { verdict } of result) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const most = result
    .map(({ configurations }, index) => ({ file: names[index] ?? '', configurations }))
    .reduce((a, b) => (b.configurations > a.configurations ? b : a));
  const sum = (of: (each: CheckResult) => number): number =>
    result.reduce((total, each) => total + of(each), 0);
  return {
    files: names.length,
    operations: sum(({ operations }) => operations),
    cpuMs,
    configurations: sum(({ configurations }) => configurations),
    most,
    verdicts,
  };
}

function scaleRows(): ScaleRow[] {
  const register = casRegister() as Model;
  const crashes = registerHistory(10, 10, 200, 5, 10);
  return [
    row('register, unique values, 10 clients', registerHistory(1, 10, 100_000, 0), register),
    row('register, unique values, 100 clients', registerHistory(2, 100, 1_000, 0), register),
    row('register, 5 values, 10 clients', registerHistory(3, 10, 100_000, 5), register),
    row('register, 5 values, 10 crashed writes', crashes, register),
    row('the same, one read wrong', wrongRead(crashes), register),
    row('list-append, all levels', listAppendHistory(1, 10, 100_000), 'list-append'),
    row('causal, 8 operations each', readWriteHistory(2, 10, 10_000), 'rw-register', 'causal'),
    row('serializable', readWriteHistory(1, 20, 500), 'rw-register', 'serializable'),
    row('snapshot isolation', readWriteHistory(1, 20, 500), 'rw-register', 'snapshot-isolation'),
  ];
}

/** The last read claims a value that is not among those written. */
function wrongRead(history: History): History {
  const isRead = ({ input }: History[number]): boolean =>
    (input as { type: string }).type === 'read';
  const last = history.findLastIndex(isRead);
  return history.map((operation, index) =>
    index === last ? { ...operation, output: ((operation.output as number) + 1) % 5 } : operation,
  );
}

function row(
  name: string,
  history: History,
  model: Parameters<typeof check>[1],
  consistency?: string,
): ScaleRow {
  const request = { counterexample: false, ...(consistency === undefined ? {} : { consistency }) };
  const { result, cpuMs } = median(() => check(history, model, request));
  const { verdict, algorithm, configurations } = result;
  const rssMb = Math.round(process.memoryUsage().rss / 1e6);
  return { name, operations: history.length, verdict, algorithm, cpuMs, configurations, rssMb };
}

/** CPU milliseconds, user and system, in the middle of several rounds. */
function median<T>(work: () => T): { result: T; cpuMs: number } {
  const times: number[] = [];
  let result = work();
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    result = work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { result, cpuMs: times[rounds >> 1] ?? 0 };
}
