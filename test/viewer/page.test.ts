/** The page in a real Chromium, opened from file://, as somebody would use it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf, embedded } from '../../sim/viewer/html.ts';
import { cli } from '../cli/harness.ts';
import { chromiumPath, launch, missing } from './browser.ts';
import { recorded, scenarioText } from './examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'schism-viewer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page with these traces in it, as a file. */
function written(name: string, traces: readonly Uint8Array[]): string {
  const path = join(folder, `${name}.html`);
  const given = traces.map((bytes, i) => embedded(`${name}-${i}.msgpack`, bytes));
  writeFileSync(path, pageOf({ traces: given }));
  return pathToFileURL(path).href;
}

if (chromiumPath === null) console.log(missing);
describe.skipIf(chromiumPath === null)('the page', () => {
  let browser: Browser;
  let violated: Uint8Array;
  let quiet: Uint8Array;
  beforeAll(async () => {
    browser = await launch();
    violated = await recorded(scenarioText('raft/figure-8'), '1');
    quiet = await recorded(scenarioText('split-brain'), '42');
  });
  afterAll(() => browser.close());

  /** Opens a page; whatever it complains about or asks for elsewhere fails the test. */
  async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (/^https?:/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    await page.waitForSelector('[role=grid]');
    return { page, complaints };
  }

  const step = async (page: Page) => Number(await page.inputValue('#step'));
  const spoken = (page: Page) => page.textContent('#spoken');

  test('opens at the violation, and is walked with the keyboard alone', async () => {
    const { page, complaints } = await open(written('walk', [violated]));
    expect(await step(page)).toBe(34);
    expect(await spoken(page)).toContain('violation raft/leader-completeness');
    await page.keyboard.press('Home');
    expect(await step(page)).toBe(0);
    for (const key of ['j', 'ArrowDown', 'j']) await page.keyboard.press(key);
    expect(await step(page)).toBe(3);
    await page.keyboard.press('k');
    expect(await spoken(page)).toMatch(/^step 2, 275\.439ms, n3: n3<-n1 RequestVote/);
    await page.keyboard.press('s');
    expect(await spoken(page)).toMatch(/^step 0, .*n1 election/);
    await page.keyboard.press(']');
    expect(await step(page)).toBe(3);
    await page.keyboard.press('[');
    expect(await step(page)).toBe(0);
    await page.keyboard.press('v');
    expect(await step(page)).toBe(34);
    await page.keyboard.press('N');
    expect(await step(page)).toBeLessThan(34);
    await page.keyboard.press('g');
    await page.keyboard.type('26');
    await page.keyboard.press('Enter');
    expect(await step(page)).toBe(26);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await page.isVisible('dialog')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('dialog')).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('says which facts contradict one another, and leads from cause to cause', async () => {
    const { page, complaints } = await open(written('why', [violated]));
    const banner = await page.textContent('[aria-label=violation]');
    expect(banner).toContain('n1 had index 2 (term 2, no-op) committed in term 4');
    expect(banner).toContain('n5 became leader of term 5');
    await page.click('[aria-label=violation] .facts button >> nth=0');
    expect(await step(page)).toBe(26);
    await page.click('#tab-why');
    const chain = page.locator('.chain li');
    const length = await chain.count();
    expect(length).toBeGreaterThan(5);
    const first = chain.nth(0).locator('button');
    await first.click();
    expect(await first.textContent()).toMatch(new RegExp(`^${await step(page)} · `));
    await page.selectOption('#panel select', '2');
    expect(await page.getAttribute('[role=grid]', 'aria-rowcount')).toBe(String(length + 1));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the list of events is a grid whose rows say what happens', async () => {
    const { page } = await open(written('grid', [quiet]));
    await page.waitForSelector('text=3,554 events');
    expect(await page.getAttribute('[role=grid]', 'aria-rowcount')).toBe('3555');
    await page.focus('[role=grid]');
    await page.keyboard.press('End');
    const active = await page.getAttribute('[role=grid]', 'aria-activedescendant');
    const row = page.locator(`#${active}`);
    expect(await row.getAttribute('aria-rowindex')).toBe('3555');
    expect(await row.getAttribute('aria-label')).toMatch(/^step 3553, /);
    expect(await page.locator('[role=row]').count()).toBeLessThan(80);
    await page.close();
  });

  test('a filter hides what does not fit, and a permalink leads back there', async () => {
    const { page, complaints } = await open(written('link', [quiet]));
    await page.fill('#filter', 'node:n3 type:RequestVote');
    const count = await page.textContent('.count');
    expect(count).toMatch(/^\d+ of 3,554 events$/);
    await page.focus('[role=grid]');
    await page.keyboard.press('Home');
    await page.keyboard.press('j');
    await page.click('#tab-log');
    const address = page.url();
    const at = await step(page);
    expect(address).toContain(`step=${at}`);
    const other = await open(address);
    expect(await step(other.page)).toBe(at);
    expect(await other.page.textContent('.count')).toBe(count);
    expect(await other.page.getAttribute('#tab-log', 'aria-selected')).toBe('true');
    expect([...complaints, ...other.complaints]).toEqual([]);
    await page.close();
    await other.page.close();
  });

  test('jumps to the last write of a field, and runs until a predicate holds', async () => {
    const { page } = await open(written('writes', [quiet]));
    await page.keyboard.press('u');
    await page.keyboard.type('commitIndex >= 5');
    await page.keyboard.press('Enter');
    const at = await step(page);
    const changes = await page.textContent('.changes');
    expect(changes).toContain('commitIndex');
    await page.click('[aria-label="next write of state.commitIndex"]');
    expect(await step(page)).toBeGreaterThan(at);
    await page.click('[aria-label="last write of state.commitIndex"]');
    expect(await step(page)).toBe(at);
    await page.fill('#until', 'n1.role = emperor');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.notice')).toContain('does not come true');
    await page.close();
  });

  test('without the decisive message the violation is gone; the fork replays', async () => {
    const { page, complaints } = await open(written('fork', [violated]));
    await page.keyboard.press('i');
    await page.click('text=What if it had been lost?');
    expect(await page.textContent('#panel')).toContain('drop n5<-n4 RequestVoteReply');
    await page.click('#run-fork');
    await page.waitForSelector('#forked');
    const text = await page.textContent('#forked');
    expect(text).toContain('✓ no invariant is violated');
    expect(await page.locator('[role=grid]').count()).toBe(2);
    expect(await page.textContent('.banner >> nth=0')).toContain('The runs part at step');
    const hash = /hash ([0-9a-f]{16})/.exec(text ?? '')?.[1];
    const files = { trace: join(folder, 'fork.msgpack'), yaml: join(folder, 'fork.yaml') };
    for (const [name, path] of Object.entries(files)) {
      const download = page.waitForEvent('download');
      await page.click(`#save-${name}`);
      await (await download).saveAs(path);
    }
    const replay = await cli(['replay', files.trace, '--json']);
    expect(JSON.parse(replay.out)).toMatchObject({ outcome: 'same', hash, violation: null });
    const rerun = await cli(['run', files.yaml, '--no-trace', '--json']);
    expect(JSON.parse(rerun.out)).toMatchObject({ hash, violation: null });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('two traces stand beside one another, and their cursors keep together', async () => {
    const other = await recorded(scenarioText('raft/figure-8-clean'), '1');
    const { page, complaints } = await open(written('two', [violated, other]));
    expect(await page.textContent('.banner >> nth=0')).toContain('step 35');
    await page.focus('#rows-0');
    await page.keyboard.press('Home');
    await page.keyboard.press('j');
    const chosen = page.locator('#rows-1 [aria-selected=true]');
    expect(await chosen.getAttribute('id')).toBe('row-1-1');
    await page.keyboard.press('c');
    await page.keyboard.press('End');
    const alone = await page.locator('#rows-1 [aria-selected=true]').getAttribute('aria-label');
    expect(alone).toContain('only in this trace');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a damaged trace says where it broke, and its beginning is shown', async () => {
    const broken = quiet.slice();
    broken[1_000_000] = (broken[1_000_000] ?? 0) ^ 0xff;
    const { page } = await open(written('broken', [broken]));
    expect(await page.textContent('[role=alert]')).toMatch(/damaged at byte \d+.*can be used/);
    expect(await page.locator('.row').count()).toBeGreaterThan(10);
    await page.close();
  });

  test('an edited scenario runs in the page, or says what is wrong with it', async () => {
    const { page } = await open(written('edit', [violated]));
    await page.click('#tab-scenario');
    const text = readFileSync(
      join(import.meta.dirname, '../../scenarios/raft/figure-8.yaml'),
      'utf8',
    );
    await page.fill('#scenario-text', text.replace('protocol: raft', 'protocol: rafft'));
    await page.click('#run-scenario');
    expect(await page.textContent('#panel [role=alert]')).toContain('raft');
    await page.fill('#scenario-text', scenarioText('raft/basic-election'));
    await page.click('#run-scenario');
    await page.waitForSelector('#rows-1');
    expect(await page.textContent('.notice')).toContain('no invariant is violated');
    await page.close();
  });

  test('a lesson is played from its question to its end, forwards and back', async () => {
    const path = join(folder, 'lesson.html');
    expect((await cli(['view', '--lessons', 'figure-8', '--html', path])).code).toBe(0);
    const { page, complaints } = await open(pathToFileURL(path).href);
    const said = () => page.textContent('#lesson-text');
    expect(await said()).toContain('Is it committed now?');
    expect(await page.isDisabled('#lesson-next')).toBe(true);
    await page.click('text=Yes: a majority has it');
    expect(await said()).toContain('Not so. See what happens.');
    const steps: number[] = [];
    for (const _beat of [1, 2, 3, 4, 5]) {
      await page.click('#lesson-next');
      steps.push(await step(page));
    }
    expect(steps).toEqual([4, 12, 16, 26, 34]);
    expect(await said()).toContain('n5 wins term 5');
    await page.click('#lesson-back');
    expect(await step(page)).toBe(26);
    await page.click('#lesson-next');
    await page.click('#lesson-next');
    expect(await said()).toContain('Now change something');
    await page.click('text=open the scenario >> nth=0');
    const text = await page.inputValue('#scenario-text');
    await page.fill('#scenario-text', text.replace('mutants: [commit-old-term]', 'mutants: []'));
    await page.click('#run-scenario');
    await page.waitForSelector('#rows-1');
    expect(await page.textContent('.notice')).toContain('no invariant is violated');
    expect(complaints).toEqual([]);
    await page.close();
  });
});
