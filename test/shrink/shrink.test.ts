/** Shrinking: what it keeps, what it takes away, and that nobody needs to trust it. */
import { describe, expect, test } from 'vitest';
import { run, timed, World, type Monitor, type Violation } from '../../sim/engine/index.ts';
import { Plan } from '../../sim/faults/index.ts';
import { isSameKind, polish, shrink, type Shrunk } from '../../sim/shrink/index.ts';
import type { ShrinkRequest } from '../../sim/shrink/index.ts';
import { followSteps, joinParts, readTrace, Recorder, stepOf } from '../../sim/trace/index.ts';
import type { Step } from '../../sim/trace/index.ts';
import { raftWorld } from '../helpers/raft-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';
import { requestFor, violatingRun } from './runs.ts';

/** Mutants of elections, replication and commitment; the first seed from which a walk violates. */
const runs: readonly (readonly [string, number])[] = [
  ['stale-vote-reply', 1],
  ['truncate-on-stale-ae', 5],
  ['prev-index-only', 1],
  ['append-without-conflict-check', 1],
  ['match-regress', 3],
  ['commit-mode-not-median', 2],
  ['commit-beyond-last-new', 1],
];

describe.each(runs)('a run of %s, found from seed %i on', (id, from) => {
  const request = violatingRun(id, { from });
  const shrunk = shrinkOrFail(request);

  test('violates the same invariant with the same kind of witness, at its last step', () => {
    const violation = follow(request, shrunk, shrunk.steps);
    expect(violation).toEqual(shrunk.violation);
    expect(isSameKind(shrunk.violation, request.violation)).toBe(true);
    expect(violation?.event).toBe(shrunk.steps.length - 1);
  });

  test('is never longer than it was', () => {
    expect(shrunk.steps.length).toBeLessThanOrEqual(request.steps.length);
    expect(shrunk.before).toBe(request.steps.length);
  });

  test('needs each of its steps', () => {
    expect(shrunk.isMinimal).toBe(true);
    for (let i = 0; i < shrunk.steps.length; i++) {
      const violation = follow(request, shrunk, shrunk.steps.toSpliced(i, 1));
      expect(violation !== null && isSameKind(violation, request.violation)).toBe(false);
    }
  });

  test('cannot be shrunk any further', () => {
    const { variant, steps } = shrunk;
    const again = shrinkOrFail({ ...request, variant, steps });
    expect(again.steps).toEqual(shrunk.steps);
  });

  test('is shrunk to the same steps every time, at the same cost', () => {
    expect(shrink(request)).toEqual(shrunk);
  });
});

