/** The bank of mutants as a measuring stick: who is caught, by what, how fast. */
import { catalogue, mutants } from '../registry/index.ts';
import { nearest, type MutantEntry, type ProtocolEntry } from '../scenario/index.ts';
import { attempts } from './attempts.ts';
import { ExitCode, UsageError } from './exit.ts';
import { Interruption } from './interruption.ts';
import { LiveLine } from './live-line.ts';
import { searchMutant, type MutantBudget, type MutantRow } from './mutant-search.ts';
import type { MutantsFlags } from './mutants.ts';
import { milliseconds, wholeNumber } from './numbers.ts';
import type { Session } from './session.ts';
import { portfolioNamed } from './strategies.ts';

/** Beyond that a search sees next to nothing of what can happen. */
const MOST_NODES = 100;

/** Returns the exit code. */
export async function mutantsCommand(flags: MutantsFlags, session: Session): Promise<ExitCode> {
  const { io } = session;
  const { wanted, ...orders } = checked(flags, session);
  const interruption = new Interruption(io, 'the mutants so far count');
  const budget: MutantBudget = { ...orders, interrupted: () => interruption.isOn };
  const line = new LiveLine(io, flags.json === true);
  const rows: MutantRow[] = [];
  const width = Math.max(...wanted.map(({ mutant }) => mutant.id.length));
  try {
    for (const [i, { mutant, nodes }] of wanted.entries()) {
      line.show(() => `${mutant.id}  (${i + 1} of ${wanted.length})`);
      // It was found by its name.
      const entry = catalogue.protocols.get(mutant.protocol) as ProtocolEntry;
      const row = await searchMutant(mutant, entry, budget, nodes);
      line.clear();
      if (row === null) break;
      rows.push(row);
      if (flags.json !== true) io.print(rowText(row, width, session));
    }
  } finally {
    line.clear();
    interruption.ignore();
  }
  const score = scoreOf(rows);
  if (flags.json === true) {
    io.print(`${JSON.stringify({ mutants: rows.map(jsonOf), score })}\n`);
  } else io.print(`\n${summary(rows, score)}\n`);
  if (interruption.isOn) return ExitCode.interrupted;
  if (rows.some(({ control, found }) => control && found > 0)) return ExitCode.violated;
  return rows.every(({ control, caught }) => control || caught)
    ? ExitCode.ok
    : ExitCode.inconclusive;
}

interface Wanted {
  readonly mutant: MutantEntry;
  /** Left out: as few as it needs. */
  readonly nodes?: number;
}

interface Orders extends Omit<MutantBudget, 'interrupted'> {
  readonly wanted: readonly Wanted[];
}

/** Throws a UsageError that says all that is wrong with the flags. */
function checked(flags: MutantsFlags, session: Session): Orders {
  const problems: string[] = [];
  const attempt = attempts(problems);
  const wanted = attempt(() => chosen(flags, session));
  const seeds = attempt(() => wholeNumber('--seeds', flags.seeds, 1000));
  const cpuMs = attempt(() => milliseconds('--budget', flags.budget));
  const portfolio = attempt(() => portfolioNamed(flags.strategy));
  if (!wanted || !seeds || !cpuMs || !portfolio) throw new UsageError(problems.join('\n'));
  return { wanted, seeds, cpuMs, portfolio };
}

