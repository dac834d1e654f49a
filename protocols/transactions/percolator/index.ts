/** Percolator: which handler serves which message. */
import type { Observation, Protocol } from '../../../sim/engine/protocol.ts';
import { clientOf } from '../../common/client.ts';
import { withLoopback } from '../../common/loopback.ts';
import * as coordinator from './coordinator.ts';
import { describeMessage, type PercolatorMessage, type PercolatorTimer } from './messages.ts';
import { onGetTimestamp } from './oracle.ts';
import * as rows from './rows.ts';
import { paperRules, type PercolatorRules } from './rules.ts';
import { start, type PercolatorOptions, type PercolatorState } from './state.ts';

export type Percolator = Protocol<
  PercolatorState,
  PercolatorMessage,
  PercolatorTimer,
  PercolatorOptions
>;

/** Made from its rules; the paper's own when none are given. */
export function percolator(rules: PercolatorRules = paperRules): Percolator {
  return withLoopback<PercolatorState, PercolatorMessage, PercolatorTimer, PercolatorOptions>({
    name: 'percolator',
    paper:
      'Peng and Dabek, Large-scale Incremental Processing Using Distributed Transactions and ' +
      'Notifications, OSDI 2010',
    durable: ['rows', 'intents', 'sessions', 'reserved', 'life'],
    start,
    onMessage: {
      GetTimestamp: (state, from, message, effects) =>
        onGetTimestamp(rules, state, from, message, effects),
      GivenTimestamp: (state, _from, message, effects) =>
        coordinator.onGivenTimestamp(state, message, effects),
      Get: (state, from, message, effects) => rows.onGet(rules, state, from, message, effects),
      GetReply: (state, _from, message, effects) => coordinator.onGetReply(state, message, effects),
      Prewrite: (state, from, message, effects) =>
        rows.onPrewrite(rules, state, from, message, effects),
      PrewriteReply: (state, _from, message, effects) =>
        coordinator.onPrewriteReply(state, message, effects),
      CommitKey: (state, from, message, effects) =>
        rows.onCommitKey(rules, state, from, message, effects),
      CommitReply: (state, _from, message, effects) =>
        coordinator.onCommitReply(state, message, effects),
      Rollback: (state, _from, message, effects) => rows.onRollback(rules, state, message, effects),
      Check: (state, from, message, effects) => rows.onCheck(rules, state, from, message, effects),
      Fate: (state, from, message, effects) =>
        coordinator.onFate(rules, state, from, message, effects),
    },
    onTimer: {
      tick: coordinator.onTickTimer,
      backoff: (state, effects, id) => coordinator.onBackoffTimer(state, id, effects),
    },
    onRequest: coordinator.onRequest,
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
