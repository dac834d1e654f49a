/** How an operation can be made to claim less, for each kind of history. */
import type { Operation } from '../../sim/history/operation.ts';
import type {
  MicroOperation,
  TransactionInput,
  TransactionOutput,
} from '../../sim/history/vocabulary.ts';
import { type Weaken, asInfo } from './minimize.ts';
import type { Model } from './model.ts';

/** Reads can be left out, everything else may never have happened. */
export function weakenFor(model: Model): Weaken {
  return (operation) => {
    if (operation.outcome !== 'ok') return [];
    const isPure = model.isPure?.(operation.input, operation.output) ?? false;
    return isPure ? [null] : [asInfo(operation)];
  };
}

/** The same for transactions, which can also lose single reads. `null`: transactions. */
export function weakenReads(model: Model | null): Weaken {
  return model === null ? weakenTransaction : weakenFor(model);
}

function weakenTransaction(operation: Operation): (Operation | null)[] {
  if (operation.outcome === 'fail') return [asInfo(operation)];
  if (operation.outcome === 'info') return [];
  const ops = (operation.output ?? []) as TransactionOutput;
  const whole = ops.every(([f]) => f === 'r') ? null : asInfo(operation);
  const reads = [...ops.keys()].filter((place) => ops[place]?.[0] === 'r');
  if (reads.length === ops.length && reads.length === 1) return [null];
  return [whole, ...reads.map((place) => without(operation, ops, place))];
}

function without(operation: Operation, ops: readonly MicroOperation[], place: number): Operation {
  const input = operation.input as TransactionInput;
  return {
    ...operation,
    input: { ...input, ops: input.ops.toSpliced(place, 1) },
    output: ops.toSpliced(place, 1),
  };
}
