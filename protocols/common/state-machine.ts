/**
 * The state machine that every consensus protocol replicates: a key-value store with client
 * sessions. What it does depends on the sequence of apply() calls only, so replicas agree.
 */
import { deepFreeze } from '../../sim/engine/clone.ts';
import { finish, hashPlain, mix, mixString } from '../../sim/engine/hash.ts';
import type { Forkable, Plain, Response } from '../../sim/engine/protocol.ts';
import { execute, type Values } from './commands.ts';
import { defaultDedupWindowMs, idempotencyKey } from './retry.ts';
import { Sessions, type LoggedCommand, type Session } from './sessions.ts';
import { SharedMap } from './shared-map.ts';

export type MachineOptions = {
  /** False lets a retried request be applied again: the error of the mutant retry-no-dedup. */
  readonly deduplicate: boolean;
  /** How long the answer to a client's last request is kept, in log time. */
  readonly dedupWindowMs: number;
};

export const defaultMachineOptions: MachineOptions = Object.freeze({
  deduplicate: true,
  dedupWindowMs: defaultDedupWindowMs,
});

/** The whole state as plain data, frozen in depth; it survives JSON unchanged. */
export type MachineSnapshot = {
  readonly options: MachineOptions;
  readonly clockMs: number;
  /** Ordered by key. */
  readonly values: readonly (readonly [string, Plain])[];
  /** Ordered by client. */
  readonly sessions: readonly Session[];
};

const nothing: Response = Object.freeze({ type: 'ok', value: null });

let versions = 0;

export class Machine implements Forkable {
  /** Unique in this process: equal versions mean equal contents. */
  version = ++versions;
  private readonly options: MachineOptions;
  /** The latest stamp in the log so far: leaders' clocks differ, this one never goes back. */
  private clockMs: number;
  private readonly values: Values;
  private readonly sessions: Sessions;
  /** Hash and snapshot as of some version. */
  private hashed: { readonly version: number; readonly lanes: readonly number[] } | null = null;
  private taken: { readonly version: number; readonly snapshot: MachineSnapshot } | null = null;

  private constructor(options: MachineOptions, clock: number, values: Values, sessions: Sessions) {
    this.options = options;
    this.clockMs = clock;
    this.values = values;
    this.sessions = sessions;
  }

  /** Nothing stored, nobody known. Options must be the same at every replica. */
  static empty(options: Partial<MachineOptions> = {}): Machine {
    const {
      deduplicate = defaultMachineOptions.deduplicate,
      dedupWindowMs = defaultMachineOptions.dedupWindowMs,
    } = options;
    const all = { deduplicate, dedupWindowMs };
    return Machine.restore({ options: all, clockMs: 0, values: [], sessions: [] });
  }

  static restore(snapshot: MachineSnapshot): Machine {
    const { options, clockMs, values, sessions } = deepFreeze(snapshot);
    const known = new Sessions(options.dedupWindowMs, sessions);
    return new Machine(options, clockMs, new SharedMap(values), known);
  }

  /**
   * Applies a decided request; null stands for an entry without one (a leader's no-op). `stampMs`
   * is the leader's clock when it put the request into the log. The answer is frozen.
   */
  apply(request: LoggedCommand | null, stampMs: number): Response {
    const { options, sessions } = this;
    this.version = ++versions;
    if (stampMs > this.clockMs) this.clockMs = stampMs;
    if (!options.deduplicate)
      return request === null ? nothing : execute(this.values, request.command);
    sessions.expire(this.clockMs);
    if (request === null) return nothing;
    const known = sessions.answer(request);
    if (known !== null) return known;
    const response = execute(this.values, request.command);
    sessions.remember(request, response, this.clockMs);
    return response;
  }

  /** What a request that was applied is answered; null: it is to be applied. */
  answered(request: LoggedCommand): Response | null {
    return this.options.deduplicate ? this.sessions.answer(request) : null;
  }

  /** The value under a key, without going through the log: for local and lease-based reads. */
  read(key: string): Plain {
    return this.values.get(key) ?? null;
  }

  snapshot(): MachineSnapshot {
    const { version, options, clockMs } = this;
    if (this.taken?.version === version) return this.taken.snapshot;
    const sessions = this.sessions.list();
    const snapshot = deepFreeze({ options, clockMs, values: this.values.sorted(), sessions });
    this.taken = { version, snapshot };
    return snapshot;
  }

  /** O(1): the copy shares all content until one of the two changes it. */
  fork(): Machine {
    const copy = new Machine(this.options, this.clockMs, this.values.fork(), this.sessions.fork());
    copy.version = this.version;
    copy.hashed = this.hashed;
    copy.taken = this.taken;
    return copy;
  }

  /** Independent of the order in which keys were written; cached until the next change. */
  hash(lane: number): number {
    if (this.hashed?.version !== this.version) {
      this.hashed = { version: this.version, lanes: [this.computeHash(0), this.computeHash(1)] };
    }
    return this.hashed.lanes[lane] as number;
  }

  /** `{ values: { x: 1 }, sessions: { 'c1-7:put': { type: 'ok', value: null } } }` */
  toPlain(): Plain {
    const sessions = this.sessions.list().map((session) => {
      const { client, sequence, operation, response } = session;
      return [
        idempotencyKey({ client, sequence, command: { type: operation } }),
        response,
      ] as const;
    });
    return {
      values: Object.fromEntries(this.values.sorted()),
      sessions: Object.fromEntries<Plain>(sessions),
    };
  }

  private computeHash(lane: number): number {
    let sum = this.sessions.hash(lane);
    for (const [key, value] of this.values.entries()) {
      sum = (sum + finish(hashPlain(mixString(mix(lane, 2), key), value, lane))) | 0;
    }
    return sum;
  }
}
