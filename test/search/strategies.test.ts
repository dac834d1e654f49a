/** What defines each strategy, seen in its runs. */
import { raftWorld } from '../helpers/raft-world.ts';
import { describe, expect, test } from 'vitest';
import { ChoiceClass, type Enabled, type Strategy } from '../../sim/engine/index.ts';
import {
  abstractState,
  Chance,
  drawCore,
  entryAt,
  Follow,
  Ground,
  ordinaryWeights,
  Pct,
  Pos,
  RandomWalk,
  Rounds,
  swarmPlan,
  TapeStrategy,
  weighted,
} from '../../sim/search/index.ts';
import { raftSearch } from '../helpers/raft-search.ts';

const { makeWorld, scope } = raftSearch();

function ground(): Ground {
  return new Ground(makeWorld, scope, 'strategies');
}

type Look = (choice: number, enabled: Enabled, step: number) => void;

/** Plays one run and looks at each choice. */
function play(strategy: Strategy, look: Look): void {
  const choose = strategy.choose.bind(strategy);
  strategy.choose = (enabled, step) => {
    const choice = choose(enabled, step);
    look(choice, enabled, step);
    return choice;
  };
  const field = ground();
  field.play(field.copy(1, strategy));
}

const all: readonly [string, (seed: number) => Strategy][] = [
  ['random-walk', (seed) => new RandomWalk(seed)],
  ['follow', (seed) => new Follow(seed)],
  ['rounds', (seed) => new Rounds(seed)],
  ['pct', (seed) => new Pct(seed, scope.horizon)],
  ['pos', (seed) => new Pos(seed, scope.horizon)],
];

describe.each(all)('%s', (_name, create) => {
  test('plays the same run for the same seed, and another for another', () => {
    const tapeOf = (seed: number) => {
      const tape: number[] = [];
      play(create(seed), (choice) => tape.push(choice));
      return tape.join();
    };
    expect(tapeOf(7)).toBe(tapeOf(7));
    expect(new Set([1, 2, 3, 4, 5].map(tapeOf)).size).toBe(5);
  });

  test('chooses only what there is', () => {
    for (let seed = 0; seed < 20; seed++) {
      play(create(seed), (choice, { count }) => {
        expect(choice).toBeGreaterThanOrEqual(0);
        expect(choice).toBeLessThan(count);
      });
    }
  });
});

describe('random-walk', () => {
  test('draws classes by their weights and members evenly', () => {
    const ends = new Int32Array([4, 4, 6, 6, 6, 6, 6, 6, 6, 6]);
    const enabled = { ends, count: 6 } as unknown as Enabled;
    const chance = new Chance(3);
    const hits = [0, 0, 0, 0, 0, 0];
    const draws = 60_000;
    for (let i = 0; i < draws; i++) (hits[weighted(enabled, ordinaryWeights, chance)] as number)++;
    const deliver = ordinaryWeights[ChoiceClass.deliver] as number;
    const timer = ordinaryWeights[ChoiceClass.timer] as number;
    const share = deliver / (deliver + timer) / 4;
    for (const hit of hits.slice(0, 4)) expect(hit / draws).toBeCloseTo(share, 1);
    for (const hit of hits.slice(4)) expect(hit / draws).toBeCloseTo((1 - 4 * share) / 2, 1);
  });
});

describe('pct', () => {
  test('changes a priority at most depth - 1 times', () => {
    let most = 0;
    for (let seed = 0; seed < 200; seed++) {
      const strategy = new Pct(seed, scope.horizon);
      play(strategy, () => {});
      expect(strategy.changes).toBeLessThan(strategy.depth);
      most = Math.max(most, strategy.changes);
    }
    expect(most).toBe(4);
  });
});

