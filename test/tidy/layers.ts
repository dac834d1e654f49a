/** Who may import whom: the table, and the check of one file against it. */
import { importsOf, type Finding, type Source } from './source.ts';

/** A row of the table. Every folder may import itself. */
export interface Layer {
  readonly folder: string;
  /** Folders and files; with `type ` before it, only their types. */
  readonly may: readonly string[];
  /** Packages of others. */
  readonly packages?: readonly string[];
  /** Knows no Node built-in, so that it runs in a browser. */
  readonly browser?: true;
}

/** What protocols and invariants may call besides the engine's types: pure leaves. */
const contract = ['type sim/engine'].concat(
  ['assert', 'clone', 'hash'].map((leaf) => `sim/engine/${leaf}.ts`),
);
const everything = ['sim', 'protocols', 'invariants'];

/** The layers, from the bottom up. A folder that is not here may not exist. */
export const layers: readonly Layer[] = [
  { folder: 'sim/engine', may: [], packages: ['seedrandom'], browser: true },
  { folder: 'sim/faults', may: ['sim/engine'], browser: true },
  { folder: 'sim/history', may: ['sim/engine'], browser: true },
  { folder: 'protocols/common', may: contract, browser: true },
  { folder: 'protocols', may: ['protocols/common', ...contract], browser: true },
  {
    folder: 'invariants',
    may: [...contract, 'sim/history', 'type protocols', 'protocols/common'],
    browser: true,
  },
  {
    folder: 'sim/scenario',
    may: ['sim/faults', 'sim/history', 'sim/engine'],
    packages: ['zod', 'yaml', 'fastest-levenshtein'],
  },
  {
    folder: 'sim/trace',
    may: ['type sim/scenario', 'sim/history', 'sim/engine'],
    packages: ['@msgpack/msgpack', 'immer', 'zod'],
  },
  { folder: 'sim/search', may: ['sim/trace', 'sim/faults', 'sim/engine'] },
  {
    folder: 'sim/shrink',
    may: ['sim/scenario', 'sim/search', 'sim/trace', 'sim/faults', 'sim/engine'],
  },
  {
    folder: 'sim/registry',
    may: ['sim/scenario', 'sim/search', 'sim/faults', 'sim/history', 'sim/engine'].concat([
      'protocols',
      'invariants',
    ]),
    packages: ['fastest-levenshtein', 'zod'],
  },
  {
    folder: 'sim/property',
    may: ['sim/registry', 'sim/scenario', 'sim/search', 'sim/shrink', 'sim/trace'].concat([
      'sim/engine',
      'sim/history',
      'invariants',
    ]),
    packages: ['fast-check', 'vitest'],
  },
  { folder: 'sim/observe', may: ['sim/history', 'sim/engine'] },
  {
    folder: 'sim/advisor',
    may: ['sim/registry', 'sim/scenario', 'sim/trace', 'sim/history', 'sim/engine'],
    packages: ['zod'],
  },
  {
    folder: 'sim/campaign',
    may: ['sim/registry', 'sim/scenario', 'sim/search', 'sim/shrink', 'sim/trace', 'sim/engine'],
  },
  {
    folder: 'sim/viewer',
    may: ['sim/registry', 'sim/scenario', 'sim/faults', 'sim/trace', 'sim/engine'],
    packages: ['preact', '@preact/signals', '@msgpack/msgpack'],
  },
  {
    folder: 'sim/cli',
    may: everything,
    packages: ['commander', 'fast-check', 'fastest-levenshtein', 'tsx', 'yaml', 'zod'],
  },
];

/** Folders whose files may import anything: they are not part of what users install. */
const free = ['test', 'lint', 'scripts', 'types'];

/** The folders whose code must be the same run after run, on any machine. */
export const coreFolders = layers.filter((layer) => layer.browser).map(({ folder }) => folder);

/** The forbidden imports of one file. */
export function checkLayers(file: Source): Finding[] {
  if (free.some((folder) => isIn(file.path, folder))) return [];
  const layer = layerOf(file.path);
  if (layer === undefined) {
    return [{ path: file.path, line: 1, message: `its folder is not a layer; ${table}` }];
  }
  return importsOf(file).flatMap(({ line, specifier, typeOnly }) => {
    const message = specifier.startsWith('.')
      ? checkOwn(layer, file.path, resolve(file.path, specifier), typeOnly)
      : checkPackage(layer, specifier);
    return message === null ? [] : [{ path: file.path, line, message }];
  });
}

/** Whether a path is a folder, or lies in it. */
export function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

const table = 'see the table in test/tidy/layers.ts';

function checkOwn(layer: Layer, path: string, target: string, typeOnly: boolean): string | null {
  if (!/\.tsx?$/.test(target)) return `imports ${target}: name the file with its extension .ts`;
  if (isIn(target, layer.folder) && !isOtherProtocol(path, target)) return null;
  if (layer.may.some((place) => isIn(target, place))) return null;
  const asTypes = layer.may.some((place) => isIn(`type ${target}`, place));
  if (asTypes && typeOnly) return null;
  const what = asTypes ? `more than types of ${target}` : target;
  return `${layer.folder} may not import ${what}; ${table}`;
}

/** Protocols know each other only through `protocols/common` and the registry. */
function isOtherProtocol(path: string, target: string): boolean {
  const [root, own] = path.split('/');
  const [, other] = target.split('/');
  return root === 'protocols' && own !== other && other !== 'common';
}

function checkPackage(layer: Layer, specifier: string): string | null {
  if (specifier.startsWith('node:')) {
    if (layer.browser !== true) return null;
    return `${layer.folder} may not import ${specifier}: it also runs in a browser`;
  }
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  if (layer.packages?.includes(name) === true) return null;
  return `${layer.folder} may not import the package ${specifier}; ${table}`;
}

/** The deepest folder of the table that holds the file. */
function layerOf(path: string): Layer | undefined {
  return layers
    .filter(({ folder }) => isIn(path, folder))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
