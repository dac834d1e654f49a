/** `npm run site [folder]`: builds the static site of all lessons, by default into site/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lessonsIn, play } from '../sim/viewer/lessons.ts';
import { siteOf } from '../sim/viewer/site.ts';

const root = join(import.meta.dirname, '..');
const folder = process.argv[2] ?? join(root, 'site');
const played = [];
for (const entry of await lessonsIn(join(root, 'scenarios'))) played.push(await play(entry));
mkdirSync(folder, { recursive: true });
for (const { path, text } of siteOf(played)) writeFileSync(join(folder, path), text);
console.log(`${played.length} lessons: open ${join(folder, 'index.html')}`);
