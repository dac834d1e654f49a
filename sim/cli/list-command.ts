/** The tables behind `schism list`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue, faults, invariants, mutants, scenarioFiles } from '../registry/index.ts';
import { openScenario } from '../registry/open.ts';
import { ExitCode } from './exit.ts';
import { listed, type Listed, type ListFlags } from './list.ts';
import type { Session } from './session.ts';
import { packageRoot } from '../registry/version.ts';

/** One thing; more than `name` and `text` is for machines. */
interface Item {
  readonly name: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

const tables: Readonly<Record<Listed, () => readonly Item[] | Promise<readonly Item[]>>> = {
  protocols: () =>
    [...catalogue.protocols.values()].map(({ name, description }) => ({ name, text: description })),
  scenarios,
  invariants: () =>
    invariants().map(({ invariant: { id, title, source }, protocols }) => ({
      name: id,
      text: title,
      source,
      protocols,
    })),
  faults: () => faults.map(({ kind, title, ends }) => ({ name: kind, text: title, ends })),
  mutants: () =>
    mutants().map(({ id, description, ...rest }) => ({ name: id, text: description, ...rest })),
};

export async function listCommand(
  what: Listed | undefined,
  flags: ListFlags,
  { io, paint }: Session,
): Promise<ExitCode> {
  const wanted = what === undefined ? listed : [what];
  const found = new Map<Listed, readonly Item[]>();
  for (const name of wanted) found.set(name, await tables[name]());
  if (flags.json === true) {
    const value = what === undefined ? Object.fromEntries(found) : found.get(what);
    io.print(`${JSON.stringify(value)}\n`);
    return ExitCode.ok;
  }
  for (const [i, name] of wanted.entries()) {
    const items = found.get(name) ?? [];
    if (wanted.length > 1) io.print(`${i > 0 ? '\n' : ''}${paint.bold(name)}\n`);
    const indent = wanted.length > 1 ? '  ' : '';
    const width = Math.max(0, ...items.map((item) => item.name.length));
    for (const item of items) {
      io.print(`${indent}${item.name.padEnd(width)}  ${paint.dim(item.text)}`.trimEnd());
      io.print('\n');
    }
  }
  return ExitCode.ok;
}

/** Those of the folder one is in, else those that come with Schism. */
async function scenarios(): Promise<Item[]> {
  const folder = existsSync('scenarios')
    ? 'scenarios'
    : fileURLToPath(new URL('scenarios', packageRoot()));
  if (!existsSync(folder)) return [];
  const items: Item[] = [];
  for (const { id, path, text } of scenarioFiles(folder)) {
    const file = join(folder, path);
    const opened = await openScenario(text, file, catalogue);
    const sentence = opened.ok ? opened.open.scenario.name : 'not valid: see schism validate';
    items.push({ name: id, text: sentence, file });
  }
  return items;
}