describe('a shrink', () => {
  const request = violatingRun('prev-index-only', { from: 1 });

  test('that is interrupted keeps the best so far, and says that more could go', () => {
    let last = request.steps.length;
    for (const asked of [1, 5, 20, 60, 150]) {
      let count = 0;
      const shrunk = shrinkOrFail({ ...request, interrupted: () => ++count > asked });
      expect(follow(request, shrunk, shrunk.steps)?.invariant).toBe(request.violation.invariant);
      expect(shrunk.steps.length).toBeLessThanOrEqual(last);
      expect(shrunk.isMinimal).toBe(false);
      last = shrunk.steps.length;
    }
    expect(last).toBeLessThan(request.steps.length / 2);
  });

  test('stops when its budget is used up, at most one candidate later', () => {
    const shrunk = shrinkOrFail({ ...request, budget: 500 });
    expect(shrunk.isMinimal).toBe(false);
    expect(shrunk.events).toBeLessThan(500 + 2 * request.steps.length);
  });

  test('reports its progress: never more events than before', () => {
    const lengths: number[] = [];
    const shrunk = shrinkOrFail({ ...request, onProgress: ({ now }) => void lengths.push(now) });
    expect(lengths.length).toBeGreaterThan(3);
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(lengths.at(-1)).toBe(shrunk.steps.length);
  });

  test('refuses steps that do not lead to the violation', () => {
    const { steps } = request;
    expect(shrink({ ...request, steps: steps.slice(0, steps.length - 1) })).toBeNull();
    const other = { ...request.violation, invariant: 'raft/leader-append-only' };
    expect(shrink({ ...request, violation: other })).toBeNull();
  });

  test('replaces clients that wait and retry by what they ask', () => {
    const { variant, steps } = shrinkOrFail(request);
    expect(variant.clients).toBe(0);
    expect(steps.filter(({ identity }) => /^c\d/.test(identity))).toEqual([]);
  });

  test('brings a run of more than 1,000 events with four servers down to fewer than 20', () => {
    const weights = { deliver: 10, client: 2, election: 0.05, timer: 0.5, crash: 0 };
    const long = violatingRun(
      'commit-mode-not-median',
      { from: 20, atLeast: 1000, maxEvents: 3000, weights },
      { nodes: 4, clients: 4 },
    );
    expect(long.steps.length).toBeGreaterThan(1000);
    expect(shrinkOrFail(long).steps.length).toBeLessThan(22);
  });

  test('leaves out servers that are not needed, unless their number is to stay', () => {
    const five = violatingRun('stale-vote-reply', { from: 1 }, { nodes: 5 });
    const { variant, steps } = shrinkOrFail(five);
    expect(variant.nodes).toBe(3);
    const makeWorld: typeof five.makeWorld = (wanted, observer) =>
      wanted.nodes === 5 ? five.makeWorld(wanted, observer) : null;
    const large = shrinkOrFail({ ...five, makeWorld });
    expect(large.variant.nodes).toBe(5);
    expect(large.steps.length).toBeGreaterThan(steps.length);
  });

  test('of several violations keeps the shortest', () => {
    const found = [1, 100, 200].map((from) => violatingRun('prev-index-only', { from }));
    const all = found.map((one) => shrinkOrFail(one).steps.length);
    const polished = polish(found.length, (index) => found[index] ?? null);
    expect(polished?.lengths).toEqual(all);
    expect(polished?.best.steps.length).toBe(Math.min(...all));
  });
});

