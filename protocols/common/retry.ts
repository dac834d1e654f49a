/** The specification's retry_config: how often, after which delays and codes, under which key. */
import type { Command, RequestId } from '../../sim/engine/protocol.ts';

/** Every code an error answer may carry; sim/history/README.md says who emits each, and when. */
export const responseCodes = [
  'LEADER_NOT_FOUND',
  'QUORUM_UNREACHABLE',
  'TIMEOUT',
  'NETWORK_PARTITION_HEALING',
  'INVALID_TERM',
  'DUPLICATE_REQUEST',
  'PERMANENT_FAILURE',
] as const;
export type ResponseCode = (typeof responseCodes)[number];

/** A type alias, not an interface, so that it counts as plain data. */
export type RetryConfig = {
  /** Sends of one request at most, the first included. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** By which the delay grows from retry to retry; at least 1. */
  readonly multiplier: number;
  /** A delay is spread by this share to either side; 0 to 1. */
  readonly jitterFactor: number;
  readonly retryOn: readonly string[];
  /** A code that is in neither list ends the operation, too. */
  readonly abortOn: readonly string[];
};

/** The specification's values. */
export const defaultRetry: RetryConfig = Object.freeze({
  maxAttempts: 10,
  initialDelayMs: 50,
  maxDelayMs: 10_000,
  multiplier: 2,
  jitterFactor: 0.25,
  retryOn: Object.freeze([
    'LEADER_NOT_FOUND',
    'QUORUM_UNREACHABLE',
    'TIMEOUT',
    'NETWORK_PARTITION_HEALING',
  ]),
  abortOn: Object.freeze(['INVALID_TERM', 'DUPLICATE_REQUEST', 'PERMANENT_FAILURE']),
});

/** How long an answer is kept for duplicates: 300 s (dedup_window_seconds). */
export const defaultDedupWindowMs = 300_000;

/**
 * The delay before retry number `retry` (1 is the first), in milliseconds, a multiple of 0.001:
 * initialDelayMs * multiplier^(retry - 1), at most maxDelayMs, spread evenly by ± jitterFactor but
 * never above maxDelayMs. `draw(bound)` gives an integer in [0, bound).
 */
export function retryDelayMs(
  config: RetryConfig,
  retry: number,
  draw: (bound: number) => number,
): number {
  const maxUs = Math.round(config.maxDelayMs * 1000);
  let us = config.initialDelayMs * 1000;
  // Multiplied step by step: products are the same on every machine, powers are not.
  for (let i = 1; i < retry && us < maxUs; i++) us *= config.multiplier;
  us = Math.min(us, maxUs);
  const least = Math.round(us * (1 - config.jitterFactor));
  const most = Math.min(maxUs, Math.round(us * (1 + config.jitterFactor)));
  return (least + draw(most - least + 1)) / 1000;
}

/** `{request_id}:{operation_type}`, where a request's id is its client and sequence: `c1-7:put`. */
export function idempotencyKey(request: RequestId & { readonly command: Command }): string {
  return `${request.client}-${request.sequence}:${request.command.type}`;
}
