/** Asks the worker: it is made of a text in this page, so that it works from file://, too. */
import type { WorkerAnswer, WorkerRequest } from '../fork/request.ts';

/** The worker's script; defined by scripts/build-viewer.mjs. */
declare const SCHISM_WORKER: string;

let worker: Worker | null = null;
let next = 0;
const waiting = new Map<number, (answer: WorkerAnswer) => void>();

export function ask(request: WorkerRequest): Promise<WorkerAnswer> {
  worker ??= start();
  const id = next++;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker?.postMessage({ id, request }, {});
  });
}

function start(): Worker {
  const url = URL.createObjectURL(new Blob([SCHISM_WORKER], { type: 'text/javascript' }));
  const made = new Worker(url);
  made.addEventListener('message', (event: MessageEvent<{ id: number; answer: WorkerAnswer }>) => {
    const { id, answer } = event.data;
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  made.addEventListener('error', ({ message }) => {
    for (const resolve of waiting.values()) resolve({ type: 'failed', problem: message });
    waiting.clear();
    worker = null;
  });
  return made;
}
