/**
 * What a user's module gives beside its handlers must not throw: whose fault it is is said then. (A
 * handler that throws is a violation, and the engine's business.)
 */
import type { AnyProtocol, Invariant, Monitor } from '../engine/index.ts';

/** A function of a user's module threw; the message names the module and the function. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
}

/** The same protocol; its projections say who they are when they throw. */
export function guardedProtocol(module: string, protocol: AnyProtocol): AnyProtocol {
  const own: Pick<AnyProtocol, 'observe' | 'describe'> = {
    observe: (state) => attempt(module, 'observe', () => protocol.observe(state)),
  };
  if (protocol.describe !== undefined) {
    own.describe = (message) =>
      attempt(module, 'describe', () => protocol.describe?.(message) ?? '');
  }
  return { ...protocol, ...own };
}

/** The same invariant, with monitors that say whose they are when they throw. */
export function guardedInvariant(module: string, invariant: Invariant): Invariant {
  const { id, title, source } = invariant;
  const what = `the invariant ${id}`;
  return {
    id,
    title,
    source,
    create: (world) =>
      guardedMonitor(
        module,
        what,
        attempt(module, what, () => invariant.create(world)),
      ),
  };
}

/** Methods that a monitor does not have are not made up: the engine asks only those that have. */
function guardedMonitor(module: string, what: string, monitor: Monitor): Monitor {
  const safely = <Result>(action: () => Result) => attempt(module, what, action);
  const guarded: Monitor = {
    afterEvent: (world, node) => safely(() => monitor.afterEvent(world, node)),
    get judged() {
      return monitor.judged ?? true;
    },
    fork: () =>
      guardedMonitor(
        module,
        what,
        safely(() => monitor.fork()),
      ),
  };
  if (monitor.afterClient !== undefined) {
    guarded.afterClient = (world) => safely(() => monitor.afterClient?.(world) ?? null);
  }
  if (monitor.atEnd !== undefined) {
    guarded.atEnd = (world) => safely(() => monitor.atEnd?.(world) ?? null);
  }
  if (monitor.hash !== undefined) {
    guarded.hash = (place) => safely(() => monitor.hash?.(place) ?? 0);
  }
  return guarded;
}

function attempt<Result>(module: string, what: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new ModuleError(`${module}: ${what} must not throw, but threw: ${text}`, {
      cause: error,
    });
  }
}
