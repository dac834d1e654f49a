/** Words for counterexamples: operations and the real-time order between them. */
import type { Operation } from '../../sim/history/operation.ts';
import type { MicroOperation, TransactionInput } from '../../sim/history/vocabulary.ts';
import { type Model, show } from './model.ts';

/** An operation with its client: `c1's write 3`. */
export function tell(operation: Operation, model?: Pick<Model, 'describe'>): string {
  return `${operation.client}'s ${describeOperation(operation, model)}`;
}

/** What an operation did, in the words of its model. */
export function describeOperation(operation: Operation, model?: Pick<Model, 'describe'>): string {
  const output = operation.outcome === 'ok' ? operation.output : undefined;
  if (isTransaction(operation)) return describeTransaction(operation);
  if (model?.describe !== undefined) return model.describe(operation.input, output);
  const answer = output === undefined ? '' : ` → ${show(output)}`;
  return `${show(operation.input)}${answer}`;
}

/** "a completed before b was invoked", for each pair with nothing in between. */
export function explainOrder(
  operations: readonly Operation[],
  model?: Pick<Model, 'describe'>,
): string[] {
  const precedes = (a: Operation, b: Operation): boolean =>
    a.completedAt !== null && a.completedAt < b.invokedAt;
  const sentences: string[] = [];
  for (const later of operations) {
    const earlier = operations.filter((other) => precedes(other, later));
    for (const other of earlier) {
      if (earlier.some((between) => precedes(other, between))) continue;
      sentences.push(`${tell(other, model)} completed before ${tell(later, model)} was invoked.`);
    }
  }
  return sentences;
}

function isTransaction({ input }: Operation): boolean {
  return typeof input === 'object' && input !== null && 'ops' in input;
}

/** A transaction's steps; of long lists only the end, which tells them apart. */
export function describeTransaction({ input, output, outcome }: Operation): string {
  const ops = outcome === 'ok' ? output : (input as TransactionInput).ops;
  const steps = (ops as readonly MicroOperation[]).map(([f, key, value]) => {
    if (f !== 'r') return `${f === 'w' ? 'write' : f} ${key} ${show(value)}`;
    if (outcome !== 'ok') return `read ${key} → ?`;
    const isLong = Array.isArray(value) && value.length > 6;
    const end = isLong ? (value as unknown[]).slice(-4).map(show).join(',') : '';
    const told = isLong ? `[…${end}]` : show(value);
    return `read ${key} → ${told}`;
  });
  return `{${steps.join(', ')}}`;
}
