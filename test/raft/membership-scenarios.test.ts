/** The scenarios about membership show what they say. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Configuration } from '../../protocols/raft/configuration.ts';
import { configurationOf, type RaftState } from '../../protocols/raft/state.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';

/** The servers at the end. Seed: the scenario's own. */
async function play(id: string): Promise<RaftState[]> {
  const file = fileURLToPath(new URL(`../../scenarios/raft/${id}.yaml`, import.meta.url));
  const opened = await openScenario(readFileSync(file, 'utf8'), file, catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const { world } = runScenario(opened.open.prepare(String(opened.open.scenario.seed)));
  return world.nodes.map(({ state }) => state as RaftState);
}

function leaderOf(states: readonly RaftState[]): RaftState {
  const leaders = states.filter(({ role }) => role === 'leader');
  const latest = leaders.toSorted((a, b) => b.currentTerm - a.currentTerm)[0];
  if (latest === undefined) throw new Error('nobody leads');
  return latest;
}

/** The configurations in a log, in order. */
function changesIn({ log }: RaftState): Configuration[] {
  const entries = log.slice(log.firstIndex, log.lastIndex);
  return entries.flatMap(({ configuration }) => configuration ?? []);
}

test('a removed server costs the others many terms, and with CheckQuorum none', async () => {
  const disturbed = leaderOf(await play('removed-server-disrupts'));
  expect(disturbed.currentTerm).toBeGreaterThan(20);
  const quiet = leaderOf(await play('removed-server-check-quorum'));
  expect(quiet.currentTerm).toBe(1);
  expect(configurationOf(quiet).voters).toEqual(['n1', 'n2', 'n3', 'n4']);
});

test('the learner is promoted by the second wish: the first one comes too early', async () => {
  const leader = leaderOf(await play('learner-promotion'));
  const [learning, voting, ...more] = changesIn(leader);
  expect(more).toEqual([]);
  expect(learning?.learners).toEqual(['n4']);
  expect(voting?.voters).toEqual(['n1', 'n2', 'n3', 'n4']);
});

test('the cured leaders refuse both changes first, and make them one after the other', async () => {
  const leader = leaderOf(await play('single-change-2015-cured'));
  expect(changesIn(leader).map(({ voters }) => voters.join(' '))).toEqual([
    'n1 n2 n3 n4 n5',
    'n2 n3 n4 n5',
  ]);
});

test('three other servers are left when all have been replaced', async () => {
  const states = await play('membership-replaced');
  const leader = leaderOf(states);
  expect(configurationOf(leader).voters.toSorted()).toEqual(['n4', 'n5', 'n6']);
  expect(leader.commitIndex).toBeGreaterThan(400);
  for (const state of states.slice(3))
    expect(configurationOf(state)).toEqual(configurationOf(leader));
});
