/** What `schism check` prints about one history: text for people, JSON for programs. */
import { describeOperation } from '../../invariants/history/explain.ts';
import type { CheckResult, Model, TransactionResult } from '../../invariants/history/index.ts';
import type { Operation } from '../history/operation.ts';
import type { Checked } from './check-command.ts';
import type { Session } from './session.ts';

/** The object of `--json`; its first fields are a promise, the others may grow. */
export function jsonOf({ file, read, modelName, consistency, result, cpuMs }: Checked): object {
  const { verdict, algorithm, operations, configurations, counterexample, exhausted } = result;
  const strength = transactionResult(result);
  return {
    file,
    verdict,
    operations,
    configurations,
    cpuMs,
    counterexample:
      counterexample === undefined
        ? null
        : {
            because: counterexample.because,
            minimal: counterexample.minimal,
            operations: counterexample.history.map((operation, place) => ({
              ...operation,
              position: counterexample.positions[place],
            })),
          },
    format: read.format,
    model: modelName,
    consistency,
    algorithm,
    ...(exhausted === undefined ? {} : { exhausted }),
    ...(strength === null ? {} : { anomalies: strength.anomalies, strongest: strength.strongest }),
  };
}

/** A line with the verdict; below it the counterexample, one operation a line. */
export function textOf(checked: Checked, { paint }: Session): string {
  const { file, modelName, consistency, result, cpuMs } = checked;
  const { verdict, operations, configurations, algorithm, counterexample, exhausted } = result;
  const sign = {
    valid: paint.good(`${paint.yes} valid`),
    invalid: paint.bad(`${paint.no} invalid`),
    unknown: paint.warn(`${paint.open} unknown`),
  }[verdict];
  const effort = configurations > 0 ? `, ${configurations} configurations` : '';
  const how = `${operations} operations, ${cpuMs.toFixed(1)} ms, ${algorithm}${effort}`;
  const lines = [`${sign}  ${file}  ${modelName} ${consistency} (${how})`];
  if (exhausted !== undefined) lines.push(`  exhausted: ${exhausted}`);
  const strength = transactionResult(result);
  if (strength !== null) lines.push(...strengthLines(strength));
  if (counterexample !== undefined) {
    const size = counterexample.history.length;
    const quality = counterexample.minimal ? 'minimal' : 'not proven minimal';
    const what = size === 1 ? 'This operation' : `These ${size} operations`;
    lines.push('', `  ${what} cannot be explained (${quality}):`);
    for (const operation of counterexample.history) {
      lines.push(`    ${operationLine(operation, checked.model)}`);
    }
    lines.push('', ...counterexample.because.map((sentence) => `  ${sentence}`));
  }
  return `${lines.join('\n')}\n`;
}

function strengthLines({ anomalies, strongest }: TransactionResult): string[] {
  const names = [strongest.plain, strongest.session, strongest.realtime];
  const holds = names.map((name) => name ?? 'nothing').join(', ');
  const found = anomalies.length === 0 ? [] : [`  anomalies: ${anomalies.join(', ')}`];
  return [...found, `  strongest that holds (alone, per session, in real time): ${holds}`];
}

/** `c1   12 … 15   write 3` */
export function operationLine(operation: Operation, model: Checked['model']): string {
  const end = operation.outcome === 'info' ? '?' : String(operation.completedAt);
  const when = `${operation.invokedAt} … ${end}`;
  const what = describeOperation(operation, asModel(model));
  const doubt = operation.outcome === 'info' ? ' (may have happened, then or later)' : '';
  return `${operation.client.padEnd(6)} ${when.padEnd(14)} ${what}${doubt}`;
}

function asModel(model: Checked['model']): Model | undefined {
  return typeof model === 'string' ? undefined : model;
}

function transactionResult(result: CheckResult): TransactionResult | null {
  return 'strongest' in result ? (result as TransactionResult) : null;
}
