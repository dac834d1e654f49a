/** What can be chosen about a cluster of Multi-Paxos, in milliseconds and counts. */
import type { NodeId } from '../../sim/engine/protocol.ts';

export interface MultiPaxosOptions {
  /** Who may lead. Null: whoever accepts in the latest configuration. */
  readonly proposers: readonly NodeId[] | null;
  /** The first configuration; others may join by a change of the configuration. Null: all nodes. */
  readonly acceptors: readonly NodeId[] | null;
  /** Who learns and applies what is chosen; proposers have to. Null: all nodes. */
  readonly learners: readonly NodeId[] | null;
  /** Flexible quorums (Howard, Malkhi and Spiegelman 2016); null: majorities. */
  readonly prepareQuorum: number | null;
  readonly acceptQuorum: number | null;
  /** α: a slot may be proposed when all but so many slots before it are decided. */
  readonly window: number;
  readonly electionTimeoutMinMs: number;
  readonly electionTimeoutMaxMs: number;
  readonly heartbeatMs: number;
  /** A snapshot is taken when so many slots have been applied since the last; 0: never. */
  readonly snapshotThreshold: number;
  /** Applied slots that are kept behind a snapshot, for learners that lag a little. */
  readonly trailingSlots: number;
  /** Slots in one CaughtUp at most. */
  readonly maxSlotsPerCatchUp: number;
  /**
   * How `get` is answered: `log`: as a command through the log; `lease`: by a master that holds
   * its lease (Paxos Made Live §5.2); `local`: by whoever believes to lead (unsafe).
   */
  readonly reads: 'log' | 'lease' | 'local';
  /** How long an acceptor that has heard a master promises nobody else anything. */
  readonly leaseMs: number;
  /** The most by which a clock may run fast or slow, in millionths. */
  readonly clockDriftPpm: number;
  /** Client sessions filter duplicates; off only in a mutant. */
  readonly deduplicate: boolean;
  /** How long an answer is kept for a retry, in log time. */
  readonly dedupWindowMs: number;
}

export const defaultOptions: MultiPaxosOptions = Object.freeze({
  proposers: null,
  acceptors: null,
  learners: null,
  prepareQuorum: null,
  acceptQuorum: null,
  window: 16,
  electionTimeoutMinMs: 150,
  electionTimeoutMaxMs: 300,
  heartbeatMs: 50,
  snapshotThreshold: 1000,
  trailingSlots: 0,
  maxSlotsPerCatchUp: 64,
  reads: 'log',
  leaseMs: 120,
  clockDriftPpm: 200_000,
  deduplicate: true,
  dedupWindowMs: 300_000,
});

/**
 * Timeouts for a cluster whose links take `latencyMs` one way (median) and whose disks sync in
 * `syncMs`: a leader is missed after five round trips and replaced within about ten.
 */
export function scaledOptions(latencyMs: number, syncMs: number): MultiPaxosOptions {
  const roundTripMs = 2 * (latencyMs + syncMs);
  const leastMs = Math.max(defaultOptions.electionTimeoutMinMs, Math.ceil(roundTripMs * 5));
  const heartbeatMs = Math.max(1, Math.floor(leastMs / 3));
  return Object.freeze({
    ...defaultOptions,
    electionTimeoutMinMs: leastMs,
    electionTimeoutMaxMs: 2 * leastMs,
    heartbeatMs,
    leaseMs: leastMs - Math.floor(heartbeatMs / 2),
  });
}
