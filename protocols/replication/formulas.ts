/** The formulas of the specification, "Replication Strategies", as functions. Pure. */

export interface SyncReplication {
  /** Copies that a write waits for; as many as there are latencies. */
  readonly replicas: number;
  /** Until each replica's acknowledgement is back, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

export interface AsyncReplication {
  /** Writes a second at the primary, and applications a second at the replica. */
  readonly writeRate: number;
  readonly applyRate: number;
  readonly durationSeconds: number;
}

/** A synchronous write waits for all replicas: latency = max(replica_latencies). */
export function simulateSyncReplication({ replicas, latenciesMs }: SyncReplication): {
  readonly totalLatencyMs: number;
} {
  requireAll([
    [Number.isInteger(replicas) && replicas >= 1, 'replicas must be an integer of at least 1'],
    [latenciesMs.length === replicas, `latenciesMs must have one latency for each replica`],
    [latenciesMs.every(isAmount), 'latenciesMs must be numbers of at least 0'],
  ]);
  return { totalLatencyMs: Math.max(...latenciesMs) };
}

/**
 * A replica that applies more slowly than the primary writes falls behind, by the difference of the
 * rates in every second. `lagSeconds` is how long it takes to apply what is missing; Infinity for a
 * replica that applies nothing.
 */
export function simulateAsyncReplication(input: AsyncReplication): {
  readonly lagMessages: number;
  readonly lagSeconds: number;
} {
  const { writeRate, applyRate, durationSeconds } = input;
  requireAll([
    [isAmount(writeRate), 'writeRate must be a number of at least 0'],
    [isAmount(applyRate), 'applyRate must be a number of at least 0'],
    [isAmount(durationSeconds), 'durationSeconds must be a number of at least 0'],
  ]);
  const lagMessages = Math.max(0, writeRate - applyRate) * durationSeconds;
  return { lagMessages, lagSeconds: lagMessages === 0 ? 0 : lagMessages / applyRate };
}

function isAmount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

/** Throws a RangeError that names everything that does not hold. */
function requireAll(rules: readonly (readonly [holds: boolean, problem: string])[]): void {
  const problems = rules.filter(([holds]) => !holds).map(([, problem]) => problem);
  if (problems.length > 0) throw new RangeError(problems.join('; '));
}
