/** The entry of the page: takes the traces out of it, or asks the server for them. */
import { render } from 'preact';
import type { PageSource, PageTrace } from '../model/source.ts';
import { App } from './app.tsx';
import { lesson, openSide, problem, readAddress, show, sides, source } from './app-state.ts';
import { writeAddress } from './app-state.ts';
import type { Side } from './side.ts';
import { watchSystem } from './theme.ts';

function readSource(): PageSource {
  const text = document.getElementById('schism-source')?.textContent ?? 'null';
  return (JSON.parse(text) as PageSource | null) ?? { traces: [] };
}

async function bytesOf({ data, url }: PageTrace): Promise<Uint8Array> {
  if (url !== undefined) {
    const answer = await fetch(url, { cache: 'no-store' });
    return new Uint8Array(await answer.arrayBuffer());
  }
  const stream = new Blob([unpacked(data ?? '')])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function unpacked(base64: string): Uint8Array<ArrayBuffer> {
  // Newer browsers do it at once; the loop takes a second for a long trace.
  const native = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (native.fromBase64 !== undefined) return native.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function load(given: PageSource): Promise<void> {
  const opened: Side[] = [];
  for (const trace of given.traces) {
    const one = openSide(trace.name, await bytesOf(trace), trace.isChecked);
    if (one !== null) opened.push(one);
  }
  const [before] = sides.value;
  show(opened);
  const [first] = opened;
  // A run that was made again is looked at where the old one was.
  if (before !== undefined && first !== undefined) first.go(before.step.value);
  if (first !== undefined) document.title = `${first.name} · Schism`;
}

const given = readSource();
source.value = given;
lesson.value = given.lesson ?? null;
watchSystem();
await load(given);
if (lesson.value !== null) sides.value[0]?.go(-1);
readAddress();
writeAddress();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
addEventListener('hashchange', readAddress);
if (given.events !== undefined) {
  new EventSource(given.events).addEventListener('message', () => {
    problem.value = null;
    void load(given);
  });
}
