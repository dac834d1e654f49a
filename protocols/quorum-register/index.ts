/** The replicated register: which handler serves which message. The README maps phases to files. */
import type { Observation, Protocol } from '../../sim/engine/protocol.ts';
import { Table } from '../common/table.ts';
import { describeMessage, type RegisterMessage, type RegisterTimer } from './messages.ts';
import { onResendTimer } from './operations.ts';
import type { RegisterOptions } from './options.ts';
import { onPersisted, onPropagate, onPropagateReply } from './propagate.ts';
import { onQuery, onQueryReply } from './query.ts';
import { onRequest, registerClient } from './requests.ts';
import { paperRules, type RegisterRules } from './rules.ts';
import type { RegisterState } from './state.ts';

export type QuorumRegister = Protocol<
  RegisterState,
  RegisterMessage,
  RegisterTimer,
  RegisterOptions
>;

/** The protocol made from its rules; the papers' own when none are given. */
export function quorumRegister(rules: RegisterRules = paperRules): QuorumRegister {
  return {
    name: 'quorum-register',
    paper:
      'Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems, 1995; ' +
      'several writers: Lynch and Shvartsman, Robust Emulation of Shared Memory, 1997',
    durable: ['registers', 'writes', 'lastCounter'],
    start: (durable, options, effects) => ({
      registers: durable?.registers ?? new Table(),
      writes: durable?.writes ?? new Table(),
      lastCounter: durable?.lastCounter ?? 0,
      operations: [],
      lastPersist: 0,
      durableUpTo: 0,
      nodes: effects.nodes,
      options,
    }),
    onMessage: {
      Query: onQuery,
      QueryReply: (state, from, message, effects) =>
        onQueryReply(rules, state, from, message, effects),
      Propagate: (state, from, message, effects) =>
        onPropagate(rules, state, from, message, effects),
      PropagateReply: (state, from, message, effects) =>
        onPropagateReply(rules, state, from, message, effects),
    },
    onTimer: { resend: onResendTimer },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    onPersisted: (state, token, effects) => onPersisted(rules, state, token, effects),
    client: registerClient,
    observe,
    describe: describeMessage,
  };
}

const replica: Observation = Object.freeze({
  role: 'replica',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});

/** All nodes are alike: nobody leads, and there is no log whose positions could be decided. */
function observe(): Observation {
  return replica;
}
