/** Locks keep transactions apart: no two that conflict hold one lock at the same time. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { nameOf, stateOf } from './nodes.ts';

export const locksExclude: Invariant = {
  id: 'transactions/locks-exclude',
  title: 'who writes a key, or has voted to write it, has it for itself until the transaction ends',
  source: 'Bernstein, Hadzilacos and Goodman 1987, §3.3, strict two-phase locking',
  create: () => locksMonitor,
};

/** O(locks held here + votes) after every event of a shard; it has nothing to remember. */
const locksMonitor: Monitor = {
  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state === null) return null;
    const name = nameOf(world, node);
    for (const { key, holders } of state.locks) {
      const writer = holders.find(({ mode }) => mode === 'exclusive');
      const other = holders.find(({ transaction }) => transaction !== writer?.transaction);
      if (writer !== undefined && other !== undefined) {
        return finding(
          world,
          name,
          `${writer.transaction} writes ${key}, and ${other.transaction} has it, too`,
        );
      }
    }
    for (const { id, writes } of state.prepared) {
      for (const [key] of writes) {
        const lock = state.locks.find((one) => one.key === key);
        const holds = lock?.holders.some(({ transaction }) => transaction === id) ?? false;
        if (!holds)
          return finding(world, name, `${id} has voted to write ${key} and does not hold it`);
      }
    }
    return null;
  },
  fork: () => locksMonitor,
};

function finding(world: WorldView, node: string, what: string): Finding {
  const message = `at ${node} ${what}`;
  return { message, facts: [{ text: message, node, event: world.eventIndex }], witness: 'locks' };
}
