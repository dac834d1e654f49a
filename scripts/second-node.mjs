// Another version of Node, to show that results do not depend on it: where it is, how to get it.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const versions = ['24.21.0', '22.23.3'];

/** A version whose major number is not that of the running Node. */
export const secondVersion =
  versions.find((version) => version.split('.')[0] !== process.versions.node.split('.')[0]) ??
  versions[0];

const cache = join(root, '.cache', `node-${secondVersion}`);
const system = process.platform === 'win32' ? 'win' : process.platform;
const binary = join(
  cache,
  'node_modules',
  `node-${system}-${process.arch}`,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * The path of the second Node if it is here, else null; `npm run second-node` brings it.
 * @returns {string | null}
 */
export function secondNode() {
  return existsSync(binary) ? binary : null;
}

/**
 * Brings the second Node out of the package registry (about 190 MB on disk) unless it is here.
 * It must not become a dependency: its `node` would then be the one that runs npm's scripts.
 * @returns {string | null} its path, or null when the registry or this system has none
 */
export function fetchSecondNode() {
  if (secondNode() !== null) return binary;
  mkdirSync(cache, { recursive: true });
  const name = `node-${system}-${process.arch}@${secondVersion}`;
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=1'];
  const result = spawnSync('npm', ['install', ...options, '--prefix', cache, name], {
    cwd: cache,
    encoding: 'utf8',
    timeout: 180_000,
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) console.error(`npm could not install ${name}:\n${result.stderr ?? ''}`);
  return secondNode();
}

/**
 * Runs a command whose every `node`, also the one of npx and of scripts, is the second one.
 * @param {string} node
 * @param {readonly string[]} command
 * @returns {number} its exit code
 */
export function runWith(node, [program = 'node', ...args]) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env['PATH']];
  const result = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: path.join(separator) },
  });
  if (result.error !== undefined) throw result.error;
  return result.status ?? 1;
}
