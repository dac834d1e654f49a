/** `schism view` as a server: on loopback alone, and pages follow the file. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { States } from '../../sim/viewer/model/states.ts';
import { lastEvents } from '../../sim/viewer/window.ts';
import { cli } from '../cli/harness.ts';
import { museum, opened, recorded, scenarioText } from './examples.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'schism-serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the command; its address, and what stops it and tells its exit code. */
async function served(path: string): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const args = ['--import', 'tsx', 'sim/cli/main.ts', 'view', path, '--no-open'];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
  const stop = () =>
    new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGINT');
    });
  return { url, stop };
}

test('the page, its trace and news of the file are served, to this machine alone', async () => {
  const path = join(folder, 'run.msgpack');
  const bytes = museum('vote-not-persisted');
  writeFileSync(path, bytes);
  const { url, stop } = await served(path);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await (await fetch(url)).text();
  expect(page).toContain('"url":"trace/0"');
  const trace = await fetch(`${url}trace/0`);
  expect(new Uint8Array(await trace.arrayBuffer())).toEqual(bytes);
  expect((await fetch(`${url}trace/1`)).status).toBe(404);
  expect((await fetch(`${url}../package.json`)).status).toBe(404);
  expect(await statusWithHost(url, 'evil.example')).toBe(403);
  const news = await fetch(`${url}events`);
  const reader = (news.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  writeFileSync(path, museum('commit-old-term'));
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toContain('data: changed');
  await reader.cancel();
  expect(await stop()).toBe(0);
});

/** A page elsewhere whose name leads to this machine sends its own name along. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

test('a violating run leaves a page beside its trace, unless it is told not to', async () => {
  const scenario = join(root, 'scenarios/raft/figure-8.yaml');
  const trace = join(folder, 'figure.msgpack');
  const { err } = await cli(['run', scenario, '-o', trace]);
  const page = join(folder, 'figure.html');
  expect(err).toContain(`page: ${page}`);
  expect(readFileSync(page, 'utf8')).toContain('"name":"figure.msgpack"');
  const other = join(folder, 'other.msgpack');
  await cli(['run', scenario, '-o', other, '--no-html']);
  expect([existsSync(other), existsSync(join(folder, 'other.html'))]).toEqual([true, false]);
});

test('what cannot be shown is said in a sentence, with exit code 2', async () => {
  const none = await cli(['view']);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('name one trace to look at')]);
  const yaml = await cli(['view', join(root, 'scenarios/split-brain.yaml')]);
  expect([yaml.code, yaml.err]).toEqual([2, expect.stringContaining('to run a scenario:')]);
  const lesson = await cli(['view', '--lessons', 'figure-9']);
  expect([lesson.code, lesson.err]).toEqual([2, expect.stringContaining('there is no lesson')]);
});

test('of a run that is too long the page holds the end, and can step through it', async () => {
  const bytes = await recorded(scenarioText('split-brain'), '42');
  const [whole, part] = [opened(bytes), opened(lastEvents(bytes, 1000))];
  expect([part.first, part.count]).toEqual([3000, 3554]);
  expect(part.event(3100)).toEqual(whole.event(3100));
  expect(new States(part).at(3400)).toEqual(new States(whole).at(3400));
  expect(lastEvents(bytes, 4000)).toBe(bytes);
});
