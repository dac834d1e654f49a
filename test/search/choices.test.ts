/** The list of what may happen next is kept up to date, and is what a fresh look would find. */
import { describe, expect, test } from 'vitest';
import { ChoiceClass, Choices, enabled, run, type World } from '../../sim/engine/index.ts';
import { ordinaryFaults, Plan, planParts } from '../../sim/faults/index.ts';
import { defaultScope, RandomWalk, ScopedBounds } from '../../sim/search/index.ts';
import { raftWorld } from '../helpers/raft-world.ts';

const forever = Number.MAX_SAFE_INTEGER;

/** Calls `look` before each choice of a random walk. */
function walk(
  world: World,
  steps: number,
  seed: number,
  choices: Choices,
  look: (world: World) => void,
): void {
  const strategy = new RandomWalk(seed);
  const choose = strategy.choose.bind(strategy);
  strategy.choose = (all) => {
    look(fork);
    return choose(all);
  };
  const fork = world.fork(strategy);
  run(fork, { untilUs: forever, maxEvents: steps }, choices);
}

function listed(list: ReturnType<typeof enabled>): unknown[] {
  return Array.from({ length: list.count }, (_, i) => [
    list.classAt(i),
    list.actor(i),
    list.at(i)?.id ?? null,
  ]);
}

describe('the choices of a world', () => {
  test.each([1, 2, 3, 4])('are what a fresh look finds, after every event (seed %i)', (seed) => {
    const faults = ordinaryFaults(5, planParts, 1);
    const world = raftWorld({
      seed: `choices ${seed}`,
      nodes: 5,
      clients: 2,
      director: new Plan({ faults, healAtUs: 6_000_000 }),
    });
    const choices = new Choices();
    let looks = 0;
    walk(world, 600, seed, choices, (now) => {
      const kept = listed(choices);
      const { watcher } = now.schedule;
      expect(kept).toEqual(listed(enabled(now)));
      now.schedule.watcher = watcher;
      looks++;
    });
    expect(looks).toBe(600);
  });

  test('stay within the budgets of a scope', () => {
    const scope = { ...defaultScope, crashes: 2, drops: 1, duplicates: 3, partitions: 1 };
    const kinds = new Map<string, number>();
    for (let seed = 0; seed < 30; seed++) {
      const own = new Map<string, number>();
      const count = (kind: string) => own.set(kind, (own.get(kind) ?? 0) + 1);
      const world = raftWorld({ seed: 'budgets' });
      const strategy = new RandomWalk(seed);
      const fork = world.fork(strategy);
      fork.observer = {
        beforeEvent: ({ payload }) => {
          if (payload !== null && 'kind' in payload) count(payload.kind as string);
        },
        afterEvent: () => {},
      };
      run(fork, { untilUs: forever, maxEvents: 300 }, new Choices(new ScopedBounds(scope)));
      expect(own.get('crash') ?? 0).toBeLessThanOrEqual(scope.crashes);
      expect(own.get('lose') ?? 0).toBeLessThanOrEqual(scope.drops);
      expect(own.get('repeat') ?? 0).toBeLessThanOrEqual(scope.duplicates);
      expect((own.get('partition') ?? 0) + (own.get('one-way') ?? 0)).toBeLessThanOrEqual(1);
      expect(own.get('request') ?? 0).toBeLessThanOrEqual(scope.operations);
      for (const [kind, times] of own) kinds.set(kind, (kinds.get(kind) ?? 0) + times);
    }
    const all = ['crash', 'heal', 'lose', 'one-way', 'partition', 'repeat', 'request', 'restart'];
    expect([...kinds.keys()].toSorted((a, b) => a.localeCompare(b))).toEqual(all);
  });

  test('let nobody but leaders fire timers once the highest epoch is reached', () => {
    const scope = { ...defaultScope, maxEpoch: 3 };
    let reached = 0;
    for (let seed = 0; seed < 20; seed++) {
      const world = raftWorld({ seed: 'epochs' }).fork(new RandomWalk(seed));
      run(world, { untilUs: forever, maxEvents: 300 }, new Choices(new ScopedBounds(scope)));
      const epochs = world.nodes.map(({ state }) =>
        state === null ? 0 : world.protocol.observe(state).epoch,
      );
      reached = Math.max(reached, ...epochs);
    }
    expect(reached).toBe(3);
  });

  test('begin with the oldest message', () => {
    const choices = new Choices();
    let looks = 0;
    walk(raftWorld({ seed: 'benign' }), 200, 9, choices, () => {
      if ((choices.ends[ChoiceClass.deliver] as number) === 0) return;
      const ids = Array.from(
        { length: choices.ends[ChoiceClass.deliver] as number },
        (_, i) => choices.delivery(i).id,
      );
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      looks++;
    });
    expect(looks).toBeGreaterThan(100);
  });
});
