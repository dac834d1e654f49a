/** What can be chosen about primary–backup replication, in milliseconds and counts. */

/** An alias, so that it counts as plain data. */
export type ReplicationOptions = {
  /** When a write is acknowledged: all backups have it, `waitFor` of them, or none need to. */
  readonly acknowledgement: 'synchronous' | 'semi-synchronous' | 'asynchronous';
  /** Backups that a semi-synchronous write waits for. */
  readonly waitFor: number;
  /**
   * After so long without an acknowledgement the primary goes on alone, as MySQL does
   * (rpl_semi_sync_source_timeout); null: it waits, as PostgreSQL does.
   */
  readonly fallbackMs: number | null;
  /**
   * How `get` is answered. `log`: like a write, when its mode acknowledges it; `primary`: by
   * whoever believes to be the primary, from its own state; `replica`: likewise by anybody.
   */
  readonly reads: 'log' | 'primary' | 'replica';
  /** How long a backup takes to apply one write, as a single-threaded applier does; 0: no time. */
  readonly applyMs: number;
  /** A backup that hears no primary for so long proposes a new view. */
  readonly failoverMinMs: number;
  readonly failoverMaxMs: number;
  readonly heartbeatMs: number;
  /** Entries in one Replicate at most. */
  readonly maxEntries: number;
  /** A retried request is known by its key, and for so long. */
  readonly deduplicate: boolean;
  readonly dedupWindowMs: number;
};

export const defaultOptions: ReplicationOptions = Object.freeze({
  acknowledgement: 'semi-synchronous',
  waitFor: 1,
  fallbackMs: null,
  reads: 'log',
  applyMs: 0,
  failoverMinMs: 150,
  failoverMaxMs: 300,
  heartbeatMs: 50,
  maxEntries: 64,
  deduplicate: true,
  dedupWindowMs: 300_000,
});

/** Backups whose disks must have a write before its client hears of it. */
export function backupsAwaited({ acknowledgement, waitFor }: ReplicationOptions, nodes: number) {
  switch (acknowledgement) {
    case 'synchronous':
      return nodes - 1;
    case 'semi-synchronous':
      return Math.min(waitFor, nodes - 1);
    case 'asynchronous':
      return 0;
  }
}

/** Timeouts an order of magnitude above a round trip, as a failure detector needs them. */
export function scaledOptions(latencyMs: number, syncMs: number): ReplicationOptions {
  const leastMs = Math.max(defaultOptions.failoverMinMs, Math.ceil(10 * (latencyMs + syncMs)));
  return Object.freeze({
    ...defaultOptions,
    failoverMinMs: leastMs,
    failoverMaxMs: 2 * leastMs,
    heartbeatMs: Math.max(1, Math.floor(leastMs / 3)),
  });
}
