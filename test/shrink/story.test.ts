/** What is made of a shrunk run: a schedule in words, a scenario, a strict trace, a story. */
import { describe, expect, test } from 'vitest';
import { timed, World, type Violation } from '../../sim/engine/index.ts';
import {
  applyVariant,
  recordSteps,
  scheduleOf,
  shrink,
  shrunkScenario,
  storyText,
  type Shrunk,
} from '../../sim/shrink/index.ts';
import { followSteps, readTrace } from '../../sim/trace/index.ts';
import { replayPrepared, runScenario } from '../../sim/trace/run-scenario.ts';
import { subject } from '../../sim/property/index.ts';
import { requestFor } from './runs.ts';

/** A vote for n1 in term 1 arrives when n3 leads term 2 already, and n1 counts it there. */
const steps = [
  'n1 election',
  'n2<-n1 RequestVote',
  'n1 election',
  'n3 election',
  'n3 election',
  'n2<-n3 RequestVote',
  'n2<-n3 RequestVote',
  'n3<-n2 RequestVoteReply',
  'n3<-n2 RequestVoteReply',
  'n1<-n2 RequestVoteReply',
].map((identity) => ({ identity }));

const text = scenarioOf('stale-vote-reply', 3);
const { world: config } = subject(text).prepare('1');

/** A cluster that has the error, and nothing left to chance that could be in the way. */
function scenarioOf(mutant: string, nodes: number): string {
  return [
    `name: a Raft that has the error ${mutant}`,
    'protocol: raft',
    `cluster_config: { nodes: ${nodes} }`,
    'disk: { sync_ms: 0 }',
    `mutants: [${mutant}]`,
    'invariants: [raft/election-safety]',
    'seed: 1',
    '',
  ].join('\n');
}

describe('a shrunk run', () => {
  const shrunk = shrunkRun();
  const schedule = scheduleOf(new World(applyVariant(config, shrunk.variant), timed), shrunk.steps);

  test('is a schedule in the fewest words', () => {
    expect(schedule).toMatchInlineSnapshot(`
      [
        "fire n1 election",
        "deliver n2<-n1 RequestVote",
        "fire n1 election",
        "fire n3 election",
        "fire n3 election",
        "deliver n2<-n3 RequestVote term=2 last=0/0",
        "deliver n3<-n2 RequestVoteReply",
        "deliver n1<-n2 RequestVoteReply",
      ]
    `);
  });

  test('is a scenario that does the same and says what it violates', () => {
    const own = shrunkScenario(text, shrunk, schedule ?? [], '1');
    const prepared = subject(own).prepare('1');
    const { violation, script } = runScenario(prepared);
    expect(script).toBeNull();
    expect(violation).toEqual(shrunk.violation);
    expect(prepared.expectation).toEqual({
      type: 'each',
      of: new Map([['raft/election-safety', 'violates']]),
    });
  });

  test('is a trace that replays event by event, and the run of its own scenario', () => {
    const own = shrunkScenario(text, shrunk, schedule ?? [], '1');
    const about = { engine: 'test', file: 'stale.yaml', text: own, mutants: ['stale-vote-reply'] };
    const { bytes } = recordSteps(subject(own).prepare('1').world, shrunk.steps, about);
    const { trace, problem } = readTrace(bytes);
    expect(problem).toBeNull();
    if (trace === null) return;
    expect(replayPrepared(trace, subject(own).prepare('1')).divergence).toBeNull();
    expect(trace.footer?.violation?.event).toBe(trace.events.length - 1);
    expect(runScenario(subject(own).prepare('1')).hash).toBe(trace.footer?.hash);
  });

  test('is a story in which each step has its reason', () => {
    expect(storyText(shrunk)).toMatchInlineSnapshot(`
      "raft/election-safety: n3 and n1 were both elected leader of term 2, 8 of 10 events

      1. n1 election
         Without it steps 2 and 8 cannot happen.
      2. n2<-n1 RequestVote term=1 last=0/0
         Without it the last step cannot happen.
      3. n1 election
         Without it all other steps happen, and nothing is violated.
      4. n3 election
         Without it step 6 has term=1 instead, and 1 more changes.
      5. n3 election
         Without it step 6 has term=1 instead, and 1 more changes.
      6. n2<-n3 RequestVote term=2 last=0/0
         Without it step 7 cannot happen.
      7. n3<-n2 RequestVoteReply term=2 granted=true   ← fact 1
         Without it all other steps happen, and nothing is violated.
      8. n1<-n2 RequestVoteReply term=1 granted=true   ← fact 2, violation
         Without it all other steps happen, and nothing is violated.

      In conflict
        1. n3 became leader of term 2 (step 7)
        2. n1 became leader of term 2 (step 8)

      Without any one of these steps the violation does not happen.
      "
    `);
  });

  test('that was interrupted is a story without reasons', () => {
    const interrupted = shrunkRun(() => true);
    expect(interrupted.steps.every(({ need }) => need === null)).toBe(true);
    expect(storyText(interrupted)).not.toContain('Without');
  });
});

test('a message that a fault repeats is named in words, and is another when its run is', () => {
  const own = scenarioOf('dup-vote-count', 4);
  const { world: four } = subject(own).prepare('1');
  const named = (list: readonly string[]) => list.map((identity) => ({ identity }));
  const repeat = (message: string) => ({
    identity: 'fault repeat',
    fault: { kind: 'repeat', message },
  });
  const all = [
    // The first term is for nothing: without it every message of the run says something else.
    ...named(['n1 election', 'n3 election', 'n1 election', 'n3 election']),
    ...named(['n2<-n1 RequestVote', 'n2<-n1 RequestVote', 'n4<-n3 RequestVote']),
    ...named(['n4<-n3 RequestVote', 'n1<-n2 RequestVoteReply', 'n3<-n4 RequestVoteReply']),
    repeat('n1<-n2 RequestVoteReply'),
    repeat('n3<-n4 RequestVoteReply'),
    ...named(['n1<-n2 RequestVoteReply', 'n1<-n2 RequestVoteReply']),
    ...named(['n3<-n4 RequestVoteReply', 'n3<-n4 RequestVoteReply']),
  ];
  const world = new World(four, timed);
  followSteps(world, all);
  const violation = world.violation as Violation;
  const shrunk = shrink(requestFor(four, { steps: all, violation })) as Shrunk;
  const schedule = scheduleOf(new World(four, timed), shrunk.steps);
  expect(schedule).toMatchInlineSnapshot(`
    [
      "fire n1 election",
      "fire n3 election",
      "deliver n2<-n1 RequestVote",
      "deliver n4<-n3 RequestVote",
      "duplicate n1<-n2 RequestVoteReply",
      "duplicate n3<-n4 RequestVoteReply",
      "deliver n1<-n2 RequestVoteReply",
      "deliver n1<-n2 RequestVoteReply",
      "deliver n3<-n4 RequestVoteReply",
      "deliver n3<-n4 RequestVoteReply",
    ]
  `);
});

function shrunkRun(interrupted = () => false): Shrunk {
  const world = new World(config, timed);
  followSteps(world, steps);
  const violation = world.violation as Violation;
  let asked = 0;
  const request = requestFor(config, { steps, violation });
  // The first question comes before the run is performed at all.
  return shrink({ ...request, interrupted: () => asked++ > 0 && interrupted() }) as Shrunk;
}
