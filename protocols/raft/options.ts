/** What can be chosen about a Raft cluster, in milliseconds and counts. */

export interface RaftOptions {
  /** §9.3 recommends 150–300 ms. */
  readonly electionTimeoutMinMs: number;
  readonly electionTimeoutMaxMs: number;
  readonly heartbeatMs: number;
  /** Dissertation §9.6: ask before beginning a new term. */
  readonly preVote: boolean;
  /** Dissertation §6.2: a leader that does not hear from a majority steps down. */
  readonly checkQuorum: boolean;
  /** Entries in one AppendEntries at most. */
  readonly maxEntriesPerAppend: number;
  /** A leader waits this long for more requests before it sends them; 0: not at all. */
  readonly batchMs: number;
  /** §7: a snapshot is taken when so many entries have been applied since the last; 0: never. */
  readonly snapshotThreshold: number;
  /** Applied entries that stay in the log behind a snapshot, for followers that lag a little. */
  readonly trailingEntries: number;
  /** Characters of a snapshot in one InstallSnapshot. */
  readonly snapshotChunkSize: number;
  /** Client sessions filter duplicates (dissertation §6.3); off only in a mutant. */
  readonly deduplicate: boolean;
  /** How long an answer is kept for a retry, in log time. */
  readonly dedupWindowMs: number;
}

export const defaultOptions: RaftOptions = Object.freeze({
  electionTimeoutMinMs: 150,
  electionTimeoutMaxMs: 300,
  heartbeatMs: 50,
  preVote: false,
  checkQuorum: false,
  maxEntriesPerAppend: 64,
  batchMs: 0,
  snapshotThreshold: 1000,
  trailingEntries: 0,
  snapshotChunkSize: 4096,
  deduplicate: true,
  dedupWindowMs: 300_000,
});

/**
 * Timeouts that suit a cluster of `nodes` whose links take `latencyMs` one way (median): §5.6,
 * broadcastTime ≪ electionTimeout. In a large cluster many servers time out within one broadcast,
 * so the interval grows with the number of servers, or votes would split for ever.
 */
export function scaledOptions(nodes: number, latencyMs: number): RaftOptions {
  const electionTimeoutMinMs = Math.max(150, 15 * latencyMs, Math.ceil(nodes / 2));
  return Object.freeze({
    ...defaultOptions,
    electionTimeoutMinMs,
    electionTimeoutMaxMs: electionTimeoutMinMs + Math.max(electionTimeoutMinMs, nodes * latencyMs),
    heartbeatMs: Math.floor(electionTimeoutMinMs / 3),
  });
}
