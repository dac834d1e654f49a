/** A page is for everybody: axe-core finds nothing serious, at any size, light or dark. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedded, pageOf } from '../../sim/viewer/html.ts';
import { lessonsIn, play } from '../../sim/viewer/lessons.ts';
import { siteOf } from '../../sim/viewer/site.ts';
import { chromiumPath, launch, missing } from './browser.ts';
import { recorded, scenarioText } from './examples.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'schism-access-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

/** Serious and critical findings, each with the first element that it is about. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result = await page.evaluate<AxeResult>('axe.run()');
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

const sizes = [
  [1440, 900],
  [1024, 768],
  [360, 740],
] as const;

if (chromiumPath === null) console.log(missing);
describe.skipIf(chromiumPath === null)('everybody', () => {
  let browser: Browser;
  let trace = '';
  let lesson = '';
  let index = '';
  beforeAll(async () => {
    browser = await launch();
    const bytes = await recorded(scenarioText('raft/figure-8'), '1');
    trace = written('trace', pageOf({ traces: [embedded('figure-8.msgpack', bytes)] }));
    const all = await lessonsIn(join(import.meta.dirname, '../../scenarios'));
    const [first] = all;
    const pages = siteOf(first === undefined ? [] : [await play(first)]);
    index = written('index', pages[0]?.text ?? '');
    lesson = written('lesson', pages[1]?.text ?? '');
  });
  afterAll(() => browser.close());

  function written(name: string, text: string): string {
    const path = join(folder, `${name}.html`);
    writeFileSync(path, text);
    return pathToFileURL(path).href;
  }

  test.each(sizes.flatMap((size) => (['light', 'dark'] as const).map((scheme) => [size, scheme])))(
    'at %j in %s nothing serious is found, and nothing is wider than the window',
    async (size, colorScheme) => {
      const [width, height] = size as (typeof sizes)[0];
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: colorScheme as 'light',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      for (const url of [trace, lesson, index]) {
        await page.goto(url);
        await page.waitForSelector('h1');
        expect(await findings(page), url).toEqual([]);
        const excess = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(excess), url).toBeLessThanOrEqual(0);
      }
      await context.close();
    },
  );

  test('every tab of the inspector is as accessible as the first', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(trace);
    const found: string[] = [];
    for (const tab of ['log', 'message', 'why', 'pending', 'clients', 'fork', 'scenario']) {
      await page.click(`#tab-${tab}`);
      found.push(...(await findings(page)).map((text) => `${tab}: ${text}`));
    }
    await page.keyboard.press('Escape');
    await page.focus('[role=grid]');
    await page.keyboard.press('?');
    found.push(...(await findings(page)).map((text) => `help: ${text}`));
    expect(found).toEqual([]);
    await page.close();
  });
});
