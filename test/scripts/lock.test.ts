/** Tests that `npm ci` finds in the lock whatever it asks for, on every system. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  completeLock,
  missingOptional,
  platformOf,
  resolvedHosts,
  type Lock,
} from '../../scripts/lock-rules.mjs';

const file = new URL('../../package-lock.json', import.meta.url);
const read = () => JSON.parse(readFileSync(file, 'utf8')) as Lock;

test('the lock holds every optional dependency it mentions (else run: npm run lock)', () => {
  expect(missingOptional(read())).toEqual([]);
});

test('the lock names no registry host (else run: npm run lock)', () => {
  expect(resolvedHosts(read())).toEqual([]);
});

test('the lock agrees with package.json on every direct dependency', () => {
  type Dependencies = Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const manifest = new URL('../../package.json', import.meta.url);
  const wanted = JSON.parse(readFileSync(manifest, 'utf8')) as Dependencies;
  const locked = read().packages[''] as unknown as Dependencies;
  expect(locked.dependencies).toEqual(wanted.dependencies);
  expect(locked.devDependencies).toEqual(wanted.devDependencies);
});

test('a complete lock stays as it is, byte for byte', () => {
  const lock = read();
  expect(completeLock(lock)).toEqual([]);
  expect(`${JSON.stringify(lock, null, 2)}\n`).toBe(readFileSync(file, 'utf8'));
});

test('a binary left out is entered with its systems, beside the ones present', () => {
  const lock: Lock = {
    packages: {
      '': {},
      'node_modules/tool': {
        dev: true,
        optionalDependencies: {
          '@tool/binding-darwin-arm64': '1.2.3',
          '@tool/binding-linux-arm-musleabihf': '1.2.3',
          'nested-linux-x64': '~2.0.0',
          present: '1.0.0',
        },
      },
      'node_modules/tool/node_modules/nested-linux-x64': { version: '2.0.1' },
      'node_modules/present': { version: '1.0.0', resolved: 'a host' },
    },
  };
  expect(completeLock(lock)).toHaveLength(2);
  expect(missingOptional(lock)).toEqual([]);
  expect(resolvedHosts(lock)).toEqual([]);
  expect(Object.keys(lock.packages)).toEqual([
    '',
    'node_modules/@tool/binding-darwin-arm64',
    'node_modules/@tool/binding-linux-arm-musleabihf',
    'node_modules/present',
    'node_modules/tool',
    'node_modules/tool/node_modules/nested-linux-x64',
  ]);
  expect(lock.packages['node_modules/@tool/binding-linux-arm-musleabihf']).toEqual({
    version: '1.2.3',
    dev: true,
    optional: true,
    os: ['linux'],
    cpu: ['arm'],
    libc: ['musl'],
  });
});

test('the systems of a binary are read from its name', () => {
  expect(platformOf('@rolldown/binding-wasm32-wasi')).toEqual({ cpu: ['wasm32'] });
  expect(platformOf('lightningcss-linux-x64-gnu')).toEqual({
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
  });
  expect(platformOf('@oxlint/binding-win32-ia32-msvc')).toEqual({ os: ['win32'], cpu: ['ia32'] });
  expect(platformOf('fsevents')).toEqual({});
});
