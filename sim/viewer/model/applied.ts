/** Where a node first applied a client's operation: its linearisation point, if the run has one. */
import { Flag } from './columns.ts';
import type { Operation } from './gathered.ts';
import type { Store } from './store.ts';

/** Events that are looked through behind the call. */
const REACH = 3000;

/**
 * The first event that put the answer into a node's table of sessions, whose keys begin with
 * client and number (`c1-7:put`, protocols/common/state-machine.ts); null: there is none.
 */
export function appliedAt(store: Store, operation: Operation): number | null {
  const { columns, scanned, header } = store;
  const key = `${header.clients[operation.client] ?? ''}-${operation.sequence}:`;
  const end = Math.min(scanned, operation.index + REACH);
  for (let i = operation.index; i < end; i++) {
    if (((columns.flags[i] as number) & Flag.changes) === 0) continue;
    for (const { patches } of store.event(i).changes ?? []) {
      const isHere = patches.some(
        ({ path, op }) =>
          op === 'add' && path.includes('sessions') && String(path.at(-1)).startsWith(key),
      );
      if (isHere) return i;
    }
  }
  return null;
}