describe('what chance and time brought about', () => {
  test('a timed run of thousands of events under random faults comes down to a dozen', () => {
    const wanted = {
      seed: 't12',
      mutants: ['commit-mode-not-median'],
      nodes: 5,
      clients: 3,
      network: { lossPpm: 20_000 },
    };
    const faults = survivable.map((fault) => ({
      fault,
      perSecondPpm: 150_000,
      leastUs: 100_000,
      mostUs: 1_500_000,
    }));
    const plan = () => new Plan({ faults, healAtUs: 8_000_000 });
    const parts: Uint8Array[] = [];
    const about = { engine: 'test', file: 'timed.yaml', text: '', mutants: wanted.mutants };
    const recorder = new Recorder(about, timed, (part) => parts.push(part));
    const { strategy } = recorder;
    const world = raftWorld({ ...wanted, director: plan(), observer: recorder, strategy });
    recorder.begin(world);
    recorder.finish(run(world, { untilUs: 10_000_000, maxEvents: 50_000 }).reason);

    const { trace } = readTrace(joinParts(parts));
    const steps = (trace?.events ?? []).map(stepOf);
    expect(steps.length).toBeGreaterThan(2000);
    const { config } = raftWorld({ ...wanted, director: plan() });
    const violation = world.violation as Violation;
    const shrunk = shrinkOrFail(requestFor(config, { steps, violation }));
    expect(shrunk.steps.length).toBeLessThan(15);
    expect(shrunk.variant).toEqual({ nodes: 3, clients: 0, weather: 'calm', instantDisk: true });
  });

  test('stays when chance is taken away: a world in which every message comes twice', () => {
    const wanted = { nodes: 4, network: { duplicatePpm: 300_000, lossPpm: 50_000 } };
    const hunt = { from: 57, maxEvents: 60, weights: { ...electing, crash: 0 } };
    const shrunk = shrinkOrFail(violatingRun('dup-vote-count', hunt, wanted));
    expect(shrunk.variant.weather).toBe('doubled');
    expect(shrunk.isMinimal).toBe(true);
    expect(shrunk.steps.length).toBeLessThan(14);
  });

  test('disks that take time are made instant when the error is not about them', () => {
    const wanted = { diskSyncUs: 500 };
    const shrunk = shrinkOrFail(violatingRun('match-regress', { from: 1 }, wanted));
    expect(shrunk.variant.instantDisk).toBe(true);
    expect(shrunk.steps.some(({ identity }) => identity.endsWith(' disk'))).toBe(false);
  });

  test('disks that take time keep it when the error is about them', () => {
    const wanted = { diskSyncUs: 500 };
    const hunt = { from: 1226, maxEvents: 60, weights: electing };
    const shrunk = shrinkOrFail(violatingRun('vote-reply-before-fsync', hunt, wanted));
    expect(shrunk.variant.instantDisk).toBe(false);
    expect(shrunk.steps.length).toBe(10);
  });

  test('faults that name nodes by their role name them by their own in the end', () => {
    const config = raftWorld({ mutants: ['vote-not-persisted'], diskSyncUs: 0 }).config;
    const [crash, restart] = [
      { kind: 'crash', nodes: ['n2', 'n1'], limit: 2 },
      { kind: 'heal', what: 'all' },
    ];
    const names = ['n1 election', 'n3 election', 'n2<-n1 RequestVote', 'n1<-n2 RequestVoteReply'];
    const after = ['n2<-n3 RequestVote', 'n3<-n2 RequestVoteReply'];
    const faults = [crash, restart].map((fault) => ({ identity: `fault ${fault.kind}`, fault }));
    const identities = (list: readonly string[]): Step[] => list.map((identity) => ({ identity }));
    const steps = [...identities(names), ...faults, ...identities(after)];
    const world = new World(config, timed);
    followSteps(world, steps);
    const violation = world.violation as Violation;
    const shrunk = shrinkOrFail(requestFor(config, { steps, violation }));
    expect(shrunk.steps.flatMap(({ fault }) => fault ?? [])).toEqual([
      { kind: 'crash', nodes: ['n2'] },
      { kind: 'heal', what: 'all' },
    ]);
  });

  test('a violation that is seen only at the end is looked for there', () => {
    const config = raftWorld({ mutants: [], clients: 1, diskSyncUs: 0 }).config;
    const never = {
      ...config,
      invariants: [
        {
          id: 'test/no-second-term',
          title: 'nobody is in term 2 when the run ends',
          source: 'this test',
          create: () => atEnd,
        },
      ],
    };
    const steps = ['n1 election', 'n2 election', 'n3 election', 'n2 election', 'n1 election'].map(
      (identity) => ({ identity }),
    );
    const settle = (world: World) => world.finish();
    const world = new World(never, timed);
    followSteps(world, steps);
    const violation = settle(world) as Violation;
    const shrunk = shrinkOrFail({ ...requestFor(never, { steps, violation }), settle });
    expect(shrunk.steps.map(({ identity }) => identity)).toEqual(['n1 election', 'n1 election']);
  });
});

const electing = { deliver: 6, client: 0, election: 1, timer: 0, crash: 0.6 };

/** Sees at the end whether somebody is in term 2. */
const atEnd: Monitor = {
  afterEvent: () => null,
  atEnd: ({ nodes }) => {
    const late = nodes.some(({ state }) => (state as { currentTerm: number }).currentTerm >= 2);
    return late ? { message: 'somebody is in term 2', facts: [] } : null;
  },
  fork: () => atEnd,
};

function shrinkOrFail(request: ShrinkRequest): Shrunk {
  const shrunk = shrink(request);
  if (shrunk === null) throw new Error('the steps do not lead to the violation');
  return shrunk;
}

/** What the lenient replay of these steps violates in a world like that of the result. */
function follow(
  { makeWorld }: ShrinkRequest,
  { variant }: Shrunk,
  steps: readonly Step[],
): Violation | null {
  const world = makeWorld(variant) as World;
  followSteps(world, steps);
  return world.violation;
}
