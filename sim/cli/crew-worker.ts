/** The thread of one worker: takes tasks, sends replies. */
import { parentPort, workerData } from 'node:worker_threads';
import { searchOf, shrinkRequestOf } from '../property/hunt.ts';
import { catalogue } from '../registry/index.ts';
import { openScenario } from '../registry/open.ts';
import { exploreBatch } from '../search/index.ts';
import { shrink } from '../shrink/index.ts';
import type { Reply, Task, WorkerInput } from './crew.ts';
import { portfolioNamed } from './strategies.ts';

const { orders, stop } = workerData as WorkerInput;
const { text, file, seed, strategy, scope } = orders;
const opened = await openScenario(text, file, catalogue);
if (!opened.ok) {
  const problems = opened.problems.map(({ message }) => message).join('; ');
  throw new Error(`the scenario is no longer what it was: ${problems}`);
}
const subject = { ...opened.open, text, file };
const search = searchOf(subject, { seed, scope, portfolio: portfolioNamed(strategy) });
const flag = new Int32Array(stop);

parentPort?.on('message', (task: Task) => send(perform(task)));

function send(reply: Reply): void {
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(reply);
}

function perform(task: Task): Reply {
  if (task.type === 'explore') {
    return { type: 'explored', exploration: exploreBatch(search, task.from, task.to) };
  }
  const request = shrinkRequestOf({ subject, ...task });
  const shrunk = shrink({
    ...request,
    variant: task.variant,
    interrupted: () => Atomics.load(flag, 0) !== 0,
    onProgress({ now, replays }) {
      send({ type: 'shrinking', now, replays });
    },
  });
  return { type: 'shrunk', shrunk };
}
