/** How long a message travels: distributions around a median, by integer arithmetic only. */

export type LatencyShape = 'fixed' | 'uniform' | 'normal' | 'heavy-tail';

export const latencyShapes: readonly LatencyShape[] = ['fixed', 'uniform', 'normal', 'heavy-tail'];

/** Thousandths of the median at given quantiles (millionths): most are near 1, a few are far. */
const HEAVY_TAIL: readonly (readonly [number, number])[] = [
  [0, 600],
  [250_000, 850],
  [500_000, 1_000],
  [750_000, 1_300],
  [900_000, 2_000],
  [990_000, 6_000],
  [999_000, 20_000],
  [1_000_000, 50_000],
];

/**
 * A latency in microseconds whose median is `medianUs`. `draw(bound)` gives uniform integers.
 * `spread` in thousandths of the median: half the width of `uniform`, three standard deviations of
 * `normal` (a sum of four uniform draws: Irwin and Hall); the other shapes ignore it.
 */
export function latencyOf(
  shape: LatencyShape,
  medianUs: number,
  spread: number,
  draw: (bound: number) => number,
): number {
  switch (shape) {
    case 'fixed':
      return medianUs;
    case 'uniform': {
      const half = Math.floor((medianUs * spread) / 1000);
      return medianUs - half + draw(2 * half + 1);
    }
    case 'normal': {
      const half = Math.floor((medianUs * spread) / 1000);
      const quarter = Math.floor(half / 2) + 1;
      const sum = draw(quarter) + draw(quarter) + draw(quarter) + draw(quarter);
      return Math.max(1, medianUs - 2 * (quarter - 1) + sum);
    }
    case 'heavy-tail':
      return heavyTail(medianUs, draw(1_000_000));
  }
}

function heavyTail(medianUs: number, quantile: number): number {
  let i = 1;
  while ((HEAVY_TAIL[i] as readonly [number, number])[0] <= quantile) i++;
  const [q0, v0] = HEAVY_TAIL[i - 1] as readonly [number, number];
  const [q1, v1] = HEAVY_TAIL[i] as readonly [number, number];
  const thousandths = v0 + Math.floor(((v1 - v0) * (quantile - q0)) / (q1 - q0));
  return Math.max(1, Math.floor((medianUs * thousandths) / 1000));
}
