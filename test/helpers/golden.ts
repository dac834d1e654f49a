/** Texts that a person has found right, kept in files; UPDATE_GOLDEN=1 rewrites them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Compares with `test/golden/<name>`. */
export function expectGolden(name: string, text: string): void {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
