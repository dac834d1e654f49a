/** What can be chosen about a replicated register, in milliseconds and counts. */

/** An alias, so that it counts as plain data. */
export type RegisterOptions = {
  /** Nodes that a query asks and a propagation stores at; null: a majority. */
  readonly readQuorum: number | null;
  readonly writeQuorum: number | null;
  /** A read stores what it is about to answer at a write quorum first (ABD's second phase). */
  readonly writeBack: boolean;
  /**
   * `logical`: a write asks a read quorum first, and goes one beyond it. `clock`: it takes
   * its coordinator's clock (µs) and asks nobody: last writer wins, by clocks that may disagree.
   */
  readonly timestamps: 'logical' | 'clock';
  /** Whoever has not answered is asked again after so long. */
  readonly resendMs: number;
  /** So often; then the client is told QUORUM_UNREACHABLE. */
  readonly resends: number;
  /** A retried write keeps the timestamp of its first attempt. */
  readonly deduplicate: boolean;
};

export const defaultOptions: RegisterOptions = Object.freeze({
  readQuorum: null,
  writeQuorum: null,
  writeBack: true,
  timestamps: 'logical',
  resendMs: 50,
  resends: 10,
  deduplicate: true,
});
