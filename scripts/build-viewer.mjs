// Builds the trace viewer into one self-contained page: sim/viewer/bundle/viewer.html.
//
// Run by `npm install` (prepare), so that the first failing run of a newcomer can write its page.
// First the engine for the page's worker, as one classic script (a worker from a blob may not be a
// module); then the page, with that script as a text in it. The page is put in place by a rename,
// for tests may read it while another process builds.

import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'sim/viewer/page');
const bundle = join(root, 'sim/viewer/bundle');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// The registry also reads folders, which nobody asks of it in a page.
/** @type {import('vite').Plugin} */
const withoutNode = {
  name: 'without-node',
  enforce: 'pre',
  resolveId: (id) => (id.startsWith('node:') ? `\0none:${id}` : null),
  load(id) {
    if (!id.startsWith('\0none:')) return null;
    const names = ['readdirSync', 'readFileSync', 'existsSync', 'dirname', 'join', 'resolve'];
    const none = 'const none = () => { throw new Error("a page has no file system"); };';
    const exported = [...names, 'pathToFileURL'].map((name) => `none as ${name}`).join(', ');
    return `${none}\nexport { ${exported} };`;
  },
};

/** @satisfies {import('vite').InlineConfig} */
const common = {
  configFile: /** @type {const} */ (false),
  logLevel: /** @type {const} */ ('warn'),
  define: { SCHISM_VERSION: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
};

async function workerText() {
  const result = await build({
    ...common,
    root,
    plugins: [withoutNode],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'sim/viewer/fork/worker.ts', formats: ['iife'], name: 'schismWorker' },
    },
  });
  const [made] = Array.isArray(result) ? result : [result];
  if (made === undefined || !('output' in made)) throw new Error('vite built no worker');
  return made.output[0].code;
}

const worker = await workerText();
mkdirSync(bundle, { recursive: true });
const folder = mkdtempSync(join(bundle, 'build-'));
try {
  await build({
    ...common,
    root: page,
    base: './',
    plugins: [withoutNode, viteSingleFile()],
    define: { ...common.define, SCHISM_WORKER: JSON.stringify(worker) },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { outDir: folder, emptyOutDir: false, target: 'es2022', modulePreload: false },
  });
  renameSync(join(folder, 'index.html'), join(bundle, 'viewer.html'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
