/** Replicas that write on their own and merge: which handler serves which message. */
import type { Observation, Protocol } from '../../sim/engine/protocol.ts';
import { Table } from '../common/table.ts';
import { onAcknowledge, onGossip, onGossipTimer, restartGossip } from './gossip.ts';
import { clockAtStart } from './hybrid-clock.ts';
import { describeMessage, type ConflictMessage, type ConflictTimer } from './messages.ts';
import type { ConflictOptions } from './options.ts';
import { anywhereClient, onRequest } from './requests.ts';
import { paperRules, type ConflictRules } from './rules.ts';
import type { ConflictState } from './state.ts';

export type ConflictResolution = Protocol<
  ConflictState,
  ConflictMessage,
  ConflictTimer,
  ConflictOptions
>;

/** The protocol made from its rules; the papers' own when none are given. */
export function conflictResolution(rules: ConflictRules = paperRules): ConflictResolution {
  return {
    name: 'conflict-resolution',
    paper:
      'Shapiro, Preguiça, Baquero and Zawirski, Conflict-free Replicated Data Types, SSS 2011; ' +
      'gossip: Demers et al., PODC 1987',
    durable: ['items', 'writes', 'clock'],
    start(durable, options, effects) {
      const state: ConflictState = {
        items: durable?.items ?? new Table(),
        writes: durable?.writes ?? new Table(),
        clock: durable?.clock ?? clockAtStart,
        seen: {},
        changes: [],
        lastChange: 0,
        acknowledged: {},
        conflicts: 0,
        self: effects.self,
        nodes: effects.nodes,
        options,
      };
      restartGossip(state, effects);
      return state;
    },
    onMessage: {
      Whole: (state, from, message, effects) => onGossip(rules, state, from, message, effects),
      Deltas: (state, from, message, effects) => onGossip(rules, state, from, message, effects),
      Acknowledge: (state, from, { upTo }) => onAcknowledge(state, from, upTo),
    },
    onTimer: { gossip: (state, effects) => onGossipTimer(rules, state, effects) },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    client: anywhereClient,
    observe: () => replica,
    settlesMs: ({ settleMs }) => settleMs,
    describe: describeMessage,
  };
}

/** Nobody leads, and there is no log whose positions could be decided. */
const replica: Observation = Object.freeze({
  role: 'replica',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});
