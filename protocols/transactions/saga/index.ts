/** Sagas: which handler serves which message. */
import type { Observation, Protocol } from '../../../sim/engine/protocol.ts';
import { clientOf } from '../../common/client.ts';
import { withLoopback } from '../../common/loopback.ts';
import { describeMessage, type SagaMessage, type SagaTimer } from './messages.ts';
import * as orchestrator from './orchestrator.ts';
import { paperRules, type SagaRules } from './rules.ts';
import { onDo, onUndo } from './shard.ts';
import { start, type SagaOptions, type SagaState } from './state.ts';

export type Saga = Protocol<SagaState, SagaMessage, SagaTimer, SagaOptions>;

/** Made from its rules; the paper's own when none are given. */
export function saga(rules: SagaRules = paperRules): Saga {
  return withLoopback<SagaState, SagaMessage, SagaTimer, SagaOptions>({
    name: 'saga',
    paper: 'Garcia-Molina and Salem, Sagas, SIGMOD 1987',
    durable: ['values', 'ledger', 'log', 'sessions', 'life'],
    start,
    onMessage: {
      Do: (state, from, message, effects) => onDo(rules, state, from, message, effects),
      Done: (state, _from, message, effects) => orchestrator.onDone(rules, state, message, effects),
      Failed: (state, _from, message, effects) =>
        orchestrator.onFailed(rules, state, message, effects),
      Undo: onUndo,
      Undone: (state, _from, message, effects) =>
        orchestrator.onUndone(rules, state, message, effects),
    },
    onTimer: { tick: (state, effects) => orchestrator.onTickTimer(rules, state, effects) },
    onRequest: (state, request, effects) => orchestrator.onRequest(rules, state, request, effects),
    client: clientOf({ begins: 'anywhere', mayMove: () => false }),
    observe: () => shard,
    describe: describeMessage,
  });
}

const shard: Observation = Object.freeze({
  role: 'shard',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});
