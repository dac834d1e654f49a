/** The schema is the manual: every field is described, and the file for editors is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { catalogue, scenarioFiles } from '../../sim/registry/index.ts';
import { jsonSchema } from '../../sim/scenario/index.ts';
import { validate } from '../helpers/json-schema.ts';

type Json = { readonly [key: string]: unknown };

const root = fileURLToPath(new URL('../..', import.meta.url));
const path = `${root}schema/scenario.schema.json`;
const schema = jsonSchema(catalogue);

/** The paths of all properties that neither they nor what they refer to describe. */
function undescribed(node: unknown, at: string): string[] {
  if (Array.isArray(node)) return node.flatMap((item, i) => undescribed(item, `${at}/${i}`));
  if (typeof node !== 'object' || node === null) return [];
  const found = Object.entries(node).flatMap(([key, value]) => undescribed(value, `${at}/${key}`));
  const { properties } = node as { properties?: Readonly<Record<string, Json>> };
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (at.endsWith('/if') || name === 'options' || at.endsWith('/then')) continue;
    if (typeof property['description'] === 'string') continue;
    const reference = property['$ref'];
    const target = String(reference).replace('#/$defs/', '');
    const defs = schema['$defs'] as Readonly<Record<string, Json>>;
    if (typeof reference === 'string' && typeof defs[target]?.['description'] === 'string')
      continue;
    found.push(`${at}/${name}`);
  }
  return found;
}

test('every field of a scenario has a description', () => {
  expect(undescribed(schema, '')).toEqual([]);
});

test('every description is a sentence or a phrase that begins like one', () => {
  const texts = JSON.stringify(schema).matchAll(/"description":"((?:[^"\\]|\\.)*)"/g);
  for (const [, text] of texts) expect(text).toMatch(/^\S.{3,}/);
});

test('the schema for editors is the one in the repository', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('the schema for editors accepts every scenario that comes with Schism', () => {
  for (const { id, text } of scenarioFiles(`${root}scenarios`)) {
    expect(validate(schema, parse(text)), id).toEqual([]);
  }
});

test('the schema for editors refuses what the loader refuses by shape', () => {
  const base = { name: 'a scenario of a test', protocol: 'raft', cluster_config: { nodes: 3 } };
  expect(validate(schema, base)).toEqual([]);
  const wrong = [
    { ...base, fautls: [] },
    { ...base, cluster_config: { nodes: 0 } },
    { ...base, duration: 100 },
    { ...base, duration: '5 sec' },
    { ...base, options: { election_timeout: [1, 2] } },
    { ...base, faults: [{ at: '1s' }] },
    { ...base, faults: [{ at: '1s', when: 'converged', crash: 'n1' }] },
    { ...base, faults: [{ at: '1s', crash: [] }] },
    { ...base, workload: { operations: { kind: 'register', keys: 3 } } },
    { protocol: 'raft', cluster_config: { nodes: 3 } },
  ];
  for (const scenario of wrong)
    expect(validate(schema, scenario), JSON.stringify(scenario)).not.toEqual([]);
});

test('an unquoted {leader}, which YAML reads as a mapping, is fine for editors, too', () => {
  const faults = [{ at: '1s', crash: { leader: null } }];
  const scenario = { name: 'a scenario of a test', protocol: 'raft', cluster_config: { nodes: 3 } };
  expect(validate(schema, { ...scenario, faults })).toEqual([]);
});

test('every scenario that comes with Schism names the schema on its first line', () => {
  for (const { id, text } of scenarioFiles(`${root}scenarios`)) {
    const up = '../'.repeat(id.split('/').length);
    const line = `# yaml-language-server: $schema=${up}schema/scenario.schema.json`;
    expect(text.split('\n')[0], id).toBe(line);
  }
});
