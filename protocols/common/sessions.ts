/**
 * Client sessions (Ongaro's dissertation, §6.3): the last request of each client that was applied,
 * with its answer, so that a duplicate is answered and not applied again. Part of the replicated
 * state: every replica decides alike, for time here is what leaders stamped into the log.
 */
import { finish, hashPlain, mix, mixString } from '../../sim/engine/hash.ts';
import type { ClientId, Command, RequestId, Response } from '../../sim/engine/protocol.ts';
import { SharedMap } from './shared-map.ts';

/** A request as the log holds it. */
export interface LoggedCommand extends RequestId {
  readonly command: Command;
}

/** What is remembered of a client. Immutable; an alias, so that it counts as plain data. */
export type Session = {
  readonly client: ClientId;
  readonly sequence: number;
  /** With client and sequence the idempotency key, see `idempotencyKey`. */
  readonly operation: string;
  /** Log time of the request, in milliseconds. */
  readonly stampMs: number;
  readonly response: Response;
};

/** A newer request of this client has been applied; the answer to this one is gone. */
const superseded: Response = Object.freeze({ type: 'error', code: 'DUPLICATE_REQUEST' });
/** One id for two operations: the client is in error, and no retry will mend it. */
const reused: Response = Object.freeze({ type: 'error', code: 'PERMANENT_FAILURE' });

export class Sessions {
  private byClient: SharedMap<Session>;
  /** No session ends before this log time. */
  private nextExpiryMs = Infinity;
  private readonly windowMs: number;

  constructor(windowMs: number, sessions: readonly Session[] = []) {
    this.windowMs = windowMs;
    this.byClient = new SharedMap(sessions.map((session) => [session.client, session]));
    for (const { stampMs } of sessions) this.expectExpiry(stampMs);
  }

  /** The answer to a request that must not be applied; null when it is to be applied. */
  answer(request: LoggedCommand): Response | null {
    const session = this.byClient.get(request.client);
    if (session === undefined || request.sequence > session.sequence) return null;
    if (request.sequence < session.sequence) return superseded;
    return request.command.type === session.operation ? session.response : reused;
  }

  /** Keeps the answer in place of the client's one before. */
  remember(
    { client, sequence, command }: LoggedCommand,
    response: Response,
    stampMs: number,
  ): void {
    const operation = command.type;
    this.byClient.set(client, { client, sequence, operation, stampMs, response });
    this.expectExpiry(stampMs);
  }

  /** Forgets the sessions whose last request is older than the window. */
  expire(nowMs: number): void {
    if (nowMs < this.nextExpiryMs) return;
    this.nextExpiryMs = Infinity;
    for (const [client, { stampMs }] of this.byClient.entries()) {
      if (stampMs + this.windowMs <= nowMs) this.byClient.delete(client);
      else this.expectExpiry(stampMs);
    }
  }

  /** Ordered by client. */
  list(): readonly Session[] {
    return this.byClient.sorted().map(([, session]) => session);
  }

  fork(): Sessions {
    const copy = new Sessions(this.windowMs);
    copy.byClient = this.byClient.fork();
    copy.nextExpiryMs = this.nextExpiryMs;
    return copy;
  }

  /** Stamps do not count: they would keep apart states that behave alike for the whole window. */
  hash(lane: number): number {
    let sum = 0;
    for (const [client, { sequence, operation, response }] of this.byClient.entries()) {
      const id = mixString(mix(mixString(mix(lane, 1), client), sequence), operation);
      sum = (sum + finish(hashPlain(id, response, lane))) | 0;
    }
    return sum;
  }

  private expectExpiry(stampMs: number): void {
    this.nextExpiryMs = Math.min(this.nextExpiryMs, stampMs + this.windowMs);
  }
}
