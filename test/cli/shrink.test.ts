/** `schism shrink` and `schism mutants`: results, mistakes, interruptions. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, temporaryFolder, tinyScenario } from './harness.ts';

const folder = temporaryFolder();
const figure8 = join(folder, 'figure-8.msgpack');
const shrunk = join(folder, 'figure-8-shrunk.msgpack');

beforeAll(async () => {
  await cli(['scenarios/raft/figure-8.yaml', '-q', '--out', figure8]);
});

interface Shrunk {
  readonly outcome: string;
  readonly before: number;
  readonly after: number;
  readonly steps: readonly { readonly label: string; readonly needed: string }[];
}

describe('schism shrink', () => {
  test('tells each step that is left, and why it is needed', async () => {
    const { code, out } = await cli(['shrink', figure8, '--out', `${folder}/`]);
    expect(code).toBe(0);
    const [, before, after] = /Shrunk (\d+) → (\d+) events/.exec(out) ?? [];
    expect(Number(after)).toBeLessThan(Number(before));
    expect(out).toMatch(/ 1\. n\d election\n +Without it /);
    expect(out).toContain('each of them is needed');
    const replay = await cli(['replay', shrunk]);
    expect(replay.code).toBe(0);
    expect(replay.out).toContain(`${after} events`);
    const run = await cli([shrunk.replace('.msgpack', '.yaml'), '-q', '--no-trace']);
    expect(run.out).toContain('leader-completeness is violated, as the scenario expects');
  });

  test('leaves a shrunk trace as it is', async () => {
    await cli(['shrink', figure8, '--out', `${folder}/`]);
    const { out } = await cli(['shrink', shrunk, '--json', '--out', `${folder}/again/`]);
    const result = JSON.parse(out) as Shrunk;
    expect(result).toMatchObject({ outcome: 'minimal', invariant: 'raft/leader-completeness' });
    expect(result.after).toBe(result.before);
    expect(result.steps).toHaveLength(result.after);
    expect(result.steps.every(({ needed }) => needed !== '')).toBe(true);
  });

  test('has nothing to do where nothing is violated', async () => {
    const scenario = join(folder, 'tiny.yaml');
    writeFileSync(scenario, tinyScenario('seed: 1'));
    const trace = join(folder, 'tiny.msgpack');
    await cli([scenario, '-q', '--out', trace]);
    const { code, err } = await cli(['shrink', trace]);
    expect(code).toBe(2);
    expect(err).toContain('no invariant is violated in this trace: nothing to shrink');
  });

  test('says what is no trace, and what is no number', async () => {
    const wrong = await cli(['shrink', 'scenarios/raft/figure-8.yaml']);
    expect(wrong.code).toBe(2);
    const { code, err } = await cli(['shrink', figure8, '--polish', 'many']);
    expect(code).toBe(2);
    expect(err).toContain('--polish: expected a whole number from 1 to 1,000, found "many"');
  });

  test('keeps the best so far when it is interrupted', async () => {
    const args = ['shrink', figure8, '--polish', '5', '--out', `${folder}/interrupted/`];
    const { code, out } = await cli(args, { interrupt: true });
    expect(code).toBe(130);
    expect(out).toMatch(/Shrunk 35 → \d+ events/);
    const trace = join(folder, 'interrupted', 'figure-8-shrunk.msgpack');
    expect(readFileSync(trace).length).toBeGreaterThan(0);
  });
});

describe('schism mutants', () => {
  test('prints its measurements as JSON in the form that was agreed', async () => {
    const only = 'quorum-half,vote-cleared-checkquorum';
    const args = ['mutants', '--only', only, '--budget', '200ms', '--seeds', '2', '--json'];
    const { code, out } = await cli(args);
    expect(code).toBe(0);
    const number = expect.any(Number) as number;
    expect(JSON.parse(out)).toEqual({
      mutants: [
        {
          id: 'vote-cleared-checkquorum',
          nodes: 3,
          caught: false,
          invariant: null,
          expected: false,
          runs: number,
          events: number,
          cpuMs: number,
          shrunkEvents: null,
          control: true,
        },
        {
          id: 'quorum-half',
          nodes: 3,
          caught: true,
          invariant: 'raft/election-safety',
          expected: true,
          runs: number,
          events: number,
          cpuMs: number,
          shrunkEvents: number,
          control: false,
        },
      ],
      score: 1,
    });
  });

  test('tells people the lengths, the best known one as well', async () => {
    const args = ['mutants', '--only', 'quorum-third', '--budget', '5s', '--seeds', '1'];
    const { code, out } = await cli(args);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ quorum-third {2}5 nodes {2}raft\/election-safety/);
    expect(out).toMatch(/length \d+ → \d+, best known \d+/);
    expect(out).toContain('1 of 1 errors caught');
  });

  test('searches each of the cluster sizes that are large enough for an error', async () => {
    const only = 'quorum-half,quorum-third';
    const args = ['mutants', '--only', only, '--nodes', '3,5', '--budget', '5s', '--seeds', '1'];
    const { code, out } = await cli([...args, '--json']);
    expect(code).toBe(0);
    const { mutants } = JSON.parse(out) as { mutants: { id: string; nodes: number }[] };
    expect(mutants.map(({ id, nodes }) => `${id} ${nodes}`)).toEqual([
      'quorum-third 5',
      'quorum-half 3',
      'quorum-half 5',
    ]);
  });

  test('ends with 3 when an error is not caught within its budget', async () => {
    const args = ['--only', 'vote-componentwise', '--budget', '1ms', '--seeds', '1'];
    const { code, out } = await cli(['mutants', ...args]);
    expect(code).toBe(3);
    expect(out).toContain('✗ vote-componentwise  3 nodes  not caught in ');
    expect(out).toContain('score 0');
  });

  test.each([
    [['--only', 'quorum-hal'], 'there is no mutant "quorum-hal"; did you mean quorum-half?'],
    [['--protocol', 'rafd'], 'there is no protocol "rafd"; did you mean raft?'],
    [['--strategy', 'pcd'], 'there is no strategy "pcd"; did you mean pct?'],
    [['--budget', 'soon'], '--budget: expected a duration'],
    [['--nodes', '0'], '--nodes: expected a whole number from 1 to 100'],
    [['--only', 'quorum-third', '--nodes', '3'], '--nodes: too few; these mutants need at least'],
    [['--seeds', '0'], '--seeds: expected a whole number from 1 to 1,000'],
  ])('answers %j in a sentence', async (args, words) => {
    const { code, out, err } = await cli(['mutants', ...args]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(words);
  });

  test('stops between two blocks when it is interrupted', async () => {
    const { code, out } = await cli(['mutants', '--json'], { interrupt: true });
    expect(code).toBe(130);
    expect(JSON.parse(out)).toEqual({ mutants: [], score: 1 });
  });
});
