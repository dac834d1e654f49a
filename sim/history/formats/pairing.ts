/** Pairs the events of a Jepsen-like log into operations. */
import type { Operation } from '../operation.ts';
import type { Problem } from './problem.ts';
import type { Words } from './words.ts';

/** One line of a log: a process invokes an operation, or learns how it ended. */
export interface LogEvent {
  readonly line: number;
  readonly process: string;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  /** Undefined when the log leaves it out. */
  readonly value: unknown;
  readonly key: string | undefined;
  readonly error?: string;
}

/** How a format reads a completion; null: the operation tells nothing and is dropped. */
export type Complete = (invoked: LogEvent, completed: LogEvent, words: Words) => Ending | null;

export type Ending =
  { readonly outcome: 'ok'; readonly output: unknown } | { readonly outcome: 'fail' | 'info' };

/** Jepsen's meaning: `ok` happened, `fail` certainly did not, `info` may have or yet may. */
export const jepsenEnding: Complete = (invoked, completed, words) => {
  if (completed.type !== 'ok') return { outcome: completed.type === 'fail' ? 'fail' : 'info' };
  return { outcome: 'ok', output: words.output(invoked, completed) };
};

/**
 * Pairs invocations with completions by process; the order of the lines is the time. Invocations
 * that never complete are `info`.
 */
export function pair(
  events: readonly LogEvent[],
  words: Words,
  complete: Complete,
  problems: Problem[],
): Operation[] {
  if (events.length > 0 && events.every(({ type }) => type !== 'invoke')) {
    return unpaired(events, words, complete);
  }
  const operations: (Operation | null)[] = [];
  const open = new Map<string, { readonly event: LogEvent; readonly slot: number }>();
  for (const [time, event] of events.entries()) {
    const started = open.get(event.process);
    const who = `process ${event.process}`;
    if (event.type === 'invoke') {
      if (started !== undefined) {
        const { f, line } = started.event;
        const message =
          `${who} invokes ${event.f} while its ${f} of line ${line} is open: ` +
          'expected :ok, :fail or :info first';
        problems.push({ line: event.line, message });
        continue;
      }
      open.set(event.process, { event, slot: operations.length });
      operations.push(invocation(event, words, time));
      continue;
    }
    if (started === undefined || started.event.f !== event.f) {
      const has = started === undefined ? 'nothing' : `a ${started.event.f}`;
      const open = `${who} completes ${event.f} but has ${has} open`;
      const message = `${open}: expected its :invoke before`;
      problems.push({ line: event.line, message });
      continue;
    }
    open.delete(event.process);
    const ending = complete(started.event, event, words);
    const operation = operations[started.slot];
    operations[started.slot] =
      ending === null || !operation ? null : ended(operation, ending, time, event);
  }
  return operations.filter((operation) => operation !== null);
}

function invocation(event: LogEvent, words: Words, time: number): Operation {
  return {
    client: event.process,
    input: words.input(event),
    invokedAt: time,
    outcome: 'info',
    completedAt: null,
  };
}

function ended(operation: Operation, ending: Ending, time: number, event: LogEvent): Operation {
  const error = event.error === undefined ? {} : { error: event.error };
  if (ending.outcome === 'info') return { ...operation, ...error };
  return { ...operation, ...error, ...ending, completedAt: time };
}

/** A log of completions only says nothing about real time: all operations overlap. */
function unpaired(events: readonly LogEvent[], words: Words, complete: Complete): Operation[] {
  return events.flatMap((event, index) => {
    const ending = complete(event, event, words);
    if (ending === null) return [];
    return [ended(invocation(event, words, index), ending, events.length + index, event)];
  });
}
