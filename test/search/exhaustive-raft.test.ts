/** Exhaustive search of Raft: mutants by shortest paths, clean Raft and the controls silent. */
import { describe, expect, test } from 'vitest';
import { raftMutants } from '../../protocols/raft/mutants/index.ts';
import { runPrefix, valueOf, type World } from '../../sim/engine/index.ts';
import { parseStep, type ScriptStep } from '../../sim/scenario/script-grammar.ts';
import { scriptSteps } from '../../sim/scenario/script.ts';
import { exhaustive, type WorldModel, type WorldState } from '../../sim/search/exhaustive.ts';
import { boundedRaft, type RaftBounds } from '../helpers/exhaustive-raft.ts';
import { raftWorld } from '../helpers/raft-world.ts';

/** Mutant, what must be allowed to happen, the invariant, and the length of a shortest path. */
const shortest: readonly (readonly [id: string, RaftBounds, invariant: string, length: number])[] =
  [
    ['quorum-half', {}, 'raft/election-safety', 2],
    ['leader-appends-at-commit', { requests: 1 }, 'raft/leader-append-only', 4],
    ['stale-vote-reply', {}, 'raft/election-safety', 7],
    ['vote-not-persisted', { crashes: 1 }, 'raft/election-safety', 8],
    ['term-not-persisted', { crashes: 1 }, 'raft/election-safety', 8],
    ['vote-skip-log-check', {}, 'raft/leader-completeness', 8],
  ];

describe.each(shortest)('%s', (id, bounds, invariant, length) => {
  const model = boundedRaft({ ...bounds, mutants: [id] });
  const { violation } = exhaustive(model);

  test(`is found in ${length} actions, by ${invariant}`, () => {
    expect(violation?.path).toHaveLength(length);
    expect(model.violationIn(violation?.state as WorldState)?.invariant).toBe(invariant);
  });

  test('is found with no more steps than the script of the bank', () => {
    const script = raftMutants.find((mutant) => mutant.id === id)?.script;
    expect(violation?.steps.length).toBeLessThanOrEqual(script?.steps.length ?? 0);
  });

  test('has a path that is a script: a plain world violates at its last step, not before', () => {
    const steps = violation?.steps ?? [];
    const world = raftWorld({ diskSyncUs: 0, mutants: [id] });
    expect(performAll(world, steps.slice(0, -1))).toBeNull();
    expect(world.violation).toBeNull();
    expect(performAll(world, steps.slice(-1))).toBeNull();
    expect(world.violation?.invariant).toBe(invariant);
  });

  test('is not found within the same bounds and depth in clean Raft', () => {
    const clean = exhaustive(boundedRaft(bounds), { maxDepth: length });
    expect(clean.violation).toBeNull();
  });
});

/** Each is explored whole; what is left out can be said in a few words. */
const silent: readonly (readonly [what: string, RaftBounds])[] = [
  ['clean Raft: two elections', { elections: 2 }],
  ['clean Raft: two elections, a crash, one term', { elections: 2, crashes: 1, terms: 1 }],
  ['clean Raft: two servers, a request, a crash', { nodes: 2, requests: 1, crashes: 1 }],
  [
    'the control vote-cleared-checkquorum: three servers, two elections, a step-down',
    { mutants: ['vote-cleared-checkquorum'], elections: 2, quorumChecks: 1 },
  ],
  [
    'dup-vote-count with three servers, two elections and a repeated message',
    { mutants: ['dup-vote-count'], elections: 2, repeats: 1 },
  ],
  [
    'quorum-third with three servers and two elections',
    { mutants: ['quorum-third'], elections: 2 },
  ],
];

test.each(silent)('%s: no violation, explored completely', (_what, bounds) => {
  const model = boundedRaft({ ...bounds, forgetInert: true });
  const { reason, violation } = exhaustive(model);
  expect({ reason, violation }).toEqual({ reason: 'complete', violation: null });
  expect(model.auditInert()).toBeNull();
});

test('dup-vote-count breaks four servers with two repeated messages, and not with one', () => {
  const bounds = { mutants: ['dup-vote-count'], nodes: 4, terms: 1, elections: 2 };
  const violated = (repeats: number) =>
    exhaustive(boundedRaft({ ...bounds, repeats, forgetInert: true })).violation?.path.length;
  expect(violated(2)).toBe(8);
  expect(violated(1)).toBeUndefined();
});

test('the same bounds give the same counts and the same path', () => {
  const explore = () => exhaustive(boundedRaft({ mutants: ['vote-not-persisted'], crashes: 1 }));
  const [{ violation: first, ...counts }, { violation: second, ...again }] = [explore(), explore()];
  expect(again).toEqual(counts);
  expect(second?.steps).toEqual(first?.steps);
});

