/** What can be chosen about chain replication, in milliseconds and counts. */

/** An alias, so that it counts as plain data. */
export type ChainOptions = {
  /**
   * How the tail answers `get`. `confirmed`: when the master says that it still is the tail;
   * `tail`: at once, as in the paper, which assumes that nobody is suspected who is up (fail-stop).
   */
  readonly reads: 'confirmed' | 'tail';
  /** A node tells the master so often that it is up, and sends again what got lost. */
  readonly aliveMs: number;
  /** Whom the master has not heard for so long is taken out of the chain. */
  readonly suspectMinMs: number;
  readonly suspectMaxMs: number;
  /** Updates in one message at most. */
  readonly maxEntries: number;
  /** A retried request is known by its key, and for so long. */
  readonly deduplicate: boolean;
  readonly dedupWindowMs: number;
};

export const defaultOptions: ChainOptions = Object.freeze({
  reads: 'confirmed',
  aliveMs: 50,
  suspectMinMs: 150,
  suspectMaxMs: 300,
  maxEntries: 64,
  deduplicate: true,
  dedupWindowMs: 300_000,
});

/** Timeouts an order of magnitude above a hop, as a failure detector needs them. */
export function scaledOptions(latencyMs: number, syncMs: number): ChainOptions {
  const leastMs = Math.max(defaultOptions.suspectMinMs, Math.ceil(10 * (latencyMs + syncMs)));
  return Object.freeze({
    ...defaultOptions,
    suspectMinMs: leastMs,
    suspectMaxMs: 2 * leastMs,
    aliveMs: Math.max(1, Math.floor(leastMs / 3)),
  });
}
