/** Worker threads that play blocks of a search and shrink runs; one that dies is replaced. */
import { Worker } from 'node:worker_threads';
import type { Variant, Shrunk } from '../shrink/index.ts';
import type { Exploration, Scope } from '../search/index.ts';
import type { Step } from '../trace/index.ts';
import type { Violation } from '../engine/index.ts';

/** What a worker makes its search from. */
export interface CrewOrders {
  readonly text: string;
  /** Modules of the user are looked for from here. */
  readonly file: string;
  readonly seed: string;
  readonly strategy: string;
  readonly scope: Partial<Scope>;
}

export type Task =
  | { readonly type: 'explore'; readonly from: number; readonly to: number }
  | {
      readonly type: 'shrink';
      readonly seed: string;
      readonly steps: readonly Step[];
      readonly violation: Violation;
      readonly atEnd: boolean;
      readonly inTime: boolean;
      readonly variant: Variant;
    };

export type Reply =
  | { readonly type: 'explored'; readonly exploration: Exploration }
  | { readonly type: 'shrinking'; readonly now: number; readonly replays: number }
  | { readonly type: 'shrunk'; readonly shrunk: Shrunk | null };

/** What `workerData` is. */
export interface WorkerInput {
  readonly entry: string;
  readonly orders: CrewOrders;
  /** One number; not 0: whatever is under way ends with what it has. */
  readonly stop: SharedArrayBuffer;
}

export class Crew {
  private readonly orders: CrewOrders;
  private readonly stop = new SharedArrayBuffer(4);
  private idle: Worker[] = [];
  private readonly all = new Set<Worker>();

  constructor(orders: CrewOrders) {
    this.orders = orders;
  }

  /**
   * Has a worker do it. Rejects with a `Death` when the worker dies over it; the next task gets
   * another worker.
   */
  async perform(task: Task, onProgress?: (reply: Reply) => void): Promise<Reply> {
    const worker = this.idle.pop() ?? this.hire();
    const reply = await answerOf(worker, task, onProgress);
    if (this.all.has(worker)) this.idle.push(worker);
    return reply;
  }

  /** Tells everybody to come to an end with what there is. */
  interrupt(): void {
    Atomics.store(new Int32Array(this.stop), 0, 1);
  }

  async dismiss(): Promise<void> {
    await Promise.all([...this.all].map((worker) => worker.terminate()));
  }

  private hire(): Worker {
    const own = import.meta.url;
    const isSource = own.endsWith('.ts');
    const entry = new URL(isSource ? './crew-worker.ts' : './crew-worker.js', own);
    const start = isSource ? new URL('./boot.mjs', own) : entry;
    const workerData: WorkerInput = { entry: entry.href, orders: this.orders, stop: this.stop };
    const worker = new Worker(start, { workerData });
    this.all.add(worker);
    // One that ends while it has nothing to do is not asked again.
    const forget = () => {
      this.all.delete(worker);
      this.idle = this.idle.filter((other) => other !== worker);
    };
    worker.on('error', forget).on('exit', forget);
    return worker;
  }
}

/** A worker died over a task. */
export class Death extends Error {}

function answerOf(
  worker: Worker,
  task: Task,
  onProgress: ((reply: Reply) => void) | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onMessage = (reply: Reply) => {
      if (reply.type === 'shrinking') {
        onProgress?.(reply);
        return;
      }
      leave();
      resolve(reply);
    };
    const onError = (error: unknown) => {
      leave();
      reject(new Death(error instanceof Error ? error.message : String(error), { cause: error }));
    };
    const onExit = (code: number) => onError(`it ended with code ${code}`);
    const leave = () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task);
  });
}
