/** Execution (§4.2): what has committed is executed in order; every replica replies. */
import type { Batch, PbftEffects, SignedRequest } from './messages.ts';
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
    const applied = execute(rules, state, batch, effects);
    state.log.append({ term: prePrepare.view, digest: prePrepare.digest, batch, applied });
    if (sequence % state.options.checkpointInterval === 0) takeCheckpoint(rules, state, effects);
  }
  if (state.lastExecuted === before) return false;
  const context = { index: state.lastExecuted };
  effects.log({ event: 'commit_applied', term: state.view, context });
  return true;
}

/**
 * Returns the requests that took effect. The machine knows the last reply to each client (§4.1).
 * Its clock stands still: a faulty primary could set it, and old replies would be forgotten.
 */
function execute(rules: PbftRules, state: PbftState, batch: Batch, effects: PbftEffects): Batch {
  const applied: SignedRequest[] = [];
  for (const request of batch) {
    if (rules.lastReply(state.machine, request) === null) applied.push(request);
    const response = state.machine.apply(request, 0);
    effects.respond(request, withPrimary(state, response));
  }
  forgetExecuted(state, batch);
  for (const { client, sequence } of batch) {
    if ((state.assigned[client] ?? Infinity) <= sequence) delete state.assigned[client];
  }
  return Object.freeze(applied);
}

function forgetExecuted(state: PbftState, batch: Batch): void {
  if (state.waiting.length === 0 || batch.length === 0) return;
  state.waiting = state.waiting.filter(
    ({ client, sequence }) =>
      !batch.some((done) => done.client === client && done.sequence >= sequence),
  );
}
