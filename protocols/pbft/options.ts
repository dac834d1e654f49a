/** What can be chosen about a PBFT cluster, in milliseconds and counts. */

/** An alias, so that it counts as plain data. */
export type PbftOptions = {
  /** §4.3: a checkpoint after every so many sequence numbers (K). */
  readonly checkpointInterval: number;
  /** §4.2: the high watermark is so far above the low one; a small multiple of the interval (L). */
  readonly windowSize: number;
  /** Requests in one pre-prepare at most. */
  readonly maxBatch: number;
  /** §4.2: a primary with so many batches under way collects what comes in for the next. */
  readonly maxInProgress: number;
  /** §4.4: how long a backup waits for a request to be executed before it gives the primary up. */
  readonly viewChangeMs: number;
  /** Who misses something asks for it again after so long. */
  readonly statusMs: number;
  /** How long a replica may lag behind a certified checkpoint before it fetches the state. */
  readonly fetchMs: number;
  /** Whether the last reply to each client is kept and told from a new request (§4.1). */
  readonly deduplicate: boolean;
  /**
   * §5.1: reads are answered outside the order, and clients wait for a quorum of equal replies.
   * Absent: no.
   */
  readonly readOnly?: boolean;
};

export const defaultOptions: PbftOptions = Object.freeze({
  checkpointInterval: 16,
  windowSize: 32,
  maxBatch: 16,
  maxInProgress: 4,
  viewChangeMs: 250,
  statusMs: 100,
  fetchMs: 50,
  deduplicate: true,
});

/**
 * Timeouts for links that take `latencyMs` one way (median) and disks that sync in `syncMs`: a
 * request takes five message delays and three writes until it is answered (§4.2, Figure 1).
 */
export function scaledOptions(latencyMs: number, syncMs: number): PbftOptions {
  const requestMs = 5 * latencyMs + 3 * syncMs;
  return Object.freeze({
    ...defaultOptions,
    viewChangeMs: Math.max(defaultOptions.viewChangeMs, Math.ceil(4 * requestMs)),
    statusMs: Math.max(defaultOptions.statusMs, Math.ceil(2 * requestMs)),
    fetchMs: Math.max(defaultOptions.fetchMs, Math.ceil(requestMs)),
  });
}
