/** The scenarios that come with Schism: each ends as it says, the same way every time. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalogue, scenarioFiles } from '../../sim/registry/index.ts';
import { eventIdentity, run, runPrefix, timed, World } from '../../sim/engine/index.ts';
import { finish, mixNumber, mixString } from '../../sim/engine/hash.ts';
import { formatProblems, loadScenario, prepare, type Prepared } from '../../sim/scenario/index.ts';
import type { RaftState } from '../../protocols/raft/state.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = scenarioFiles(`${root}scenarios`);

function prepared(id: string): Prepared {
  const file = files.find((candidate) => candidate.id === id);
  const loaded = loadScenario(file?.text ?? '', { file: `${id}.yaml`, catalogue });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const { scenario } = loaded;
  return prepare(scenario, { seed: String(scenario.seed ?? 1), catalogue, careful: true });
}

/** Runs a scenario; `receipt` is a hash over the times and identities of all events. */
function play(id: string): { world: World; receipt: number; problem: string | null } {
  const { world: config, prefix, continues, limits } = prepared(id);
  let receipt = 0;
  const observer = {
    beforeEvent(event: Parameters<typeof eventIdentity>[1]): void {
      receipt = mixNumber(mixString(receipt, eventIdentity(world, event)), event.at);
    },
    afterEvent(): void {},
  };
  const world = new World(config, timed, observer);
  const failure = runPrefix(world, prefix);
  if (failure === null && continues) run(world, limits);
  const problem = failure === null ? null : `step ${failure.step}: ${failure.reason}`;
  return { world, receipt: finish(receipt), problem };
}

describe.each(files.map(({ id }) => id))('%s', (id) => {
  test('ends as it says, twice in the same way', () => {
    const { world, receipt, problem } = play(id);
    expect(problem).toBe(null);
    const { expectation } = prepared(id);
    const violated = world.violation?.invariant ?? null;
    if (expectation.type === 'all') expect(violated === null).toBe(expectation.outcome === 'holds');
    else expect(violated === null ? undefined : expectation.of.get(violated)).toBe('violates');
    expect(play(id).receipt).toBe(receipt);
  });
});

function states(world: World): RaftState[] {
  return world.nodes.map(({ state }) => state as RaftState);
}

function terms(id: string): number[] {
  return states(play(id).world).map(({ currentTerm }) => currentTerm);
}

test('PreVote spares the cluster the terms that a server on its own goes through', () => {
  expect(Math.max(...terms('raft/disruptive-rejoin-prevote'))).toBe(1);
  expect(Math.min(...terms('raft/disruptive-rejoin'))).toBeGreaterThan(5);
});

test('the split vote takes more terms than one', () => {
  expect(Math.min(...terms('raft/split-vote'))).toBeGreaterThan(1);
});

test('after log repair all seven servers of Figure 7 have the log of n1', () => {
  const logs = states(play('raft/log-repair').world).map(({ log }) =>
    Array.from({ length: log.lastIndex }, (_, i) => log.termAt(i + 1)),
  );
  for (const log of logs) expect(log).toEqual([1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8]);
});

test('the server that slept gets a snapshot of what it can no longer get as entries', () => {
  const { world } = play('raft/snapshot-catch-up');
  const [n5] = states(world).slice(4);
  expect(n5?.snapshot?.lastIncludedIndex).toBeGreaterThan(100);
  expect(n5?.lastApplied).toBeGreaterThan(500);
});
