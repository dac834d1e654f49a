/** Brute-force oracles for the history checkers: slow, short, and sharing no code with them. */
import type { Model } from '../../invariants/history/model.ts';
import type { History, Operation } from '../../sim/history/operation.ts';

/** Which operations an order may not begin with, while `left` are still to come. */
type Blocked = (operation: Operation, left: readonly Operation[]) => boolean;

/** Tries every order. Operations that failed do not exist; `info` ones may be left out. */
function someOrder(history: History, model: Model, isBlocked: Blocked): boolean {
  const extend = (state: unknown, left: readonly Operation[]): boolean => {
    if (left.every(({ outcome }) => outcome === 'info')) return true;
    return left.some((operation) => {
      if (isBlocked(operation, left)) return false;
      const output = operation.outcome === 'ok' ? operation.output : undefined;
      const after = model.step(state, operation.input, output);
      return (
        after !== null &&
        extend(
          after,
          left.filter((other) => other !== operation),
        )
      );
    });
  };
  return extend(
    model.initial,
    history.filter(({ outcome }) => outcome !== 'fail'),
  );
}

/** Linearizable: an order in which whatever completed before an invocation comes before it. */
export function isLinearizable(history: History, model: Model): boolean {
  return someOrder(history, model, (operation, left) =>
    left.some(({ completedAt }) => completedAt !== null && completedAt < operation.invokedAt),
  );
}

/** Sequentially consistent: an order in which each client's completed operations come in turn. */
export function isSequential(history: History, model: Model): boolean {
  return someOrder(history, model, (operation, left) =>
    left.some(
      (other) =>
        other !== operation &&
        other.client === operation.client &&
        other.outcome === 'ok' &&
        history.indexOf(other) < history.indexOf(operation),
    ),
  );
}
