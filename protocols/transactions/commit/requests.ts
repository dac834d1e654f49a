/** What clients ask: whoever is asked coordinates the transaction. */
import type { Request } from '../../../sim/engine/protocol.ts';
import { clientOf } from '../../common/client.ts';
import { stepsOf } from '../operations.ts';
import type { CommitEffects } from './messages.ts';
import type { CommitRules } from './rules.ts';
import { begin } from './steps.ts';
import type { CommitState } from './state.ts';

/**
 * A transaction is repeated only where it was first asked for: that node knows what has become of
 * it; another one would do it for a second time.
 */
export const transactionClient = clientOf({ begins: 'anywhere', mayMove: () => false });

export function onRequest(
  rules: CommitRules,
  state: CommitState,
  request: Request,
  effects: CommitEffects,
): void {
  const { client, sequence, command } = request;
  const { coordinator, deduplicate } = state.options;
  if (coordinator !== null && coordinator !== effects.self) {
    effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', hint: coordinator });
    return;
  }
  const steps = stepsOf(command);
  if (steps === null) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  if (isUnderWay(state, request)) return;
  const known = deduplicate ? state.sessions.get(client) : undefined;
  if (known !== undefined && known.sequence > sequence) {
    effects.respond(request, { type: 'error', code: 'DUPLICATE_REQUEST' });
  } else if (known?.sequence === sequence) effects.respond(request, known.response);
  else begin(rules, state, request, steps, effects);
}

/** The answer to an earlier copy is still to come, or, after a crash, still to be found out. */
function isUnderWay(
  { transactions, workspaces }: CommitState,
  { client, sequence }: Request,
): boolean {
  return (
    transactions.some(
      ({ request }) => request.client === client && request.sequence === sequence,
    ) || workspaces.some(({ answer }) => answer?.client === client && answer.sequence === sequence)
  );
}
