/** How clients try again (`retry`): the specification's retry_config. */
import { z } from 'zod';
import { probability } from './schema-common.ts';

/** The codes of the specification's retry vocabulary. */
export const retryOnCodes = [
  'LEADER_NOT_FOUND',
  'QUORUM_UNREACHABLE',
  'TIMEOUT',
  'NETWORK_PARTITION_HEALING',
] as const;
export const abortOnCodes = ['INVALID_TERM', 'DUPLICATE_REQUEST', 'PERMANENT_FAILURE'] as const;
const code = z.enum([...retryOnCodes, ...abortOnCodes]).describe('A code of an answer.');

export const retryConfig = z
  .strictObject({
    max_attempts: z.int().min(1).max(1000).default(10).describe('Attempts, the first included.'),
    initial_delay_ms: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(50)
      .describe('The delay before the second attempt, in milliseconds.'),
    max_delay_ms: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(10_000)
      .describe('No delay is longer than this, in milliseconds.'),
    multiplier: z
      .number()
      .min(1)
      .max(100)
      .default(2)
      .describe('Each delay is so many times the last.'),
    jitter_factor: probability
      .default(0.25)
      .describe('A delay is changed at random by up to this share, up or down.'),
    attempt_timeout_ms: z
      .int()
      .min(1)
      .max(3_600_000)
      .optional()
      .describe(
        'How long a client waits for an answer before the attempt counts as TIMEOUT, in ' +
          'milliseconds. Left out: derived from the latency.',
      ),
    idempotency: z
      .strictObject({
        required: z
          .boolean()
          .default(true)
          .describe('Whether a retry carries the key of the first attempt.'),
        key_format: z
          .literal('{request_id}:{operation_type}')
          .default('{request_id}:{operation_type}')
          .describe('How the key is made; the specification knows one way.'),
        dedup_window_seconds: z
          .int()
          .min(1)
          .default(300)
          .describe('How long replicas remember an answered request, in seconds of log time.'),
      })
      .prefault({})
      .describe('How replicas know a request that they have seen.'),
    retry_on: z
      .array(code)
      .default([...retryOnCodes])
      .describe('Codes after which a client tries again.'),
    abort_on: z
      .array(code)
      .default([...abortOnCodes])
      .describe('Codes after which it gives up.'),
  })
  .describe("The specification's retry_config for consensus operations.");

export type RetryConfig = z.output<typeof retryConfig>;
