/** The minimal counterexample of a history that is not linearizable, and its explanation. */
import type { History, Operation } from '../../../sim/history/operation.ts';
import { explainOrder, tell } from '../explain.ts';
import { type Selection, type Weaken, shrink, weakenAllBut } from '../minimize.ts';
import type { Model } from '../model.ts';
import type { Counterexample } from '../result.ts';
import { weakenFor } from '../weaken.ts';
import { type Decision, decide } from './decide.ts';

/** Starts from the partition to blame, cut after the moment nothing could get past. */
export function counterexampleOf(
  history: History,
  model: Model,
  { partition = [], conflict, deepest }: Decision,
): Counterexample {
  const members = partition.filter((index) => history[index]?.outcome !== 'fail');
  const part = members.flatMap((index) => history[index] ?? []);
  const weaken = weakenFor(model);
  const starts = (isInvalid: (history: History) => boolean): (() => Selection)[] => {
    const prefix = (): Selection => shortestPrefix(part, weaken, isInvalid);
    if (conflict !== undefined) {
      const keep = new Set(conflict.map((index) => members.indexOf(index)));
      return [() => weakenAllBut(part, keep, weaken), prefix];
    }
    return deepest === undefined ? [prefix] : [() => until(part, deepest, weaken), prefix];
  };
  const decideOn = (candidate: History, limit: number): Decision => decide(candidate, model, limit);
  const found = shrink(part, weaken, decideOn, starts);
  const toHistory = (index: number): number => members[index] ?? -1;
  return {
    ...found,
    positions: found.positions.map(toHistory),
    conflict: found.conflict.map(toHistory),
    because: because(found.history, model),
  };
}

/** What had happened by `time`: operations still open then are weakened. */
function until(history: History, time: number, weaken: Weaken): Selection {
  return history.map((operation) => {
    if (operation.invokedAt > time) return null;
    const wasOpen = operation.completedAt === null || operation.completedAt > time;
    return wasOpen ? (weaken(operation)[0] ?? dropIfOk(operation)) : operation;
  });
}

function dropIfOk(operation: Operation): Operation | null {
  return operation.outcome === 'ok' ? null : operation;
}

/** Linearizability is closed under prefixes: the shortest bad one is found by bisection. */
function shortestPrefix(
  history: History,
  weaken: Weaken,
  isInvalid: (history: History) => boolean,
): Selection {
  const times = history
    .flatMap(({ completedAt }) => (completedAt === null ? [] : [completedAt]))
    .sort((a, b) => a - b);
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const prefix = until(history, times[middle] ?? 0, weaken).filter((kept) => kept !== null);
    if (isInvalid(prefix)) high = middle;
    else low = middle + 1;
  }
  return until(history, times[high] ?? Infinity, weaken);
}

function because(history: History, model: Model): string[] {
  const certain = history.filter(({ outcome }) => outcome === 'ok');
  const [only] = certain;
  if (certain.length === 1 && only !== undefined) {
    return [
      `${tell(only, model)} cannot have answered so: nothing invoked before it returned ` +
        'leads to a state in which that is the answer.',
    ];
  }
  return [
    ...explainOrder(certain, model),
    'However, no order that respects this gives every operation the answer it got.',
  ];
}
