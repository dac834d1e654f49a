/** Byzantine nodes: every behaviour shows, every lie has a name, no signature is forged. */
import { describe, expect, test } from 'vitest';
import { fingerprintText, run, signAs, timed, type World } from '../../sim/engine/index.ts';
import { behaviourNames, behaviours, type BehaviourName } from '../../sim/faults/index.ts';
import { oathState, oathWorld, type Heard, type OathRun } from '../helpers/oath.ts';

const correct = [0, 2, 3];

function play(run_: OathRun, ms = 2000): OathRun {
  run(run_.world, { untilUs: ms * 1000, maxEvents: 1_000_000 });
  return run_;
}

/** Lies that were told, in the manner of one behaviour. */
function lies({ faults }: OathRun, how?: string): number {
  const told = faults.filter((done) => done.kind === 'lie' && !('skipped' in done));
  return told.filter((done) => how === undefined || done['how'] === how).length;
}

/** What correct nodes have heard of n2. */
function heardOf2(world: World, node: number): Heard[] {
  return oathState(world, node).heard.filter(({ from }) => from === 'n2');
}

function refused(world: World): number {
  return correct.reduce((sum, node) => sum + oathState(world, node).refused, 0);
}

/** Whether n2 said one digest for each sequence number to everybody, as a correct node does. */
function isConsistent(world: World): boolean {
  const digests = new Map<string, string>();
  return correct
    .flatMap((node) => heardOf2(world, node))
    .every(({ view, sequence, digest }) => {
      const place = `${view}/${sequence}`;
      const known = digests.get(place) ?? digest;
      digests.set(place, known);
      return known === digest;
    });
}

test('without a liar nothing is refused and everybody hears the same', () => {
  const { world } = play(oathWorld({ seed: 'honest', behaviours: ['collude'], liars: [] }));
  expect(refused(world)).toBe(0);
  expect(isConsistent(world)).toBe(true);
  expect(heardOf2(world, 0)).toHaveLength(78);
});

const spoken = behaviourNames.filter(
  (name) => !['amnesia', 'twins', 'collude', 'own'].includes(name),
);

describe.each(spoken)('%s', (name) => {
  test('is told by name, and ends with a heal', () => {
    const liar = play(oathWorld({ seed: `shows ${name}`, behaviours: [name], ppm: 500_000 }));
    expect(lies(liar, name)).toBeGreaterThan(5);
    liar.world.perform(liar.world.scheduleFault(liar.world.now, { kind: 'heal', what: 'liars' }));
    const before = lies(liar);
    play(liar, 3000);
    expect(lies(liar)).toBe(before);
    expect(behaviours[name].title).not.toBe('');
  });
});

/** Lies that a liar signs itself are believed; these need somebody else's secret. */
const refusedKinds: readonly BehaviourName[] = ['forge', 'partial-mac'];
const believedKinds: readonly BehaviourName[] = [
  'equivocate',
  'corrupt',
  'replay',
  'old-value',
  'flood',
  'double-vote',
];

test.each(refusedKinds)('%s is refused by whoever verifies', (name) => {
  const { world } = play(oathWorld({ seed: `refused ${name}`, behaviours: [name] }));
  expect(refused(world)).toBeGreaterThan(5);
  expect(isConsistent(world)).toBe(true);
});

test.each(believedKinds)('%s is signed with the secret of the liar, and believed', (name) => {
  const liar = play(oathWorld({ seed: `believed ${name}`, behaviours: [name] }));
  const all = correct.flatMap((node) => heardOf2(liar.world, node));
  const honest = ({ view, sequence, digest }: Heard) =>
    view === Math.floor(sequence / 10) && digest === `d${sequence}`;
  const repeated = all.length > new Set(all.map((heard) => JSON.stringify(heard))).size * 3;
  expect(all.some((heard) => !honest(heard)) || repeated || name === 'replay').toBe(true);
});

test('an equivocating node says one thing to half of the others, another to the rest', () => {
  const { world, faults } = play(oathWorld({ seed: 'two stories', behaviours: ['equivocate'] }));
  expect(isConsistent(world)).toBe(false);
  const to = faults.find(({ kind }) => kind === 'byzantine')?.['to'] as readonly string[];
  expect(to).toHaveLength(2);
  const stories = correct.map((node) => {
    const told = heardOf2(world, node).filter(({ type, sequence }) => {
      return type === 'Oath' && sequence > 6 && sequence < 30;
    });
    return told.map(({ view, sequence, digest }) => `${view} ${sequence} ${digest}`);
  });
  const hearsOther = correct.map((node) => to.includes(`n${node + 1}`));
  const other = stories.filter((_, i) => hearsOther[i] === true);
  const truth = stories.find((_, i) => hearsOther[i] === false);
  expect(other[0]).toEqual(other[1]);
  expect(other[0]).not.toEqual(truth);
});

