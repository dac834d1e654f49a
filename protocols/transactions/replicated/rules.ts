/** The rules of two-phase commit whose logs are replicated; a mutant replaces one. */

export const replicatedRules = {
  /**
   * Whoever ends another transaction writes so into its record first: the coordinator may be about
   * to commit it. (Gray and Lamport 2006, §4: the outcome is what the acceptors have chosen.)
   */
  recoveryDecides: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type ReplicatedRules = {
  readonly [Rule in keyof typeof replicatedRules]: (typeof replicatedRules)[Rule] extends boolean
    ? boolean
    : (typeof replicatedRules)[Rule];
};
