/** The retry schedule of the specification, as properties. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRetry, idempotencyKey, retryDelayMs } from '../../protocols/common/retry.ts';

const seed = 20_311;
const least = () => 0;
const most = (bound: number) => bound - 1;

const configs = fc.record({
  initialDelayMs: fc.integer({ min: 0, max: 5_000 }),
  maxDelayMs: fc.integer({ min: 0, max: 60_000 }),
  multiplier: fc.double({ min: 1, max: 4, noNaN: true }),
  jitterFactor: fc.double({ min: 0, max: 1, noNaN: true }),
});
const retries = fc.integer({ min: 1, max: 200 });
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const drawAt = (share: number) => (bound: number) => Math.floor(share * bound);

test('the defaults are the values of the specification', () => {
  const { maxAttempts, initialDelayMs, maxDelayMs, multiplier, jitterFactor } = defaultRetry;
  expect([maxAttempts, initialDelayMs, maxDelayMs, multiplier, jitterFactor]).toEqual([
    10, 50, 10_000, 2, 0.25,
  ]);
  const { retryOn, abortOn } = defaultRetry;
  expect(retryOn).toEqual([
    'LEADER_NOT_FOUND',
    'QUORUM_UNREACHABLE',
    'TIMEOUT',
    'NETWORK_PARTITION_HEALING',
  ]);
  expect(abortOn).toEqual(['INVALID_TERM', 'DUPLICATE_REQUEST', 'PERMANENT_FAILURE']);
});

test('by default the delay doubles from 50 ms to 10 s and varies by a quarter, never above', () => {
  const retry = [1, 2, 3, 8, 9, 50];
  expect(retry.map((r) => retryDelayMs(defaultRetry, r, least))).toEqual([
    37.5, 75, 150, 4_800, 7_500, 7_500,
  ]);
  expect(retry.map((r) => retryDelayMs(defaultRetry, r, most))).toEqual([
    62.5, 125, 250, 8_000, 10_000, 10_000,
  ]);
});

test('a delay lies within its jitter of the unjittered one, and within the limits', () => {
  const property = fc.property(configs, retries, draws, (config, retry, share) => {
    const all = { ...defaultRetry, ...config };
    const middle = retryDelayMs({ ...all, jitterFactor: 0 }, retry, least);
    const delay = retryDelayMs(all, retry, drawAt(share));
    expect(delay).toBeGreaterThanOrEqual(middle * (1 - all.jitterFactor) - 0.001);
    expect(delay).toBeLessThanOrEqual(middle * (1 + all.jitterFactor) + 0.001);
    expect(delay).toBeLessThanOrEqual(all.maxDelayMs);
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(Math.round(delay * 1000) / 1000).toBe(delay);
  });
  fc.assert(property, { seed, numRuns: 500 });
});

test('without jitter no delay is shorter than the one before it', () => {
  const property = fc.property(configs, retries, (config, retry) => {
    const all = { ...defaultRetry, ...config, jitterFactor: 0 };
    expect(retryDelayMs(all, retry + 1, least)).toBeGreaterThanOrEqual(
      retryDelayMs(all, retry, least),
    );
  });
  fc.assert(property, { seed, numRuns: 500 });
});

test('the schedule is a function of configuration, retry and draw alone', () => {
  const property = fc.property(configs, retries, draws, (config, retry, share) => {
    const all = { ...defaultRetry, ...config };
    expect(retryDelayMs(all, retry, drawAt(share))).toBe(retryDelayMs(all, retry, drawAt(share)));
  });
  fc.assert(property, { seed, numRuns: 100 });
});

test('a greater draw never gives a shorter delay', () => {
  const property = fc.property(configs, retries, draws, draws, (config, retry, a, b) => {
    const all = { ...defaultRetry, ...config };
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    expect(retryDelayMs(all, retry, drawAt(low))).toBeLessThanOrEqual(
      retryDelayMs(all, retry, drawAt(high)),
    );
  });
  fc.assert(property, { seed, numRuns: 300 });
});

test('the idempotency key is {request_id}:{operation_type}', () => {
  const command = { type: 'put', key: 'x', value: 1 };
  expect(idempotencyKey({ client: 'c1', sequence: 7, command })).toBe('c1-7:put');
});
