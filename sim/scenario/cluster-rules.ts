/** The specification's validation rules: how many nodes a tolerance takes. Their only home. */

export interface ClusterSize {
  readonly nodes: number;
  /** f: how many nodes may fail at a time. */
  readonly failures: number;
  /** Whether nodes may lie. */
  readonly byzantine: boolean;
}

/** Under the names of the specification and with its messages. */
export const validationRules = [
  {
    name: 'quorum_possible',
    holds: ({ nodes, failures }: ClusterSize) => nodes >= 2 * failures + 1,
    error: 'Cannot tolerate f failures with fewer than 2f+1 nodes',
  },
  {
    name: 'byzantine_nodes',
    holds: ({ nodes, failures, byzantine }: ClusterSize) => !byzantine || nodes >= 3 * failures + 1,
    error: 'Byzantine tolerance requires 3f+1 nodes',
  },
] as const;

/** A rule that a cluster breaks. */
export interface BrokenRule {
  readonly name: (typeof validationRules)[number]['name'];
  /** The specification's message. */
  readonly error: string;
  /** The message with the numbers that break it. */
  readonly sentence: string;
}

/** All rules that a cluster breaks, in the order of the specification. */
export function brokenRules(size: ClusterSize): BrokenRule[] {
  return validationRules
    .filter((rule) => !rule.holds(size))
    .map(({ name, error }) => ({
      name,
      error,
      sentence: `${error} (${name}: nodes is ${size.nodes}, f is ${size.failures})`,
    }));
}
