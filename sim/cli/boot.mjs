/** Where a worker thread begins that runs our sources: Node 20 reads TypeScript with help only. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
