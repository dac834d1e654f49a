/** What is done about deadlocks: prevention by age or order, time, or detection by a graph. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { isOlder, type Age, type Claim } from './locks.ts';

/**
 * `none`: nothing. `timeout`: who waits too long gives up. `detection`: one node gathers who waits
 * for whom and ends a cycle. `wait-die` and `wound-wait`: Rosenkrantz, Stearns and Lewis 1978.
 * `ordering`: all take their locks in the order of the keys.
 */
export const deadlockPolicies = [
  'none',
  'timeout',
  'detection',
  'wait-die',
  'wound-wait',
  'ordering',
] as const;
export type DeadlockPolicy = (typeof deadlockPolicies)[number];

/** What becomes of a claim that has to wait: it dies, or it wounds some of those it waits for. */
export interface Verdict {
  readonly dies: boolean;
  readonly wounds: readonly Claim[];
}

/** Rosenkrantz, Stearns and Lewis 1978, §4: an older transaction waits, a younger one dies. */
export function waitDie(claim: Claim, blockers: readonly Claim[]): Verdict {
  return { dies: blockers.some(({ age }) => isOlder(age, claim.age)), wounds: [] };
}

/** The same, §4: an older transaction wounds, a younger one waits. */
export function woundWait(claim: Claim, blockers: readonly Claim[]): Verdict {
  return { dies: false, wounds: blockers.filter(({ age }) => isOlder(claim.age, age)) };
}

/** An edge of the waits-for graph: at which shard, and how old the waiter is. */
export type Wait = {
  readonly waiter: string;
  readonly holder: string;
  readonly shard: NodeId;
  readonly age: Age;
};

/** The transactions of one cycle, in its order; empty when there is none. O(edges). */
export function findCycle(waits: readonly Wait[]): readonly string[] {
  const holders = new Map<string, string[]>();
  for (const { waiter, holder } of waits) {
    const known = holders.get(waiter);
    if (known === undefined) holders.set(waiter, [holder]);
    else known.push(holder);
  }
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (transaction: string): readonly string[] => {
    const start = path.indexOf(transaction);
    if (start >= 0) return path.slice(start);
    if (finished.has(transaction)) return [];
    path.push(transaction);
    for (const holder of holders.get(transaction) ?? []) {
      const cycle = visit(holder);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    finished.add(transaction);
    return [];
  };
  for (const waiter of holders.keys()) {
    const cycle = visit(waiter);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** Of a cycle the youngest is ended: it has done the least. Null: its members are unknown. */
export function victimOf(cycle: readonly string[], waits: readonly Wait[]): Wait | null {
  let victim: Wait | null = null;
  for (const wait of waits) {
    if (!cycle.includes(wait.waiter)) continue;
    if (victim === null || isOlder(victim.age, wait.age)) victim = wait;
  }
  return victim;
}
