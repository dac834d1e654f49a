/** The README cannot lie: what it shows of a command is what the command prints. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'README.md');
const text = readFileSync(file, 'utf8');

/** A console block: a command behind `$ `, then its output up to the end of the block. */
const block = /```console\n\$ npm run sim -- ([^\n]+)\n([\s\S]*?)```/g;
/** A picture: the command that draws it is the last one in the sentence before. */
const picture = /`npm run sim -- (trace export [^`]+)` draws:\n\n```mermaid\n([\s\S]*?)```/g;
const shown = [...text.matchAll(block), ...text.matchAll(picture)].map(
  ([whole, command = '', output = '']) => ({ whole, command, output }),
);

/** `…` on a line of its own stands for any number of lines. */
const anyLines = '…\n';

function outputOf(command: string): string {
  const args = ['--import', 'tsx', 'sim/cli/main.ts', ...command.split(' ')];
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return stdout;
}

/** The block as it should read: the shown lines where they are shortened, the real output else. */
function matches(wanted: string, real: string): boolean {
  const escape = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = wanted.split(anyLines).map(escape).join('(?:[^\\n]*\\n)+?');
  return new RegExp(`^${pattern}$`).test(real);
}

describe('the README', () => {
  test('shows the two commands of a newcomer on its first screen', () => {
    const screen = text.split('\n').slice(0, 24).join('\n');
    expect(screen).toContain('npm install && npm run sim -- scenarios/split-brain.yaml');
    expect(screen).toContain('npm test');
  });

  test('links to nothing that is not there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('shows at least three commands with their output', () => {
    expect(shown.length).toBeGreaterThanOrEqual(3);
  });

  test.each(shown)('shows what `npm run sim -- $command` prints', ({ whole, command, output }) => {
    const real = outputOf(command);
    expect(real, 'it prints nothing: are the files there that it reads?').not.toBe('');
    if (process.env['UPDATE_GOLDEN'] === '1' && !output.includes(anyLines)) {
      const end = whole.length - output.length - 3;
      const after = `${whole.slice(0, end)}${real}\`\`\``;
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(whole, () => after),
      );
      return;
    }
    if (!matches(output, real)) expect(real).toBe(output);
  });
});
