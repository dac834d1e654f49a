/**
 * The README quotes examples: each is a file of this repository, and prints what the README says.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { reportingTo, schedules, subject } from '../../sim/property/index.ts';
import * as lock from '../examples/lock.ts';

const readme = readFileSync('README.md', 'utf8');

/** A file as somebody writes it who has installed Schism; without the sentence at its top. */
function asInstalled(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/^\/\*\*.*\*\/\n/, '')
    .replaceAll(/'\.\.\/\.\.\/(?:sim|invariants)\/(\w+)\/index\.ts'/g, "'schism/$1'");
}

test('the test of a protocol of your own is quoted as it is, and has about 20 lines', () => {
  const example = asInstalled('test/examples/lock.test.ts');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
});

test('a failed property prints what the README shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'schism-readme-'));
  const scenario = {
    protocol: './test/examples/lock.ts',
    cluster_config: { nodes: 3 },
    options: { lease: true },
  };
  const safe = fc.property(schedules(subject(scenario, lock)), (run) => run.holds());
  let said = '';
  try {
    fc.assert(safe, { seed: 1, reporter: reportingTo(folder) });
  } catch (error) {
    said = (error as Error).message.replaceAll(folder, 'out');
  } finally {
    rmSync(folder, { recursive: true });
  }
  const block = /(?<=prints:\n\n```text\n)[\s\S]*?(?=```)/;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(
      'README.md',
      readme.replace(block, () => `${said}\n`),
    );
    return;
  }
  expect(`${said}\n`).toBe(block.exec(readme)?.[0]);
});
