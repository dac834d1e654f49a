/** The edits that somebody collects for a fork, and what became of it. */
import { signal, type Signal } from '@preact/signals';
import type { Edit, Onward } from '../fork/edit.ts';
import type { ForkDone, WorkerAnswer } from '../fork/request.ts';
import { identityOf } from '../../trace/format.ts';
import { openSide, say, showBeside, sides, tab } from './app-state.ts';
import type { Side } from './side.ts';
import { ask } from './worker-client.ts';

export const edits: Signal<readonly Edit[]> = signal([]);
/** The event after which the edits happen; null: the one at the cursor. */
export const forkAt: Signal<number | null> = signal(null);
export const onward: Signal<Onward> = signal('run');
export const isRunning = signal(false);
export const forkProblem: Signal<string | null> = signal(null);
/** The last fork: it can be saved. */
export const forked: Signal<{ readonly done: ForkDone; readonly at: number } | null> = signal(null);

/** What to do behind the edits when nobody has chosen: a script has an end of its own. */
export function usualOnward({ store }: Side): Onward {
  const isScript = /^schedule:/m.test(store.header.scenario.text);
  return isScript || store.header.order === 'untimed' ? 'follow' : 'run';
}

export function addEdit(edit: Edit, at: number): void {
  if (forkAt.value !== null && forkAt.value !== at) edits.value = [];
  forkAt.value = at;
  edits.value = [...edits.value, edit];
  tab.value = 'fork';
}

/** Instead of the message that arrives at the cursor: the run forks before its arrival. */
export function dropThis(side: Side): void {
  const { event } = side;
  if (event === null) return;
  onward.value = usualOnward(side);
  edits.value = [];
  addEdit({ type: 'drop', event: identityOf(event) }, event.index - 1);
}

export async function runFork(side: Side): Promise<void> {
  const { store } = side;
  const at = forkAt.value ?? side.step.value;
  if (store.first > 0) {
    forkProblem.value = 'this page holds only a part of the run, and a fork needs its beginning';
    return;
  }
  isRunning.value = true;
  forkProblem.value = null;
  const answer = await ask({
    type: 'fork',
    header: store.header,
    start: store.start,
    before: store.slice(0, at + 1),
    edits: edits.value,
    onward: onward.value,
    after: onward.value === 'follow' ? store.slice(at + 1, store.count) : [],
  });
  isRunning.value = false;
  take(answer, `fork at ${at}`, at, true);
}

/** Runs a scenario as it stands in the editor. */
export async function runScenarioText(side: Side, text: string, seed: string): Promise<void> {
  isRunning.value = true;
  forkProblem.value = null;
  const { file } = side.store.header.scenario;
  const answer = await ask({ type: 'run', text, file, seed });
  isRunning.value = false;
  take(answer, `${file}, edited`, -1, false);
}

function take(answer: WorkerAnswer, name: string, at: number, stays: boolean): void {
  if (answer.type === 'failed') {
    forkProblem.value = answer.problem;
    return;
  }
  const second = openSide(name, answer.bytes);
  if (second === null) return;
  forked.value = { done: answer, at };
  showBeside(second);
  if (stays) second.go(Math.min(at + 1, second.store.count - 1));
  const { violation, events } = answer;
  const end =
    violation === null ? 'no invariant is violated' : `${violation.invariant} is violated`;
  say(`${name}: ${events} events, ${end}`);
}

export function forget(): void {
  const [first] = sides.value;
  edits.value = [];
  forkAt.value = null;
  forked.value = null;
  forkProblem.value = null;
  if (first !== undefined) sides.value = [first];
}
