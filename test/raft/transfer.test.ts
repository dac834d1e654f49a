/** What a handover costs clients, measured against a crash. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Recorder } from '../../sim/history/recorder.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';

/** Four times in each scenario the leader goes, at these times (µs). */
const CHANGES = [1, 2, 3, 4].map((second) => second * 1_000_000);

/** After each change, how long it takes until an operation begun afterwards succeeds (ms). */
async function gaps(id: string, seed: string): Promise<number[]> {
  const file = fileURLToPath(new URL(`../../scenarios/raft/${id}.yaml`, import.meta.url));
  const opened = await openScenario(readFileSync(file, 'utf8'), file, catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const run = runScenario(opened.open.prepare(seed));
  expect(run.violation).toBeNull();
  const recorder = run.world.clientsConfig?.history;
  if (!(recorder instanceof Recorder)) throw new Error(`${id} has no history`);
  const history = recorder.history();
  return CHANGES.map((changed) => {
    const served = history.flatMap(({ outcome, invokedAt, completedAt }) =>
      outcome === 'ok' && invokedAt >= changed && completedAt !== null ? [completedAt] : [],
    );
    return (Math.min(...served) - changed) / 1000;
  });
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

test('a handover interrupts service for less than a third of the time of a crash', async () => {
  const handovers: number[] = [];
  const crashes: number[] = [];
  for (const seed of ['1', '2', '3', '4', '5']) {
    handovers.push(...(await gaps('leader-transfer', seed)));
    crashes.push(...(await gaps('leader-crash', seed)));
  }
  expect(mean(handovers) * 3).toBeLessThan(mean(crashes));
  // A handover never waits for an election timeout.
  expect(Math.max(...handovers)).toBeLessThan(150);
});
