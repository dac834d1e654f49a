/** The same scenario and seed give the same hash under another Node and from the packed package. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { secondNode } from '../../scripts/second-node.mjs';

const root = join(import.meta.dirname, '../..');
const scenarios = ['scenarios/split-brain.yaml', 'scenarios/raft/lossy-reordering-network.yaml'];
const asked = ['--seed', '20260117', '--no-trace', '--json'];
const other = secondNode();

const folder = mkdtempSync(join(tmpdir(), 'schism-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Hashes that a command prints for the scenarios. */
function hashes(program: string, args: readonly string[], cwd: string): string[] {
  const all = [...args, 'run', ...scenarios, ...asked];
  const text = execFileSync(program, all, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return (JSON.parse(text) as { hash: string }[]).map(({ hash }) => hash);
}

const here = () => hashes(process.execPath, ['--import', 'tsx', 'sim/cli/main.ts'], root);

describe('the hash of a run', () => {
  if (other === null) console.log('NOTICE: no second Node (npm run second-node): test skipped');
  test.skipIf(other === null)('is the same under another version of Node', () => {
    // Node 24 reads TypeScript without tsx, so this also shows that types alone are stripped.
    expect(hashes(other as string, ['--import', 'tsx', 'sim/cli/main.ts'], root)).toEqual(here());
  });

  test('is the same from the compiled package, installed in an empty folder', (context) => {
    const npm = (args: readonly string[], cwd: string) =>
      execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    npm(['pack', '--pack-destination', folder, '--loglevel', 'error'], root);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    expect(tarball).toMatch(/^schism-/);
    npm(['init', '-y'], folder);
    try {
      npm(
        ['install', '--no-audit', '--no-fund', '--fetch-retries=1', join(folder, tarball)],
        folder,
      );
    } catch (error) {
      console.log(
        `NOTICE: no registry to install dependencies from: test skipped (${String(error)})`,
      );
      context.skip();
    }
    cpSync(join(root, 'scenarios'), join(folder, 'scenarios'), { recursive: true });
    const installed = join(folder, 'node_modules/.bin/schism');
    expect(hashes(installed, [], folder)).toEqual(here());
  });
});
