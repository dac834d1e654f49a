/** Session guarantees of reads and unique writes. */
import type { History } from '../../sim/history/operation.ts';
import { checkDependencies } from './causal/check.ts';
import { item } from './arrays.ts';
import { someCycle } from './cycle.ts';
import { type Node, initialSource } from './dependencies.ts';
import type { Model } from './model.ts';
import type { CheckOptions, CheckResult } from './result.ts';

/** Terry et al., "Session guarantees for weakly consistent replicated data", 1994. */
export type SessionGuarantee =
  'read-your-writes' | 'monotonic-reads' | 'monotonic-writes' | 'writes-follow-reads';

export const sessionGuarantees: readonly SessionGuarantee[] = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];

/**
 * Whether one order of all writes, and for each read a set of writes it had seen, explains the
 * history and keeps the guarantees: a read returns the last write it had seen to its key, and had
 * seen with
 * - read your writes: its session's earlier writes;
 * - monotonic reads: what its session's earlier reads had seen;
 * - monotonic writes: before any write, that session's earlier ones, and they are ordered so;
 * - writes follow reads: before any write, what its session had read, and they are ordered so.
 * O(n²) bits.
 */
export function checkSession(
  history: History,
  model: Model | null,
  guarantees: readonly SessionGuarantee[] = sessionGuarantees,
  options: CheckOptions = {},
): CheckResult {
  const judge = (
    nodes: readonly Node[],
  ): { name: string; nodes: number[]; because: string } | null =>
    findBroken(nodes, new Set(guarantees));
  return checkDependencies(history, model, judge, guarantees.join(' and '), options);
}

type Seen = Int32Array;

function findBroken(
  nodes: readonly Node[],
  asked: ReadonlySet<SessionGuarantee>,
): { name: string; nodes: number[]; because: string } | null {
  const name = [...asked].join(' and ');
  const seen = saturate(nodes, asked);
  const order = nodes.map((): number[] => []);
  for (const [node, { before, reads }] of nodes.entries()) {
    if (asked.has('monotonic-writes')) {
      const last = lastWriteBefore(nodes, before);
      if (item(nodes, node).writes.size > 0 && last >= 0) order[last]?.push(node);
    }
    if (asked.has('writes-follow-reads') && item(nodes, node).writes.size > 0) {
      // A write that must follow itself was read before it was made.
      forEach(item(seen.written, node), (write) => order[write]?.push(node));
    }
    const had = item(seen.read, node);
    for (const { key, from } of reads) {
      let early = -1;
      forEach(had, (write) => {
        if (write === from || write === node || !item(nodes, write).writes.has(key)) return;
        if (from === initialSource) early = write;
        else order[write]?.push(from);
      });
      if (early >= 0) {
        const because = `${name}: a read found nothing, but must have seen a write to its key.`;
        return { name, nodes: [early, node], because };
      }
    }
  }
  const cycle = someCycle(order);
  if (cycle === null) return null;
  return { name, nodes: cycle, because: `${name}: no order of the writes explains what was read.` };
}

/** What each node must have seen when it read, and (for its writes) must come before it. */
function saturate(
  nodes: readonly Node[],
  asked: ReadonlySet<SessionGuarantee>,
): { read: Seen[]; written: Seen[] } {
  const words = (nodes.length >>> 5) + 1;
  const read = nodes.map(() => new Int32Array(words));
  const written = nodes.map(() => new Int32Array(words));
  // What the session has written (with what comes before that) and read, up to each node.
  const wroteUpTo = nodes.map(() => new Int32Array(words));
  const readUpTo = nodes.map(() => new Int32Array(words));
  for (let changed = true; changed;) {
    changed = false;
    const add = (target: Seen, source: Seen): void => {
      for (let word = 0; word < words; word += 1) {
        const both = (target[word] ?? 0) | (source[word] ?? 0);
        if (both === target[word]) continue;
        target[word] = both;
        changed = true;
      }
    };
    const include = (target: Seen, write: number): void => {
      const word = write >>> 5;
      const both = (target[word] ?? 0) | (1 << (write & 31));
      if (both === target[word]) return;
      target[word] = both;
      changed = true;
    };
    for (const [node, { before, reads, writes }] of nodes.entries()) {
      const had = item(read, node);
      const mustFollow = item(written, node);
      for (const { from } of reads) {
        if (from === initialSource) continue;
        include(had, from);
        add(had, item(written, from));
      }
      const [wrote, knew] = [item(wroteUpTo, node), item(readUpTo, node)];
      if (before >= 0) {
        const [wroteBefore, readBefore] = [item(wroteUpTo, before), item(readUpTo, before)];
        if (reads.length > 0 && asked.has('read-your-writes')) add(had, wroteBefore);
        if (reads.length > 0 && asked.has('monotonic-reads')) add(had, readBefore);
        if (writes.size > 0 && asked.has('monotonic-writes')) add(mustFollow, wroteBefore);
        if (writes.size > 0 && asked.has('writes-follow-reads')) add(mustFollow, readBefore);
        add(wrote, wroteBefore);
        add(knew, readBefore);
      }
      if (writes.size > 0 && asked.has('writes-follow-reads')) add(mustFollow, had);
      if (writes.size > 0) {
        include(wrote, node);
        add(wrote, mustFollow);
      }
      add(knew, had);
    }
  }
  return { read, written };
}

function lastWriteBefore(nodes: readonly Node[], before: number): number {
  let node = before;
  while (node >= 0 && item(nodes, node).writes.size === 0) node = item(nodes, node).before;
  return node;
}

function forEach(set: Seen, visit: (member: number) => void): void {
  for (const [word, bits] of set.entries()) {
    for (let left = bits; left !== 0; left &= left - 1) {
      visit((word << 5) + 31 - Math.clz32(left & -left));
    }
  }
}
