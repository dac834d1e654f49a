/** Load: hot and big ranges are split, cold ones merged, and busy nodes give ranges away. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import type { Host } from '../../common/embed.ts';
import type { RangeEffects } from './messages.ts';
import { begin, rightOf } from './owner.ts';
import type { RangeRules } from './rules.ts';
import type { Held, RangeState } from './state.ts';

/** A node gives away when it does so many times as much as the idlest. */
const IMBALANCE = 2;

export function onBalanceTimer(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  effects: RangeEffects,
): void {
  const operations = state.counts.reduce((sum, one) => sum + one.operations, 0);
  for (const node of state.nodes) {
    if (node !== effects.self) effects.send(node, { type: 'Load', operations });
  }
  const isQuiet = state.held.every(({ phase, change }) => phase === 'serving' && change === null);
  if (isQuiet) improve(host, rules, state, operations, effects);
  state.counts = [];
  state.loads = [];
  const { balanceMs } = state.options;
  effects.setTimer('balance', balanceMs, balanceMs);
}

export function onLoad(state: RangeState, from: NodeId, operations: number): void {
  state.loads = [...state.loads.filter(({ node }) => node !== from), { node: from, operations }];
}

/** One change at a time, the most urgent first. */
function improve(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  operations: number,
  effects: RangeEffects,
): void {
  const { splitOperations, splitKeys, mergeOperations } = state.options;
  for (const held of state.held) {
    const isHot = countOf(state, held) > splitOperations;
    const keys = held.machine.snapshot().values.map(([key]) => key);
    const at = isHot ? hotMiddle(state, held) : keys.length > splitKeys ? middle(keys) : null;
    if (at === null || at === held.start) continue;
    begin(host, rules, state, held, { kind: 'split', at }, effects);
    return;
  }
  const idlest = state.loads.reduce<(typeof state.loads)[number] | null>(
    (best, one) => (best === null || one.operations < best.operations ? one : best),
    null,
  );
  if (idlest !== null && operations > IMBALANCE * (idlest.operations + 1)) {
    const gap = operations - idlest.operations;
    // What is given away must not make the other one the busier.
    const fitting = state.held.filter((held) => countOf(state, held) * 2 <= gap);
    const [busiest] = fitting.toSorted((a, b) => countOf(state, b) - countOf(state, a));
    if (busiest !== undefined && state.held.length > 1 && countOf(state, busiest) > 0) {
      begin(host, rules, state, busiest, { kind: 'move', to: idlest.node }, effects);
      return;
    }
  }
  for (const held of state.held) {
    const right = rightOf(state, held);
    if (right === undefined) continue;
    const together = countOf(state, held) + countOf(state, right);
    const size = [held, right].reduce((sum, one) => sum + one.machine.snapshot().values.length, 0);
    if (together >= mergeOperations || size * 2 > splitKeys) continue;
    begin(host, rules, state, held, { kind: 'merge' }, effects);
    return;
  }
}

function countOf(state: RangeState, { start }: Held): number {
  return state.counts.find((one) => one.start === start)?.operations ?? 0;
}

/** The key at which half of the operations are to the left; null when one key has them all. */
function hotMiddle(state: RangeState, { start }: Held): string | null {
  const own = state.counts.find((one) => one.start === start);
  const keys = Object.entries(own?.keys ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let left = 0;
  for (const [i, [key, operations]] of keys.entries()) {
    if (i > 0 && left * 2 >= (own?.operations ?? 0)) return key;
    left += operations;
  }
  return keys.length > 1 ? (keys[keys.length - 1]?.[0] ?? null) : null;
}

function middle(keys: readonly string[]): string | null {
  return keys[Math.floor(keys.length / 2)] ?? null;
}
