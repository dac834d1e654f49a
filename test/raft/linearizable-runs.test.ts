/**
 * With correct Raft, every history under random faults is linearizable; and so says the checker.
 */
import { describe, expect, test } from 'vitest';
import { soakHistories } from '../soak/histories.ts';

describe('histories of clean Raft under random faults', () => {
  test('are linearizable, in 500 runs of four kinds of operations and four of reads', () => {
    const { runs, operations, judged } = soakHistories(500, () => {});
    expect(runs).toBe(500);
    // A checker that was never asked cannot fail.
    expect(judged).toBe(500);
    expect(operations).toBeGreaterThan(5_000);
  });
});
