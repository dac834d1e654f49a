/** Primary–backup replication: which handler serves which message. The README says why. */
import type { Observation, Protocol } from '../../sim/engine/protocol.ts';
import { Log } from '../common/log.ts';
import { onApplyTimer, onFallbackTimer } from './commit.ts';
import { describeMessage, type ReplicationMessage, type ReplicationTimer } from './messages.ts';
import type { ReplicationOptions } from './options.ts';
import { onRequest } from './requests.ts';
import { paperRules, type ReplicationRules } from './rules.ts';
import {
  onAcknowledge,
  onHeartbeatTimer,
  onMissing,
  onPersisted,
  onReplicate,
} from './shipping.ts';
import { newMachine, restartFailover, type ReplicationState } from './state.ts';
import { lead, onFailoverTimer, onNewView, onPromiseView, onPromote, onStale } from './views.ts';

export type Replication = Protocol<
  ReplicationState,
  ReplicationMessage,
  ReplicationTimer,
  ReplicationOptions
>;

/** The protocol made from its rules; the clean ones when none are given. */
export function replication(rules: ReplicationRules = paperRules): Replication {
  return {
    name: 'replication',
    paper:
      'Budhiraja, Marzullo, Schneider and Toueg, The Primary-Backup Approach, 1993; views: ' +
      'Liskov and Cowling, Viewstamped Replication Revisited, 2012',
    durable: ['epoch', 'log'],
    start(durable, options, effects) {
      const state: ReplicationState = {
        epoch: durable?.epoch ?? 1,
        log: durable?.log ?? new Log(),
        role: 'backup',
        primary: null,
        committed: 0,
        applied: 0,
        machine: newMachine(options),
        isApplying: false,
        progress: {},
        stored: 0,
        writes: [],
        waiting: [],
        isAwaiting: false,
        isAlone: false,
        promises: [],
        nodes: effects.nodes,
        options,
      };
      begin(state, durable === null, effects);
      return state;
    },
    onMessage: {
      Replicate: (state, from, message, effects) =>
        onReplicate(rules, state, from, message, effects),
      Acknowledge: (state, from, message, effects) =>
        onAcknowledge(rules, state, from, message, effects),
      Missing: onMissing,
      Stale: (state, _from, { epoch }, effects) => onStale(state, epoch, effects),
      NewView: (state, from, message, effects) => onNewView(rules, state, from, message, effects),
      PromiseView: (state, from, message, effects) =>
        onPromiseView(rules, state, from, message, effects),
      Promote: (state, _from, message, effects) => onPromote(state, message, effects),
    },
    onTimer: {
      heartbeat: onHeartbeatTimer,
      failover: (state, effects) => onFailoverTimer(rules, state, effects),
      apply: (state, effects) => onApplyTimer(rules, state, effects),
      fallback: (state, effects) => onFallbackTimer(rules, state, effects),
    },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    onPersisted: (state, token, effects) => onPersisted(rules, state, token, effects),
    observe,
    describe: describeMessage,
  };
}

/** The first epoch is led by the first node, by agreement before the start. */
function begin(
  state: ReplicationState,
  isFirst: boolean,
  effects: Parameters<Replication['start']>[2],
): void {
  const [first = effects.self] = effects.nodes;
  if (isFirst && effects.self === first) {
    lead(state, effects);
    return;
  }
  if (isFirst) state.primary = first;
  restartFailover(state, effects);
}

function observe({ role, epoch, primary, committed, applied, log }: ReplicationState): Observation {
  const leads = role === 'primary';
  return { role, epoch, leads, leader: primary, decided: committed, applied, log };
}