describe('reductions', () => {
  const bounds: RaftBounds = { elections: 2, terms: 1, crashes: 1 };

  test('symmetry joins at most six states of three servers, and nearly always six', () => {
    const plain = exhaustive(boundedRaft({ ...bounds, symmetric: false })).distinct;
    const joined = exhaustive(boundedRaft(bounds)).distinct;
    expect(plain / joined).toBeGreaterThan(5.5);
    expect(plain / joined).toBeLessThanOrEqual(6);
  });

  test('depth first with sleep sets visits the same states in fewer steps', () => {
    const plain = { ...bounds, symmetric: false };
    const broad = exhaustive(boundedRaft(plain));
    const deep = exhaustive(boundedRaft(plain), { order: 'depth' });
    expect(deep.distinct).toBe(broad.distinct);
    expect(deep.generated).toBeLessThan(broad.generated);
  });

  test('a renamed schedule leads to a state that counts as the same', () => {
    const model = boundedRaft({ requests: 1, crashes: 1, heartbeats: 1 });
    for (let seed = 0; seed < 30; seed++) {
      const [state, steps] = randomWalk(model, seed, 25);
      const [image] = follow(
        model,
        steps.map((step) => renamed(step, ['n2', 'n3', 'n1'])),
      );
      expect(fingerprint(model, image)).toEqual(fingerprint(model, state));
    }
  });

  test('independent actions commute', () => {
    const model = boundedRaft({ requests: 1, crashes: 1, heartbeats: 1, symmetric: false });
    let pairs = 0;
    for (let seed = 0; seed < 30; seed++) {
      const [state] = randomWalk(model, seed, 15);
      const enabled = actionsOf(model, state);
      for (const a of enabled) {
        for (const b of enabled) {
          if (a >= b || !model.independent(a, b)) continue;
          const ab = then(model, then(model, state, a), b);
          const ba = then(model, then(model, state, b), a);
          expect(ab === null).toBe(ba === null);
          if (ab === null || ba === null) continue;
          expect(fingerprint(model, ab)).toEqual(fingerprint(model, ba));
          pairs++;
        }
      }
    }
    expect(pairs).toBeGreaterThan(200);
  });

  test('a message that is wrongly called inert is noticed', () => {
    // The mutant counts votes of older terms, so the reply of an older term is not inert for it.
    const model = boundedRaft({ mutants: ['stale-vote-reply'], elections: 2, forgetInert: true });
    exhaustive(model);
    expect(model.auditInert()).toMatch(/RequestVoteReply .* still does something/);
  });
});

function performAll(world: World, texts: readonly string[]): string | null {
  const names = { nodes: world.nodeIds.length, clients: 0, regions: [] };
  const steps = texts.map((text): ScriptStep => {
    const step = parseStep(text, names);
    if (typeof step === 'string') throw new Error(`${text}: ${step}`);
    return step;
  });
  const failure = runPrefix(world, scriptSteps(steps, Infinity));
  return failure === null ? null : `${texts[failure.step]}: ${failure.reason}`;
}

function actionsOf(model: WorldModel, state: WorldState): readonly number[] {
  const actions: number[] = [];
  model.actions(state, actions);
  return actions;
}

function then(model: WorldModel, state: WorldState | null, action: number): WorldState | null {
  return state === null ? null : model.next(state, action);
}

function randomWalk(model: WorldModel, seed: number, length: number): [WorldState, string[]] {
  let state = model.initial()[0] as WorldState;
  const steps: string[] = [];
  for (let i = 0; i < length; i++) {
    const actions = actionsOf(model, state);
    const action = actions[valueOf(seed * 1000 + i, actions.length)] as number;
    const next = model.next(state, action);
    if (next === null) continue;
    steps.push(model.describe(state, action).join('; '));
    state = next;
  }
  return [state, steps];
}

/** Takes the actions with these descriptions. */
function follow(model: WorldModel, steps: readonly string[]): [WorldState] {
  let state = model.initial()[0] as WorldState;
  for (const step of steps) {
    const action = actionsOf(model, state).find(
      (candidate) => model.describe(state, candidate).join('; ') === step,
    );
    if (action === undefined) throw new Error(`${step} is not enabled`);
    state = model.next(state, action) as WorldState;
  }
  return [state];
}

/** A step in which the servers have other names. */
function renamed(step: string, names: readonly string[]): string {
  return step.replace(/\bn([1-3])\b/g, (_name, number: string) => names[Number(number) - 1] ?? '');
}

function fingerprint(model: WorldModel, state: WorldState): readonly number[] {
  const print = { high: 0, low: 0 };
  model.fingerprint(state, print);
  return [print.high, print.low];
}
