/** Searching where nodes may lie: lies are choices, bounded, told by name, and shrunk. */
import { expect, test } from 'vitest';
import { catalogue } from '../../sim/registry/index.ts';
import { ChoiceClass, Choices, timed, valueOf, type Enabled } from '../../sim/engine/index.ts';
import { catchOf, searchOf, shrinkRequestOf } from '../../sim/property/hunt.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { shrink } from '../../sim/shrink/index.ts';
import {
  defaultPortfolio,
  explore,
  Ground,
  only,
  portfolioFor,
  RandomWalk,
  ScopedBounds,
  weightsOf,
} from '../../sim/search/index.ts';
import { byzantineRounds } from '../../sim/search/portfolio.ts';
import { ByzantineRounds } from '../../sim/search/byzantine-rounds.ts';

const liar = `
name: a leader of four servers may lie
protocol: raft
cluster_config: { nodes: 4 }
network_assumptions: { byzantine: [n2] }
options: { max_entries: 1, snapshot_threshold: 0 }
invariants: [raft/election-safety, raft/log-matching, raft/state-machine-safety]
expect: violates
beyond_tolerance: true
`;
const honest = liar.replace('[n2]', 'false');

function subject(text: string) {
  return subjectOf(text, 'test.yaml', catalogue);
}

/** Plays one run that chooses everything evenly; what was enabled at each step is seen. */
function play(text: string, seed: number, see: (enabled: Enabled) => void): void {
  const { makeWorld, scope } = searchOf(subject(text), { seed: '1' });
  const walk = new RandomWalk(seed, weightsOf({ deliver: 50, timer: 20, client: 10, lie: 30 }));
  const strategy = {
    ...timed,
    order: 'untimed' as const,
    draw: valueOf,
    choose(enabled: Enabled) {
      see(enabled);
      return walk.choose(enabled);
    },
  };
  const ground = new Ground(makeWorld, scope, '1');
  ground.play(ground.copy(0, strategy));
}

function liesIn({ ends }: Enabled): number {
  return (ends[ChoiceClass.lie] as number) - (ends[ChoiceClass.lie - 1] as number);
}

test('where nobody may lie no lie is offered', () => {
  for (let seed = 0; seed < 5; seed++) {
    play(honest, seed, (enabled) => expect(liesIn(enabled)).toBe(0));
  }
});

test('lies are offered about what the liar has sent, until the budget is used up', () => {
  const { makeWorld, scope } = searchOf(subject(liar), { seed: '1' });
  const bounds = new ScopedBounds({ ...scope, lies: 2 });
  const world = makeWorld('1', timed);
  const choices = new Choices(bounds).begin(world);
  let told = 0;
  for (let step = 0; step < 200 && world.violation === null; step++) {
    const start = choices.ends[ChoiceClass.lie - 1] as number;
    const offered = liesIn(choices);
    if (told === 2) expect(offered).toBe(0);
    const mayLie = choices.fromLiars().length > 0 && offered > 0;
    const index = mayLie ? start : choices.count > 0 && choices.ends[0] === 0 ? start - 1 : 0;
    if (mayLie) told++;
    const event = choices.take(Math.max(0, index));
    world.perform(event);
    choices.afterEvent();
  }
  expect(told).toBe(2);
});

test('round plans are an arm only where nodes may lie', () => {
  const names = (isByzantine: boolean) =>
    portfolioFor(defaultPortfolio, { mayLie: isByzantine, promisesProgress: false }).arms.map(
      ({ arm }) => arm.name,
    );
  expect(names(false)).not.toContain('byzantine-rounds');
  expect(names(true)).toContain('byzantine-rounds');
  expect(
    portfolioFor(only(byzantineRounds), { mayLie: false, promisesProgress: true }).arms,
  ).toHaveLength(1);
});

test('a round plan has at most two cuts and one to three lies, the same for the same seed', () => {
  for (let seed = 0; seed < 50; seed++) {
    const plan = new ByzantineRounds(seed);
    const lies = plan.lies.filter((variant) => variant >= 0).length;
    const cuts = plan.cuts.filter((sides) => sides !== 0).length;
    expect(lies).toBeGreaterThan(0);
    expect(lies).toBeLessThanOrEqual(3);
    expect(cuts).toBeLessThanOrEqual(2);
    expect(new ByzantineRounds(seed).lies).toEqual(plan.lies);
  }
});

test.each(['portfolio', 'byzantine-rounds'])('%s finds what one liar does to Raft', (name) => {
  const portfolio = name === 'portfolio' ? defaultPortfolio : only(byzantineRounds);
  const found = explore(searchOf(subject(liar), { seed: '7', portfolio }), { runs: 1024 }).found;
  expect(found).not.toBe(null);
  const again = explore(searchOf(subject(liar), { seed: '7', portfolio }), { runs: 1024 }).found;
  expect(again).toEqual(found);
});

test('of a run full of lies the shrinker keeps those that are needed, made small', () => {
  const hunted = subject(liar);
  const { found } = explore(searchOf(hunted, { seed: '3' }), { runs: 1024 });
  if (found === null) throw new Error('nothing found');
  const shrunk = shrink(shrinkRequestOf(catchOf(hunted, found)));
  const lies = (shrunk?.steps ?? []).filter(({ fault }) => fault?.kind === 'lie');
  expect(shrunk?.isMinimal).toBe(true);
  expect(lies.length).toBeGreaterThan(0);
  expect(lies.every(({ fault }) => fault?.['instead'] === undefined)).toBe(true);
  expect(lies.every(({ need }) => need !== null)).toBe(true);
});
