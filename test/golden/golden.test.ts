/** Every conversation under golden/ is one test, named after its first sentence. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answer, titleOf } from './conversation.ts';
import { speakers } from './dialects/index.ts';

const rewrite = process.env['UPDATE_GOLDEN'] === '1';

describe.each(speakers)('$name, in conversation', ({ folder, ...settings }) => {
  const place = new URL(`./${folder}/`, import.meta.url);
  for (const name of readdirSync(place).sort((a, b) => (a < b ? -1 : 1))) {
    const path = new URL(name, place);
    const text = readFileSync(path, 'utf8');
    test(titleOf(text, name), () => {
      const answered = answer(text, name, settings);
      if (rewrite && answered !== text) writeFileSync(path, answered);
      else expect(answered).toBe(text);
    });
  }
});