/** What is asked for, size by size. Throws a UsageError that names every wrong word. */
function chosen({ protocol, only, nodes }: MutantsFlags, { call }: Session): readonly Wanted[] {
  const problems: string[] = [];
  const hint = (word: string, known: readonly string[], what: string) => {
    const near = nearest(word, known);
    return near === null ? ` (${call} list ${what} has them all)` : `; did you mean ${near}?`;
  };
  const sizes = sizesOf(nodes, problems);
  const protocols = [...catalogue.protocols.keys()];
  if (protocol !== undefined && !protocols.includes(protocol)) {
    problems.push(
      `--protocol: there is no protocol "${protocol}"${hint(protocol, protocols, 'protocols')}`,
    );
  }
  const all = mutants().filter((mutant) => protocol === undefined || mutant.protocol === protocol);
  const ids = only?.split(',').map((id) => id.trim());
  const known = (all.length > 0 ? all : mutants()).map(({ id }) => id);
  for (const id of ids ?? []) {
    if (known.includes(id)) continue;
    const where = protocol === undefined ? '' : ` of ${protocol}`;
    problems.push(`--only: there is no mutant "${id}"${where}${hint(id, known, 'mutants')}`);
  }
  if (problems.length === 0 && all.length === 0) problems.push(`${protocol} has no mutants`);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const named = ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
  if (sizes === null) return named.map((mutant) => ({ mutant }));
  const wanted = named.flatMap((mutant) =>
    sizes.filter((size) => size >= mutant.minNodes).map((size) => ({ mutant, nodes: size })),
  );
  if (wanted.length > 0) return wanted;
  const least = Math.min(...named.map(({ minNodes }) => minNodes));
  throw new UsageError(`--nodes: too few; these mutants need at least ${least} nodes`);
}

/** Each size once; null: none is asked for. */
function sizesOf(text: string | undefined, problems: string[]): readonly number[] | null {
  if (text === undefined) return null;
  const attempt = attempts(problems);
  const sizes = text.split(',').map((size) => {
    return attempt(() => wholeNumber('--nodes', size.trim(), MOST_NODES));
  });
  return [...new Set(sizes.filter((size) => size !== null))];
}

/** The share of the errors that were caught. */
function scoreOf(rows: readonly MutantRow[]): number {
  const errors = rows.filter(({ control }) => !control);
  const caught = errors.filter((row) => row.caught);
  return errors.length === 0 ? 1 : Math.round((1000 * caught.length) / errors.length) / 1000;
}

function rowText(row: MutantRow, width: number, { paint }: Session): string {
  const { id, nodes, control, found, searches, runs, events } = row;
  const isGood = control ? found === 0 : row.caught;
  const sign = isGood ? paint.good(paint.yes) : paint.bad(paint.no);
  const head = `${sign} ${id.padEnd(width)}  ${nodes} nodes`;
  const number = (value: number) => Math.round(value).toLocaleString('en');
  if (found === 0) {
    const silent = control ? 'a control: silent' : 'not caught';
    const cost = `${number(events)} events (${number(runs)} runs), ${seconds(row)}`;
    return `${head}  ${silent} in ${cost}\n`;
  }
  const by = row.expected ? row.invariant : `${row.invariant} (not expected)`;
  const some = found < searches ? `  ${found} of ${searches} searches` : '';
  const lengths = `${row.foundEvents} → ${row.shrunkEvents ?? '?'}`;
  const best = row.bestKnown === null ? '' : `, best known ${row.bestKnown}`;
  const cost = `${number(runs)} ${runs === 1 ? 'run' : 'runs'}, ${number(events)} events`;
  const measured = `${cost}, ${seconds(row)}; length ${lengths}${best}`;
  return `${head}  ${by}${some}\n    ${''.padEnd(width)}${measured}\n`;
}

function seconds({ cpuMs }: MutantRow): string {
  return cpuMs < 1000 ? `${Math.round(cpuMs)} ms CPU` : `${(cpuMs / 1000).toFixed(1)} s CPU`;
}

function summary(rows: readonly MutantRow[], score: number): string {
  const errors = rows.filter(({ control }) => !control);
  const controls = rows.filter(({ control }) => control);
  const caught = errors.filter((row) => row.caught).length;
  const silent = controls.filter(({ found }) => found === 0).length;
  const silence = `${silent} of ${controls.length} controls silent`;
  return `${caught} of ${errors.length} errors caught, ${silence} · score ${score}`;
}

function jsonOf(row: MutantRow): object {
  const { id, nodes, caught, invariant, expected, runs, events, cpuMs, shrunkEvents, control } =
    row;
  return { id, nodes, caught, invariant, expected, runs, events, cpuMs, shrunkEvents, control };
}
