/** Execution (§4.2): what has committed is executed in order; every replica replies. */
import type { Batch, PbftEffects } from './messages.ts';
import { takeCheckpoint } from './checkpoint.ts';
import { withPrimary } from './requests.ts';
import type { PbftRules } from './rules.ts';
import type { PbftState } from './state.ts';

/** True when something was executed. */
export function executeCommitted(
  rules: PbftRules,
  state: PbftState,
  effects: PbftEffects,
): boolean {
  const before = state.lastExecuted;
  for (;;) {
    const slot = state.slots.get(state.lastExecuted + 1);
    if (slot === undefined || !rules.mayExecute(slot)) break;
    const { sequence, prePrepare, batch } = slot;
    if (batch === null || prePrepare === null) break;
    state.lastExecuted = sequence;
    state.log.append({ term: prePrepare.view, digest: prePrepare.digest, batch });
    execute(state, batch, effects);
    if (sequence % state.options.checkpointInterval === 0) takeCheckpoint(rules, state, effects);
  }
  if (state.lastExecuted === before) return false;
  const context = { index: state.lastExecuted };
  effects.log({ event: 'commit_applied', term: state.view, context });
  // §4.5.2: the view is good enough; the next change begins with the shortest timeout.
  state.failures = 0;
  return true;
}

/**
 * The machine knows the last reply to each client (§4.1). Its clock stands still: a faulty primary
 * could set it, and old replies would be forgotten.
 */
function execute(state: PbftState, batch: Batch, effects: PbftEffects): void {
  for (const request of batch) {
    const response = state.machine.apply(request, 0);
    effects.respond(request, withPrimary(state, response));
  }
  forgetExecuted(state, batch);
  for (const { client, sequence } of batch) {
    if ((state.assigned[client] ?? Infinity) <= sequence) delete state.assigned[client];
  }
}

function forgetExecuted(state: PbftState, batch: Batch): void {
  if (state.waiting.length === 0 || batch.length === 0) return;
  state.waiting = state.waiting.filter(
    ({ client, sequence }) =>
      !batch.some((done) => done.client === client && done.sequence >= sequence),
  );
}
