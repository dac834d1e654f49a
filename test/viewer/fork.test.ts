/** Forks: the same seed with other messages; what they export is the same run again. */
import { expect, test } from 'vitest';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { packageVersion } from '../../sim/registry/version.ts';
import { identityOf, readTrace, type Trace } from '../../sim/trace/index.ts';
import { replayPrepared, runScenario } from '../../sim/trace/run-scenario.ts';
import type { Edit, Onward } from '../../sim/viewer/fork/edit.ts';
import { answer } from '../../sim/viewer/fork/fork.ts';
import type { ForkDone } from '../../sim/viewer/fork/request.ts';
import { museum, recorded, scenarioText } from './examples.ts';

function wholeTrace(bytes: Uint8Array): Trace {
  const { trace, problem } = readTrace(bytes);
  expect(problem).toBeNull();
  return trace as Trace;
}

function forkAt({ header, start, events }: Trace, at: number, edits: Edit[], onward: Onward) {
  const before = events.slice(0, at + 1);
  const after = events.slice(at + 1);
  return answer({ type: 'fork', header, start, before, edits, onward, after }, packageVersion());
}

/** The fork's own trace, after it has been run again by its names with nothing different. */
async function replayed(done: ForkDone): Promise<Trace> {
  const trace = wholeTrace(done.bytes);
  const { scenario, seed } = trace.header;
  const opened = await openScenario(scenario.text, scenario.file, catalogue);
  if (!opened.ok) throw new Error('the scenario of the fork cannot be used');
  const report = replayPrepared(trace, opened.open.prepare(seed));
  expect(report.divergence).toBeNull();
  expect(report.hash).toBe(done.hash);
  return trace;
}

/** The hash of a run of the exported scenario. */
async function hashOfYaml({ yaml }: ForkDone): Promise<string> {
  const opened = await openScenario(yaml ?? '', 'fork.yaml', catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const { open } = opened;
  const run = runScenario(open.prepare(String(open.scenario.seed)));
  expect(run.script).toBeNull();
  return run.hash;
}

function done(result: ReturnType<typeof answer>): ForkDone {
  if (result.type === 'failed') throw new Error(result.problem);
  return result;
}

const splitBrain = recorded(scenarioText('split-brain'), '42').then(wholeTrace);

test('a fork without edits is the run itself', async () => {
  const trace = await splitBrain;
  const result = done(forkAt(trace, 700, [], 'run'));
  expect(result.hash).toBe(trace.footer?.hash);
  expect(await hashOfYaml(result)).toBe(result.hash);
});

test.each<[string, (trace: Trace) => Edit[]]>([
  ['drop', ({ events }) => [{ type: 'drop', event: nextMessage(events, 500) }]],
  ['duplicate', ({ events }) => [{ type: 'duplicate', event: nextMessage(events, 500) }]],
  ['deliver', ({ events }) => [{ type: 'deliver', event: nextMessage(events, 500) }]],
  ['delay', ({ events }) => [{ type: 'delay', event: nextMessage(events, 500), byUs: 70_000 }]],
  ['crash', () => [{ type: 'crash', node: 'n1' }]],
  ['pause and resume', () => ['pause', 'resume'].map((type) => ({ type, node: 'n2' }) as Edit)],
  ['cut', () => [{ type: 'cut', sides: [['n1'], ['n2', 'n3', 'n4', 'n5']] }]],
])('after %s the run goes another way, and replays with the same hash', async (_name, edits) => {
  const trace = await splitBrain;
  const result = done(forkAt(trace, 500, edits(trace), 'run'));
  expect(result.hash).not.toBe(trace.footer?.hash);
  expect(result.violation).toBeNull();
  const forked = await replayed(result);
  expect(forked.events.slice(0, 501)).toEqual(trace.events.slice(0, 501));
  expect(await hashOfYaml(result)).toBe(result.hash);
});

/** The last message that was on its way at a step and arrived later. */
function nextMessage(events: Trace['events'], step: number): string {
  const found = events.find(
    ({ kind, index, cause = -1 }) => kind === 'message' && index > step + 1 && cause <= step,
  );
  if (found === undefined) throw new Error('no message is on its way');
  return identityOf(found);
}

test('without the vote that decided it the violation of Figure 8 is gone', async () => {
  const trace = wholeTrace(await recorded(scenarioText('raft/figure-8'), '1'));
  const violation = trace.footer?.violation;
  expect(violation?.invariant).toBe('raft/leader-completeness');
  const last = trace.events[violation?.event ?? 0];
  const edit: Edit = { type: 'drop', event: identityOf(last as (typeof trace.events)[0]) };
  const result = done(forkAt(trace, (violation?.event ?? 0) - 1, [edit], 'follow'));
  expect(result.violation).toBeNull();
  await replayed(result);
  expect(await hashOfYaml(result)).toBe(result.hash);
});

test('a run that a search had steered can be forked and replayed', async () => {
  const trace = wholeTrace(museum('vote-not-persisted'));
  const at = trace.events.length - 2;
  const result = done(forkAt(trace, at, [{ type: 'crash', node: 'n1' }], 'follow'));
  await replayed(result);
});

test('an edit that cannot be made says why, and nothing is run', async () => {
  const trace = await splitBrain;
  const result = forkAt(trace, 20, [{ type: 'drop', event: 'n1<-n2 Vote#00000000' }], 'run');
  const problem = 'cannot drop n1<-n2 Vote: it is not on its way at this step';
  expect(result).toEqual({ type: 'failed', problem });
});

test('the run of a module that the page was built without is only shown', async () => {
  const trace = await splitBrain;
  const text = trace.header.scenario.text.replace('protocol: raft', 'protocol: ./mine.ts');
  const header = { ...trace.header, scenario: { ...trace.header.scenario, text } };
  const result = forkAt({ ...trace, header }, 20, [], 'run');
  expect(result).toMatchObject({ type: 'failed', problem: expect.stringContaining('./mine.ts') });
});

test('a scenario that somebody has edited runs, or says what is wrong with it', () => {
  const text = scenarioText('raft/basic-election');
  const run = { type: 'run', file: 'a.yaml', seed: '7' } as const;
  const good = done(answer({ ...run, text }, packageVersion()));
  expect(wholeTrace(good.bytes).footer?.hash).toBe(good.hash);
  const bad = answer({ ...run, text: text.replace('protocol: raft', 'protocol: raf') }, '1');
  expect(bad).toMatchObject({ type: 'failed', problem: expect.stringContaining('raft') });
});
