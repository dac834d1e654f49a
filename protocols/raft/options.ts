/** What can be chosen about a Raft cluster, in milliseconds and counts. */
import type { NodeId } from '../../sim/engine/protocol.ts';

/**
 * How `get` is answered. `log`: as a command through the log. `read-index`: by the leader, once a
 * majority has confirmed that it leads (dissertation §6.4). `lease`: the same, but a confirmation
 * lasts for a while of the clock (§6.4.1). `follower`: by any server that has asked the leader up
 * to where it must have applied. `local`: by whoever believes to lead, from its own state (unsafe:
 * it may have been deposed without knowing).
 */
export type ReadMode = 'log' | 'read-index' | 'lease' | 'follower' | 'local';

export interface RaftOptions {
  /** With whom the cluster begins; the other nodes wait to be added. Null: all nodes. */
  readonly members: readonly NodeId[] | null;
  /**
   * Who should rather lead: between equal logs nobody votes for a server of lower priority than
   * its own; who is not named has 0. Null: all are equal.
   */
  readonly priorities: Readonly<Record<NodeId, number>> | null;
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
  /**
   * Messages with entries on their way to a follower at most (etcd/raft: MaxInflightMsgs); 0: no
   * flow control, entries leave as they come.
   */
  readonly maxInflight: number;
  /** The same in characters of commands; 0: no such bound. One message is always allowed. */
  readonly maxInflightBytes: number;
  /** A leader waits this long for more requests before it sends them; 0: not at all. */
  readonly batchMs: number;
  /**
   * Asynchronous storage writes (etcd/raft): a follower goes on while its disk writes, and
   * acknowledges entries one by one as they become durable.
   */
  readonly asyncStorage: boolean;
  /** What is committed is applied by a step of its own, at most so much later; 0: at once. */
  readonly applyMs: number;
  /** §7: a snapshot is taken when so many entries have been applied since the last; 0: never. */
  readonly snapshotThreshold: number;
  /** Applied entries that stay in the log behind a snapshot, for followers that lag a little. */
  readonly trailingEntries: number;
  /** Characters of a snapshot in one InstallSnapshot. */
  readonly snapshotChunkSize: number;
  readonly reads: ReadMode;
  /**
   * For leases: how far two clocks may drift apart while one of them measures the least election
   * timeout; a lease is so much shorter.
   */
  readonly clockBoundMs: number;
  /** Client sessions filter duplicates (dissertation §6.3); off only in a mutant. */
  readonly deduplicate: boolean;
  /** How long an answer is kept for a retry, in log time. */
  readonly dedupWindowMs: number;
}

export const defaultOptions: RaftOptions = Object.freeze({
  members: null,
  priorities: null,
  electionTimeoutMinMs: 150,
  electionTimeoutMaxMs: 300,
  heartbeatMs: 50,
  preVote: false,
  checkQuorum: false,
  maxEntriesPerAppend: 64,
  maxInflight: 0,
  maxInflightBytes: 0,
  batchMs: 0,
  asyncStorage: false,
  applyMs: 0,
  snapshotThreshold: 1000,
  trailingEntries: 0,
  snapshotChunkSize: 4096,
  reads: 'log',
  clockBoundMs: 30,
  deduplicate: true,
  dedupWindowMs: 300_000,
});

/** Options as a server's state holds them: plain, and only those that differ from the defaults. */
export type SparseOptions = Readonly<Partial<RaftOptions>>;

/** Recorded states should not repeat what never changes. */
export function sparse(options: RaftOptions): SparseOptions {
  const defaults = new Map<string, unknown>(Object.entries(defaultOptions));
  const own = Object.entries(options).filter(([name, value]) => defaults.get(name) !== value);
  return Object.freeze(Object.fromEntries(own));
}

/** Copies of a state share its frozen options, so they are completed once. */
const complete = new WeakMap<SparseOptions, RaftOptions>();

/** All options of a server. */
export function optionsOf({ options }: { readonly options: SparseOptions }): RaftOptions {
  let whole = complete.get(options);
  if (whole === undefined) {
    whole = Object.freeze({ ...defaultOptions, ...options });
    complete.set(options, whole);
  }
  return whole;
}

/**
 * Timeouts for a cluster whose links take `latencyMs` one way (median) and whose disks sync in
 * `syncMs`. §9.3's 150 to 300 ms suit broadcast times up to 15 ms; §5.6 wants timeouts an order of
 * magnitude above them. In a large cluster many servers time out within one round trip, so the
 * interval is wider, or votes would split for ever.
 */
export function scaledOptions(nodes: number, latencyMs: number, syncMs: number): RaftOptions {
  const roundTripMs = 2 * (latencyMs + syncMs);
  const leastMs = Math.max(defaultOptions.electionTimeoutMinMs, Math.ceil(roundTripMs * 5));
  const spreadMs = Math.max(leastMs, Math.ceil((roundTripMs * nodes) / 4));
  return Object.freeze({
    ...defaultOptions,
    electionTimeoutMinMs: leastMs,
    electionTimeoutMaxMs: leastMs + spreadMs,
    heartbeatMs: Math.max(1, Math.floor(leastMs / 3)),
    clockBoundMs: Math.floor(leastMs / 5),
  });
}
