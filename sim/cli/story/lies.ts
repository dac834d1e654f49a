/** Lies of a run: the first of each sort is told, the rest are counted. */
import type { FaultAction } from '../../engine/index.ts';
import { count, list } from './words.ts';

export class Lies {
  private readonly sorts = new Set<string>();
  /** By liar: how often in which way. */
  private readonly ways = new Map<string, Map<string, number>>();

  /** Takes down a fault; whether it is a lie like one that was told before. */
  isKnown(done: FaultAction): boolean {
    if (done.kind !== 'lie' || 'skipped' in done) return false;
    const { message, how } = done as { message?: string; how?: string };
    const stem = (message ?? '').replace(/#.*$/, '');
    const liar = /<-(\w+)/.exec(stem)?.[1] ?? '';
    const ways = this.ways.get(liar) ?? new Map<string, number>();
    this.ways.set(liar, ways.set(how ?? '', (ways.get(how ?? '') ?? 0) + 1));
    const sort = `${stem} ${how}`;
    if (this.sorts.has(sort)) return true;
    this.sorts.add(sort);
    return false;
  }

  /** `n2 lies 40 times (equivocate 30, replay 10)`; null when nobody does. */
  summary(): string | null {
    const parts = [...this.ways].map(([liar, ways]) => {
      const all = [...ways.values()].reduce((sum, times) => sum + times, 0);
      const each = [...ways].map(([how, times]) => `${how} ${times}`).join(', ');
      return `${liar} lies ${count(all, 'time', 'times')} (${each})`;
    });
    return parts.length === 0 ? null : list(parts);
  }
}