test('a colluder signs for those it colludes with; others cannot', () => {
  for (const together of [true, false]) {
    const behaviour: readonly BehaviourName[] = together ? ['own', 'collude'] : ['own'];
    const attempts: (object | null)[] = [];
    const liar = oathWorld({
      seed: 'together',
      behaviours: behaviour,
      liars: ['n2', 'n3'],
      ppm: 1_000_000,
      own: (message, { sign, self }) => {
        const friend = self === 'n2' ? 'n3' : 'n2';
        attempts.push(sign(friend, { any: 'thing' }), sign('n1', { any: 'thing' }));
        return [message];
      },
    });
    play(liar, 400);
    const [friends, strangers] = [
      attempts.filter((_, i) => i % 2 === 0),
      attempts.filter((_, i) => i % 2 === 1),
    ];
    expect(strangers.every((signature) => signature === null)).toBe(true);
    expect(friends.every((signature) => (signature !== null) === together)).toBe(true);
    expect(friends.length).toBeGreaterThan(0);
  }
});

test("the protocol's own lies replace its messages", () => {
  const liar = oathWorld({
    seed: 'own lies',
    behaviours: ['own'],
    own: (message) => [{ ...message, sequence: 4711 } as typeof message],
  });
  const { world } = play(liar);
  expect(heardOf2(world, 0).some(({ sequence }) => sequence === 4711)).toBe(true);
});

test('a lie cannot bring a signature that its owner has never made in this run', () => {
  const { world } = oathWorld({ seed: 'no such oath', behaviours: ['collude'] });
  run(world, { untilUs: 51_000, maxEvents: 1000 });
  const statement = { view: 9, sequence: 99, digest: 'd99' };
  // What n3 would sign if it ever came so far: nobody but n3 can know it now.
  const signature = signAs(world, 'n3', statement);
  const message = 'n1<-n2 ViewChange';
  const instead = {
    type: 'ViewChange',
    ...statement,
    signature,
    proofs: [{ ...statement, signature }],
  };
  world.perform(world.scheduleFault(world.now, { kind: 'lie', how: 'forge', message, instead }));
  run(world, { untilUs: 70_000, maxEvents: 1000 });
  expect(oathState(world, 0).refused).toBe(1);
});

test('a delayed message comes just before the timeout of its receiver, or just behind it', () => {
  const { world } = play(oathWorld({ seed: 'late', behaviours: ['delay'] }), 1000);
  const { heard, at } = oathState(world, 0);
  const late = at.filter((_, i) => heard[i]?.from === 'n2' && (heard[i]?.sequence ?? 0) > 6);
  expect(late.length).toBeGreaterThan(10);
  const edges = late.map((ms) => Math.min(...[50, 80].map((every) => toEdge(ms, every))));
  expect(edges.every((distance) => distance <= 0.0011)).toBe(true);
});

function toEdge(ms: number, every: number): number {
  return Math.abs(ms - Math.round(ms / every) * every);
}

test('amnesia leaves nothing on the disk, and the node goes on', () => {
  const liar = oathWorld({ seed: 'forgets', behaviours: ['amnesia'] });
  play(liar);
  const forgot = liar.faults.filter(({ kind }) => kind === 'amnesia').length;
  expect(forgot).toBeGreaterThan(0);
  expect(liar.world.nodes[1]?.incarnation).toBe(forgot);
  expect(oathState(liar.world, 1).sequence).toBeLessThan(oathState(liar.world, 0).sequence);
});

test('twins with one identity drift apart and contradict each other', () => {
  const liar = oathWorld({ seed: 'twins', behaviours: ['twins'] });
  play(liar);
  const { twin, state } = liar.world.nodes[1] as { twin: { state: object } | null; state: object };
  expect(twin).not.toBe(null);
  expect(twin?.state).not.toEqual(state);
  const numbers = heardOf2(liar.world, 0).filter(({ type }) => type === 'Oath');
  expect(new Set(numbers.map(({ sequence }) => sequence)).size).toBeLessThan(numbers.length);
  expect(refused(liar.world)).toBe(0);
});

test('the same seed tells the same lies, and a fork goes on with the same ones', () => {
  const all = behaviourNames.filter((name) => name !== 'silent');
  const make = () => oathWorld({ seed: 'again', behaviours: all, liars: ['n2', 'n4'] });
  const [one, other] = [play(make(), 800), play(make(), 800)];
  const child = other.world.fork(timed);
  expect(other.faults).toEqual(one.faults);
  play(one, 1500);
  run(child, { untilUs: 1_500_000, maxEvents: 1_000_000 });
  expect(fingerprintText(child)).toBe(fingerprintText(one.world));
  play(other, 1500);
  expect(other.faults).toEqual(one.faults);
});

test('a lie about a message that is not on its way, or that changes nothing, is skipped', () => {
  const { world, faults } = oathWorld({ seed: 'skipped', behaviours: ['collude'] });
  run(world, { untilUs: 51_000, maxEvents: 1000 });
  const tell = (lie: object) => {
    const action = { kind: 'lie', how: 'corrupt', ...lie };
    world.perform(world.scheduleFault(world.now, action));
    return faults.at(-1)?.['skipped'];
  };
  expect(tell({ message: 'n1<-n2 Nothing', field: 'view', add: 1 })).toBe('it is not on its way');
  expect(tell({ message: 'n1<-n2 Oath', field: 'veiw', add: 1 })).toBe('it has no such field');
  expect(tell({ message: 'n1<-n2 Oath', field: 'view', add: 0 })).toBe('it says nothing else');
  expect(tell({ message: 'n1<-n2 Oath view=0', field: 'view', add: 1 })).toBe(undefined);
});
