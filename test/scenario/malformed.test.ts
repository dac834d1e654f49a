/** Every malformed scenario file has its exact messages; UPDATE_GOLDEN=1 rewrites them. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalogue, catalogueFor } from '../../sim/registry/index.ts';
import { formatProblems, loadScenario } from '../../sim/scenario/index.ts';

const folder = fileURLToPath(new URL('malformed', import.meta.url));
const golden = fileURLToPath(new URL('../golden/malformed-scenarios.txt', import.meta.url));
const files = readdirSync(folder).toSorted((a, b) => (a < b ? -1 : 1));

async function messagesOf(file: string): Promise<string> {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const known = await catalogueFor(text, path, catalogue);
  const loaded = loadScenario(text, { file, catalogue: known });
  return loaded.ok ? 'accepted\n' : formatProblems(loaded.problems);
}

test('each malformed file is refused with its exact messages', async () => {
  const messages = await Promise.all(files.map(messagesOf));
  const sections = files.map((file, i) => `== ${file}\n${messages[i]}`);
  const found = sections.join('\n');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, found);
  expect(found).toBe(readFileSync(golden, 'utf8'));
});

test('there are at least thirty malformed files and none of them is accepted', async () => {
  expect(files.length).toBeGreaterThanOrEqual(30);
  for (const file of files) expect(await messagesOf(file), file).not.toContain('accepted');
});
