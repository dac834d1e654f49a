/** Scripts: what each step does to a world, and what a step that cannot be done says. */
import { expect, test } from 'vitest';
import { catalogue } from '../../sim/registry/index.ts';
import { eventLabel, runPrefix, timed, World, type PendingEvent } from '../../sim/engine/index.ts';
import { formatProblems, loadScenario, prepare } from '../../sim/scenario/index.ts';

/** Performs steps on three fresh Raft servers whose disks are immediate. Seed: script. */
function perform(steps: readonly string[]): { world: World; failure: string | null } {
  const lines = steps.map((step) => `  - ${step}`).join('\n');
  const text = [
    'name: a script of a test',
    'protocol: raft',
    'cluster_config: { nodes: 3 }',
    'disk: { sync_ms: 0 }',
    `schedule:\n${lines}`,
  ].join('\n');
  const loaded = loadScenario(text, { file: 'script.yaml', catalogue });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const { world: config, prefix } = prepare(loaded.scenario, { seed: 'script', catalogue });
  const world = new World(config, timed);
  const failure = runPrefix(world, prefix);
  return { world, failure: failure === null ? null : `${failure.step}: ${failure.reason}` };
}

function pending(world: World): string[] {
  const events: PendingEvent[] = [];
  world.schedule.each((event) => events.push(event));
  return events
    .toSorted((a, b) => a.id - b.id)
    .map((event) => eventLabel(world, event))
    .filter((label) => label.includes('<-'));
}

function leads(world: World): string[] {
  const { protocol, nodes } = world;
  return nodes
    .filter(({ state }) => state !== null && protocol.observe(state).leads)
    .map(({ id }) => id);
}

const requests = ['n2<-n1 RequestVote term=1 last=0/0', 'n3<-n1 RequestVote term=1 last=0/0'];

test('a timer that is fired and messages that are delivered elect whom the script wants', () => {
  const { world, failure } = perform([
    'fire n3 election',
    'deliver n1<-n3 RequestVote',
    'deliver n3<-n1 RequestVoteReply',
  ]);
  expect(failure).toBe(null);
  expect(leads(world)).toEqual(['n3']);
});

test('the name of an event alone performs it', () => {
  const { world, failure } = perform(['n1 election', 'n2<-n1 RequestVote term=1']);
  expect(failure).toBe(null);
  expect(pending(world)).toContain('n1<-n2 RequestVoteReply term=1 granted=true');
});

test('a dropped message never arrives', () => {
  const { world } = perform(['fire n1 election', 'drop n2<-n1 RequestVote']);
  expect(pending(world)).toEqual(requests.slice(1));
});

test('a duplicate arrives besides the message itself', () => {
  const { world } = perform(['fire n1 election', 'duplicate n2<-n1 RequestVote']);
  expect(pending(world)).toEqual([...requests, requests[0]]);
});

test('a held message waits while time passes, and can still be delivered by name', () => {
  const passing = ['fire n1 election', 'run 50ms'];
  expect(pending(perform(passing).world)).not.toContain(requests[0]);
  const held = ['fire n1 election', 'hold n2<-n1 RequestVote', 'run 50ms'];
  expect(pending(perform(held).world)).toContain(requests[0]);
  const { world, failure } = perform([...held, 'deliver n2<-n1 RequestVote']);
  expect(failure).toBe(null);
  expect(pending(world)).not.toContain(requests[0]);
});

test('a held message that nobody delivered is released when the script ends', () => {
  const { world } = perform(['fire n1 election', 'hold n2<-n1 RequestVote', 'run 50ms']);
  const held = pending(world).filter((label) => label.startsWith(requests[0] ?? ''));
  expect(held).toEqual([requests[0]]);
  const before = world.now;
  const event = world.next();
  expect(event === null ? '' : eventLabel(world, event)).toBe(requests[0]);
  expect(world.nextTime()).toBe(before);
});

test('a script runs until a condition holds, and no further', () => {
  const { world, failure } = perform(['run until leader elected']);
  expect(failure).toBe(null);
  expect(leads(world)).toHaveLength(1);
  expect(world.now).toBeLessThan(1_000_000);
});

test('a condition that does not come true before the end of the run is said so', () => {
  expect(perform(['run until epoch 99']).failure).toBe(
    '0: the condition does not hold before 10s, the end of the run',
  );
});

test('faults happen at once, between the steps', () => {
  const { world } = perform(['run until leader elected', 'crash n1', 'isolate n2', 'run 10ms']);
  expect(world.nodes.map(({ status }) => status)).toEqual(['down', 'up', 'up']);
  expect(perform(['crash n1', 'restart n1']).world.nodes[0]?.incarnation).toBe(1);
});

test('a request of the script reaches the log of the leader', () => {
  const { world } = perform([
    'fire n1 election',
    'deliver n2<-n1 RequestVote',
    'deliver n1<-n2 RequestVoteReply',
    'request n1 put x 1',
    'run 100ms',
  ]);
  const [n1] = world.nodes;
  expect(
    n1?.state === null || n1 === undefined ? 0 : world.protocol.observe(n1.state).decided,
  ).toBe(2);
});

test('a step that cannot be done says what could have been', () => {
  const script = ['fire n1 election', 'deliver n2<-n1 RequestVotes'];
  expect(perform(script).failure).toBe(
    '1: "n2<-n1 RequestVotes" is not pending; did you mean "n2<-n1 RequestVote"?; ' +
      'at n2 pending: n2 election · n2<-n1 RequestVote term=1 last=0/0',
  );
});
