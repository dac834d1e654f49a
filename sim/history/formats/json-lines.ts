/** Our own format: one operation a line, as JSON, in the order of invocation. */
import type { History, Operation } from '../operation.ts';
import { parseJson } from './jepsen.ts';
import type { LogEvent } from './pairing.ts';
import type { Problem, ReadHistory } from './problem.ts';
import { guessModel } from './words.ts';

/** The text that `readJsonLines` reads back. */
export function writeJsonLines(history: History): string {
  return history.map((operation) => `${JSON.stringify(operation)}\n`).join('');
}

/** Reads a history and reports every line that is not an operation. */
export function readJsonLines(text: string): ReadHistory {
  const { forms, problems } = parseJson(text);
  const history: Operation[] = [];
  const open = new Map<string, { readonly line: number; readonly until: number }>();
  for (const { line, value } of forms) {
    const wrong = whatIsWrong(value);
    if (wrong.length > 0) {
      problems.push(...wrong.map((message) => ({ line, message })));
      continue;
    }
    const operation = value as Operation;
    const overlap = overlapOf(operation, open, line);
    if (overlap !== null) problems.push(overlap);
    history.push(operation);
  }
  if (history.length === 0 && problems.length === 0) {
    problems.push({ line: 1, message: 'no operation found: expected one JSON object a line' });
  }
  problems.sort((a, b) => a.line - b.line);
  return { format: 'json-lines', history, model: guessModel(history.map(asEvent)), problems };
}

function whatIsWrong(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['expected an operation as JSON object'];
  const { client, input, invokedAt, outcome, completedAt } = value as Record<string, unknown>;
  const wrong: string[] = [];
  const expect = (holds: boolean, message: string): void => {
    if (!holds) wrong.push(message);
  };
  expect(typeof client === 'string', 'client: expected a string');
  expect(typeof input === 'object' && input !== null, 'input: expected an object with a type');
  expect(typeof invokedAt === 'number', 'invokedAt: expected a number');
  expect(
    outcome === 'ok' || outcome === 'fail' || outcome === 'info',
    `outcome: expected ok, fail or info, not ${JSON.stringify(outcome)}`,
  );
  const isNumber = typeof completedAt === 'number';
  expect(outcome !== 'ok' || isNumber, 'completedAt: expected a number, for the outcome is ok');
  expect(
    !isNumber || typeof invokedAt !== 'number' || completedAt >= invokedAt,
    'completedAt: expected no earlier time than invokedAt',
  );
  return wrong;
}

/** A client has one operation open at a time; `info` ones may stay open beside later ones. */
function overlapOf(
  operation: Operation,
  open: Map<string, { readonly line: number; readonly until: number }>,
  line: number,
): Problem | null {
  const last = open.get(operation.client);
  if (operation.completedAt !== null) {
    open.set(operation.client, { line, until: operation.completedAt });
  }
  if (last === undefined || last.until <= operation.invokedAt) return null;
  const message =
    `client ${operation.client} invokes while its operation of line ${last.line} is open: ` +
    `expected invokedAt ${last.until} or later`;
  return { line, message };
}

function asEvent(operation: Operation, index: number): LogEvent {
  const input = operation.input as Record<string, unknown>;
  const isTold = operation.outcome === 'ok';
  const value = input['type'] === 'txn' ? input['ops'] : operation.output;
  return {
    line: index + 1,
    process: operation.client,
    type: isTold ? 'ok' : 'info',
    f: String(input['type']),
    value,
    key: typeof input['key'] === 'string' ? input['key'] : undefined,
  };
}
