/** Who made whom: what an event goes back to, and what follows from it. */
import type { TracedViolation } from '../../trace/format.ts';
import type { Store } from './store.ts';

export interface Why {
  /** Every event that happened before (Lamport, 1978), the roots included; in order. */
  readonly causes: readonly number[];
  /** The line of messages, timers and faults that leads to the roots, and the faults before. */
  readonly chain: readonly number[];
}

/** Why a violation happened: as `explain` of sim/trace, over columns. */
export function whyViolated(store: Store, violation: TracedViolation): Why {
  const facts = violation.facts.flatMap(({ event }) => (event === undefined ? [] : [event]));
  return why(store, [violation.event, ...facts]);
}

/** Why these events happened. */
export function why(store: Store, roots: readonly number[]): Why {
  const { cause, previous } = store.columns;
  const { first, scanned, gathered } = store;
  const inside = roots.filter((index) => index >= first && index < scanned);
  const causes = slice(first, inside, [cause, previous]);
  const chain = new Set(slice(first, inside, [cause]));
  const last = Math.max(-1, ...roots);
  for (const fault of gathered.faults) if (fault <= last) chain.add(fault);
  return { causes, chain: [...chain].sort((a, b) => a - b) };
}

function slice(
  first: number,
  roots: readonly number[],
  back: readonly Int32Array[],
): readonly number[] {
  const reached = new Set<number>();
  const open = [...roots];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (index < first || reached.has(index)) continue;
    reached.add(index);
    for (const column of back) {
      const before = column[index] as number;
      if (before >= 0) open.push(before);
    }
  }
  return [...reached].sort((a, b) => a - b);
}

/** What every event made, as lists in one array: children of e lie in [start[e], start[e + 1]). */
export class Effects {
  private readonly start: Int32Array;
  private readonly list: Int32Array;
  private readonly count: number;

  constructor({ columns, count, first }: Store) {
    const { cause } = columns;
    this.count = count;
    this.start = new Int32Array(count + 1);
    for (let i = first; i < count; i++) {
      const from = cause[i] as number;
      if (from >= 0) (this.start[from + 1] as number)++;
    }
    for (let i = 0; i < count; i++) {
      this.start[i + 1] = (this.start[i + 1] as number) + (this.start[i] as number);
    }
    this.list = new Int32Array(this.start[count] as number);
    const next = this.start.slice();
    for (let i = first; i < count; i++) {
      const from = cause[i] as number;
      if (from < 0) continue;
      this.list[next[from] as number] = i;
      next[from] = (next[from] as number) + 1;
    }
  }

  /** The events that `index` made, in order. */
  of(index: number): Int32Array {
    if (index < 0 || index >= this.count) return this.list.subarray(0, 0);
    return this.list.subarray(this.start[index], this.start[index + 1]);
  }
}
