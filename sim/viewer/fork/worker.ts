/** The worker of the page: the engine beside the user interface, so that neither waits. */
import { answer } from './fork.ts';
import type { WorkerRequest } from './request.ts';

/** As vite's configuration defines it (scripts/build-viewer.mjs). */
declare const SCHISM_VERSION: string;

interface Question {
  readonly data: { readonly id: number; readonly request: WorkerRequest };
}

interface WorkerScope {
  addEventListener(type: 'message', listener: (event: Question) => void): void;
  postMessage(message: unknown, options: object): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.addEventListener('message', ({ data: { id, request } }) => {
  scope.postMessage({ id, answer: answer(request, SCHISM_VERSION) }, {});
});
