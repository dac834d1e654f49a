/** The scenarios about clients show what they say: which operations contradict each other. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Recorder, type ClientHistory } from '../../sim/history/recorder.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { runScenario, type ScenarioRun } from '../../sim/trace/run-scenario.ts';

/** Seed: the scenario's own. */
async function play(id: string): Promise<{ run: ScenarioRun; history: ClientHistory }> {
  const file = fileURLToPath(new URL(`../../scenarios/${id}.yaml`, import.meta.url));
  const opened = await openScenario(readFileSync(file, 'utf8'), file, catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const { open } = opened;
  const run = runScenario(open.prepare(String(open.scenario.seed)));
  const recorder = run.world.clientsConfig?.history;
  if (!(recorder instanceof Recorder)) throw new Error(`${id} has no history`);
  return { run, history: recorder.history() };
}

/** The operations in conflict, in the order of the facts. */
function conflict({ run, history }: Awaited<ReturnType<typeof play>>): ClientHistory {
  return (run.violation?.facts ?? []).flatMap(
    ({ event }) => history.find((one) => event === (one.completeEvent ?? one.invokeEvent)) ?? [],
  );
}

test('in the read inversion the later of two reads sees the older value', async () => {
  const reads = conflict(await play('quorum-register/read-inversion')).filter(
    ({ input }) => input.type === 'get',
  );
  const [newer, older] = reads;
  expect(reads).toHaveLength(2);
  expect(newer?.completedAt).toBeLessThan(older?.invokedAt ?? 0);
  expect(Number(newer?.output)).toBeGreaterThan(Number(older?.output));
});

test('the lost update was confirmed before the read began that does not see it', async () => {
  const operations = conflict(await play('quorum-register/lost-update'));
  const read = operations.find(({ input }) => input.type === 'get');
  const lost = operations.filter(
    ({ input, completedAt }) =>
      input.type === 'put' &&
      input['value'] !== read?.output &&
      completedAt !== null &&
      completedAt < (read?.invokedAt ?? 0),
  );
  expect(lost).toHaveLength(1);
});

test('the stale read is answered by the leader that was cut off', async () => {
  const found = await play('raft/stale-read');
  const { world } = found.run;
  const reads = conflict(found).filter(({ input }) => input.type === 'get');
  expect(reads).toHaveLength(1);
  const leaders = world.nodes.filter(
    ({ state }) => state !== null && world.protocol.observe(state).leads,
  );
  expect(leaders).toHaveLength(2);
});

test('without sessions the word that is read twice was asked for once', async () => {
  const [append, read] = conflict(await play('raft/duplicate-request'));
  const [word, text] = [append?.input['value'] as string, read?.output as string];
  expect(text.split(word)).toHaveLength(3);
});

test('a write is read only after its client has given up', async () => {
  const { history } = await play('raft/crashed-writes');
  const isInDoubt = ({ input, outcome }: ClientHistory[number]) =>
    input.type === 'put' && outcome === 'info';
  const written = history.filter(isInDoubt);
  // A client that has begun its next operation has given up the one before.
  const late = written.filter(({ client, input, invokedAt }) => {
    const next = history.find((one) => one.client === client && one.invokedAt > invokedAt);
    const seen = history.find((one) => one.output === input['value']);
    return next !== undefined && (seen?.invokedAt ?? 0) > next.invokedAt;
  });
  const never = written.filter(
    ({ input }) => !history.some(({ output }) => output === input['value']),
  );
  expect(late.length).toBeGreaterThan(0);
  expect(never.length).toBeGreaterThan(0);
});
