/** Reads histories, checks them and reports. */
import { closest } from 'fastest-levenshtein';
import {
  type CheckRequest,
  type CheckResult,
  ConsistencyError,
  type Model,
  type TransactionModel,
  check,
  models,
} from '../../invariants/history/index.ts';
import { formats, readHistory } from '../history/formats/index.ts';
import type { FormatName, ReadHistory } from '../history/formats/problem.ts';
import type { Value } from '../history/vocabulary.ts';
import type { CheckFlags } from './check.ts';
import { pageOf } from './check-page.ts';
import { jsonOf, textOf } from './check-report.ts';
import { ExitCode, UsageError } from './exit.ts';
import { readBytes, writeText } from './files.ts';
import type { Session } from './session.ts';

/** A history, what it was held against, and what came out. */
export interface Checked {
  readonly file: string;
  readonly read: ReadHistory;
  readonly model: Model | TransactionModel;
  readonly modelName: string;
  readonly consistency: string;
  readonly result: CheckResult;
  /** CPU milliseconds of the verdict, without the counterexample. */
  readonly cpuMs: number;
}

const transactionModels: readonly string[] = ['list-append', 'rw-register'];

/** Checks every file; when one cannot be used, all problems are told and nothing is checked. */
export function checkCommand(
  files: readonly string[],
  flags: CheckFlags,
  session: Session,
): ExitCode {
  const { io } = session;
  expectKnown('--format', flags.format, Object.keys(formats));
  expectKnown('--model', flags.model, [...Object.keys(models), ...transactionModels]);
  if (flags.page !== undefined && files.length > 1) {
    throw new UsageError('--page takes one history: name a single file');
  }
  const problems: string[] = [];
  const histories = files.map((file) => {
    const text = new TextDecoder().decode(readBytes(file, io, '.jsonl'));
    const read = readHistory(text, flags.format as FormatName | undefined, flags.model);
    problems.push(...read.problems.map(({ line, message }) => `${file}:${line}: ${message}`));
    const modelName = flags.model ?? read.model;
    if (modelName === null && read.problems.length === 0) {
      const known = [...Object.keys(models), ...transactionModels].join(', ');
      problems.push(`${file}:1: the operations fit no model: expected --model ${known}`);
    }
    return { file, read, modelName: modelName ?? '' };
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const checked = histories.map((history) => checkOne(history, flags));
  for (const each of checked) {
    io.print(flags.json === true ? `${JSON.stringify(jsonOf(each))}\n` : textOf(each, session));
  }
  const [first] = checked;
  if (flags.page !== undefined && first !== undefined) {
    writeText(flags.page, pageOf(first), files);
  }
  const verdicts = checked.map(({ result }) => result.verdict);
  if (verdicts.includes('invalid')) return ExitCode.violated;
  return verdicts.includes('unknown') ? ExitCode.inconclusive : ExitCode.ok;
}

function checkOne(
  { file, read, modelName }: Pick<Checked, 'file' | 'read' | 'modelName'>,
  flags: CheckFlags,
): Checked {
  const isTransactions = transactionModels.includes(modelName);
  const model = isTransactions
    ? (modelName as TransactionModel)
    : (models[modelName]?.(initialOf(flags.initial)) as Model);
  const consistency =
    flags.consistency ?? (isTransactions ? 'strict-serializable' : 'linearizable');
  const request: CheckRequest = {
    consistency,
    ...(flags.configurations === undefined ? {} : { configurations: flags.configurations }),
    ...(flags.quiescentAt === undefined ? {} : { quiescentAt: flags.quiescentAt }),
  };
  try {
    const before = process.cpuUsage();
    const quick = check(read.history, model, { ...request, counterexample: false });
    const { user, system } = process.cpuUsage(before);
    const result = quick.verdict === 'invalid' ? check(read.history, model, request) : quick;
    const cpuMs = (user + system) / 1000;
    return { file, read, model, modelName, consistency, result, cpuMs };
  } catch (error) {
    if (error instanceof ConsistencyError) throw new UsageError(`--consistency ${error.message}`);
    throw error;
  }
}

/** JSON, or else the text itself. */
function initialOf(text: string | undefined): Value | undefined {
  if (text === undefined) return undefined;
  if (text === 'nil') return null;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function expectKnown(option: string, name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  const near = closest(name, [...known]);
  throw new UsageError(
    `${option} ${name}: expected one of ${known.join(', ')}; did you mean ${near}?`,
  );
}
