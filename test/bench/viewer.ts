/** The page of long traces in a real Chromium, against the budgets of the issue. */
import { spawn } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { packageVersion } from '../../sim/registry/version.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';
import { embedded, pageOf } from '../../sim/viewer/html.ts';
import { readFileSync } from 'node:fs';
import { chromiumPath, launch, missing } from '../viewer/browser.ts';

/** Five servers that lead, replicate and lose messages, for so many events. */
const scenario = (events: number) => `name: a long run of Raft for the bench of the viewer
protocol: raft
cluster_config: { nodes: 5 }
network_assumptions: { latency_ms: 10, loss: 0.01 }
duration: 2h
max_events: ${events}
seed: 1
workload:
  clients: 2
  operations: register
  arrivals: { kind: closed, pause_min: 200ms, pause_max: 600ms }
invariants: [raft/election-safety]
`;

/** Writes the trace of a run of so many events. */
async function record(path: string, events: number): Promise<void> {
  const text = scenario(events);
  const opened = await openScenario(text, 'bench.yaml', catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const about = { engine: packageVersion(), file: 'bench.yaml', text, mutants: [] };
  const file = openSync(path, 'w');
  const sink = (part: Uint8Array) => void writeSync(file, part);
  runScenario(opened.open.prepare('1'), { record: { about, sink } });
  closeSync(file);
}

/** Milliseconds from one key to the frame that shows its effect, and between frames of a scroll. */
async function paces(page: Page): Promise<{ stepMs: number; scrollP95Ms: number }> {
  await page.focus('[role=grid]');
  const measured = await page.evaluate(measure);
  return measured as { stepMs: number; scrollP95Ms: number };
}

/** Runs in the page. */
const measure = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const percentile = (list, share) => list.sort((a, b) => a - b)[Math.floor(list.length * share)];
  const steps = [];
  for (let i = 0; i < 60; i++) {
    const before = performance.now();
    document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: i % 10 === 9 ? 'PageDown' : 'j', bubbles: true }));
    await frame();
    await frame();
    steps.push(performance.now() - before);
  }
  const grid = document.querySelector('[role=grid]');
  const frames = [];
  for (let i = 0; i < 120; i++) {
    const before = performance.now();
    grid.scrollTop += i % 20 === 0 ? 50000 : 130;
    await frame();
    frames.push(performance.now() - before);
  }
  return { stepMs: percentile(steps, 0.95), scrollP95Ms: percentile(frames, 0.95) };
})()`;

export async function viewerBench(): Promise<object> {
  if (chromiumPath === null) return { skipped: missing };
  const folder = mkdtempSync(join(tmpdir(), 'schism-bench-'));
  const browser = await launch();
  try {
    const trace = join(folder, 'long.msgpack');
    await record(trace, 100_000);
    const html = join(folder, 'long.html');
    writeFileSync(html, pageOf({ traces: [embedded(trace, readFileSync(trace))] }));
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const before = performance.now();
    await page.goto(pathToFileURL(html).href, { waitUntil: 'commit' });
    await page.waitForSelector('.row');
    const firstPaintMs = performance.now() - before;
    await page.waitForSelector('text=/100,000 events/');
    const readMs = performance.now() - before;
    const result = {
      events: 100_000,
      traceMb: statSync(trace).size / 1e6,
      pageMb: statSync(html).size / 1e6,
      firstPaintMs,
      readMs,
      ...(await paces(page)),
    };
    await page.close();
    return { ...result, million: await million(folder, browser) };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function million(
  folder: string,
  browser: Awaited<ReturnType<typeof launch>>,
): Promise<object> {
  const trace = join(folder, 'million.msgpack');
  await record(trace, 1_000_000);
  const root = join(import.meta.dirname, '../..');
  const args = ['--import', 'tsx', 'sim/cli/main.ts', 'view', trace, '--no-open'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve) => {
      child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(300_000);
    const before = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.row');
    const firstPaintMs = performance.now() - before;
    await page.waitForSelector('text=/1,000,000 events/');
    const readMs = performance.now() - before;
    const heapMb = Number(await page.evaluate('performance.memory.usedJSHeapSize')) / 1e6;
    const traceMb = statSync(trace).size / 1e6;
    return { events: 1_000_000, traceMb, firstPaintMs, readMs, heapMb, ...(await paces(page)) };
  } finally {
    child.kill('SIGINT');
  }
}
