/** Where a worker thread begins that runs our sources: Node 20 reads TypeScript with help only. */
import { workerData } from 'node:worker_threads';
import { register as registerRequire } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

register();
// A user's module in a folder without `"type": "module"` is loaded by require.
registerRequire();
await import(workerData.entry);
