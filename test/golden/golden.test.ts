/** Every conversation under golden/ is one test, named after its first sentence. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { figure3, internal } from '../../invariants/raft/index.ts';
import { answer, titleOf } from './conversation.ts';

const folder = new URL('./raft/', import.meta.url);
const rewrite = process.env['UPDATE_GOLDEN'] === '1';
const settings = { invariants: [...figure3, ...internal] };

describe('Raft, in conversation', () => {
  for (const name of readdirSync(folder).sort((a, b) => (a < b ? -1 : 1))) {
    const path = new URL(name, folder);
    const text = readFileSync(path, 'utf8');
    test(titleOf(text, name), () => {
      const answered = answer(text, name, settings);
      if (rewrite && answered !== text) writeFileSync(path, answered);
      else expect(answered).toBe(text);
    });
  }
});
