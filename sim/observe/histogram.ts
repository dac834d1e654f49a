/** A histogram as Prometheus has it: how many values are at most each bound. */
import type { Family, Labels } from './prometheus.ts';

export class Histogram {
  private readonly bounds: readonly number[];
  /** Values up to each bound and above the one before; the last: above all of them. */
  private readonly counts: number[];
  private sum = 0;

  /** Upper bounds, ascending. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = [...bounds, Infinity].map(() => 0);
  }

  observe(value: number): void {
    const place = this.bounds.findIndex((bound) => value <= bound);
    const index = place < 0 ? this.bounds.length : place;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sum += value;
  }

  /** Cumulative buckets, then sum and count. */
  samples(labels: Labels): Family['samples'] {
    let below = 0;
    const buckets = this.counts.map((count, i) => {
      below += count;
      const le = i < this.bounds.length ? String(this.bounds[i]) : '+Inf';
      return { suffix: '_bucket', labels: { ...labels, le }, value: below };
    });
    return [
      ...buckets,
      { suffix: '_sum', labels, value: this.sum },
      { suffix: '_count', labels, value: below },
    ];
  }
}
