/** What is known of a mutant: one deliberate error that somebody really made, and how to see it. */

export interface Mutant {
  /** As in the bank of documented bugs. */
  readonly id: string;
  /** The error in one sentence. */
  readonly description: string;
  /** Ids of the invariants that see it, the first to fire first. */
  readonly violates: readonly string[];
  /** What a run must have for the error to show: faults or options. */
  readonly needs: readonly string[];
  /** The smallest cluster in which it can show. */
  readonly minNodes: number;
  /** Where it happened. */
  readonly sources: readonly string[];
  /** Why another invariant sees it before the one that the bank of bugs names. */
  readonly remark?: string;
  /** Equivalent to the clean protocol, and why: nothing may catch it. */
  readonly control?: string;
  readonly script?: Script;
}

/** A schedule that shows the error at its last step; the clean protocol survives the same steps. */
export interface Script {
  readonly nodes: number;
  /** Options of the protocol as a scenario writes them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** How long a disk takes to sync, in milliseconds; 0 unless the error is about the disk. */
  readonly syncMs?: number;
  /** Who lies in it. */
  readonly liars?: readonly string[];
  /** Clients that take part; their operations are steps like `c1 invoke`. Default: none. */
  readonly clients?: number;
  /** One way between nodes, in milliseconds; left out: as in any scenario. */
  readonly latencyMs?: number;
  /** What is drawn (timeouts, operations) follows from it. Default: 1. */
  readonly seed?: number;
  /** Faults of a timeline that steps can name: `fault clock-drift`. */
  readonly faults?: readonly Readonly<Record<string, unknown>>[];
  /** Steps in the language of a scenario's `schedule`: words, or a fault as a mapping. */
  readonly steps: readonly (string | object)[];
}