describe('rounds', () => {
  test('deliver until nothing is on its way when every link is open and no quota is set', () => {
    let actions = 0;
    for (let seed = 0; seed < 60; seed++) {
      let open = true;
      const strategy = new Rounds(seed);
      play(strategy, (choice, { ends }) => {
        const deliveries = ends[ChoiceClass.deliver] as number;
        if (choice < deliveries) return;
        // What begins a round after a round without mask and quota finds nothing on its way.
        if (open && strategy.begun > 1) expect(deliveries).toBe(0);
        open = strategy.isUnhindered;
        actions++;
      });
    }
    expect(actions).toBeGreaterThan(100);
  });

  test('end a run after as many as were asked for', () => {
    const strategy = new Rounds(5, 3);
    let ended = 0;
    play(strategy, (choice) => {
      if (choice < 0) ended++;
    });
    expect(strategy.begun).toBe(3);
    expect(ended).toBe(1);
  });
});

describe('follow', () => {
  test('delivers the newest message more often than any other', () => {
    let [newest, oldest] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      play(new Follow(seed), (choice, { ends }) => {
        const deliveries = ends[ChoiceClass.deliver] as number;
        if (deliveries < 3 || choice >= deliveries) return;
        if (choice === deliveries - 1) newest++;
        if (choice === 0) oldest++;
      });
    }
    expect(newest).toBeGreaterThan(1.5 * oldest);
  });
});

describe('pos', () => {
  test('draws anew for events that race: one choice does not settle all that follow', () => {
    // Without it, two runs of one seed would deliver equal backlogs in one order.
    const orders = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const order: number[] = [];
      play(new Pos(seed, scope.horizon), (choice, { ends }) => {
        if (choice < (ends[ChoiceClass.deliver] as number)) order.push(choice);
      });
      orders.add(order.slice(0, 12).join());
    }
    expect(orders.size).toBeGreaterThan(45);
  });
});

describe('swarm', () => {
  test('leaves every kind of fault out of some runs and has it in others', () => {
    const seen = new Map<string, number>();
    const plans = 200;
    for (let seed = 0; seed < plans; seed++) {
      const kinds = new Set(swarmPlan(5, seed).faults.map(({ fault }) => fault.kind));
      for (const kind of kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    for (const kind of ['crash', 'pause', 'clock-drift', 'loss', 'disk', 'random-partition']) {
      expect(seen.get(kind)).toBeGreaterThan(plans / 4);
      expect(seen.get(kind)).toBeLessThan((3 * plans) / 4);
    }
  });
});

describe('an abstract state', () => {
  test('does not tell nodes apart', () => {
    const field = ground();
    const world = field.copy(1, new RandomWalk(11));
    field.play(world);
    const state = abstractState(world);
    world.nodes.reverse();
    expect(abstractState(world)).toBe(state);
  });

  test('tells worlds apart in which something happened', () => {
    const field = ground();
    const states = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      const world = field.copy(1, new RandomWalk(seed));
      field.play(world);
      states.add(abstractState(world));
    }
    expect(states.size).toBeGreaterThan(30);
  });
});

describe('dice', () => {
  test('fall evenly and by weight', () => {
    const chance = new Chance(1);
    const hits = [0, 0, 0];
    for (let i = 0; i < 9000; i++) (hits[entryAt([1, 2, 6], chance.below(9))] as number)++;
    expect(hits[0]).toBeGreaterThan(850);
    expect(hits[0]).toBeLessThan(1150);
    expect(hits[2]).toBeGreaterThan(5800);
  });

  test('draw a core of a bare majority', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(new Set(drawCore(raftWorld({ nodes: 5 }), new Chance(seed))).size).toBe(3);
      expect(drawCore(raftWorld({ nodes: 4 }), new Chance(seed))).toHaveLength(3);
    }
  });
});

describe('a tape', () => {
  test('plays a run again', () => {
    const tape: number[] = [];
    const field = ground();
    const strategy = new RandomWalk(21);
    const choose = strategy.choose.bind(strategy);
    strategy.choose = (enabled) => {
      const choice = choose(enabled);
      tape.push(choice);
      return choice;
    };
    const first = field.copy(1, strategy);
    field.play(first);
    const again = field.copy(1, new TapeStrategy(tape));
    field.play(again);
    expect(again.counters).toEqual(first.counters);
    expect(again.now).toBe(first.now);
  });
});
