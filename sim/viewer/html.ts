/** Writes pages: the built viewer with traces put into it. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../registry/version.ts';
import type { PageSource, PageTrace } from './model/source.ts';
import { packTrace } from './pack-trace.ts';
import { isWholeAndSound, lastEvents } from './window.ts';

/** Where the build puts the page (scripts/build-viewer.mjs). */
export function bundlePath(): string {
  return fileURLToPath(new URL('sim/viewer/bundle/viewer.html', packageRoot()));
}

export const isBuilt = (): boolean => existsSync(bundlePath());

const EMPTY = /(<script id="schism-source" type="application\/json">)\s*null\s*(<\/script>)/;

/** The page with something to show. Throws when it was not built. */
export function pageOf(source: PageSource): string {
  const page = readFileSync(bundlePath(), 'utf8');
  // In a script element only "<" can end the text early.
  const json = JSON.stringify(source).replaceAll('<', String.raw`\u003c`);
  return page.replace(EMPTY, (_all, open: string, close: string) => `${open}${json}${close}`);
}

/** A trace as it is put into a page: packed if it is whole, then gzip, then base64. */
export function embedded(path: string, bytes: Uint8Array): PageTrace {
  const isChecked = isWholeAndSound(bytes);
  const held = isChecked ? packTrace(lastEvents(bytes)) : bytes;
  return { name: basename(path), data: gzipSync(held, { level: 9 }).toString('base64'), isChecked };
}
