/** Chain replication: which handler serves which message. The README maps sections to files. */
import type { Observation, Protocol } from '../../sim/engine/protocol.ts';
import { Log } from '../common/log.ts';
import { onForward, onGap, onPersisted, onStored, recover } from './forward.ts';
import { newMachine } from './machine.ts';
import {
  begin,
  onAlive,
  onAliveTimer,
  onCaughtUp,
  onConfigure,
  onConfirm,
  onSuspectTimer,
} from './master.ts';
import { describeMessage, type ChainMessage, type ChainTimer } from './messages.ts';
import type { ChainOptions } from './options.ts';
import { onConfirmed, onRequest } from './requests.ts';
import { paperRules, type ChainRules } from './rules.ts';
import { isHead, isMaster, isTail, type ChainState } from './state.ts';

export type ChainReplication = Protocol<ChainState, ChainMessage, ChainTimer, ChainOptions>;

/** The protocol made from its rules; the paper's own when none are given. */
export function chainReplication(rules: ChainRules = paperRules): ChainReplication {
  return {
    name: 'chain-replication',
    paper:
      'van Renesse and Schneider, Chain Replication for Supporting High Throughput and ' +
      'Availability, OSDI 2004',
    durable: ['configuration', 'log', 'handingOver'],
    start(durable, options, effects) {
      const { nodes, self } = effects;
      const chain = nodes.length === 1 ? nodes : nodes.slice(0, -1);
      const log = durable?.log ?? new Log();
      const state: ChainState = {
        configuration: durable?.configuration ?? { epoch: 1, chain, joining: null },
        log,
        handingOver: durable?.handingOver ?? false,
        stored: log.lastIndex,
        writes: [],
        stable: 0,
        applied: 0,
        machine: newMachine(options),
        match: 0,
        next: log.lastIndex + 1,
        reads: [],
        self,
        nodes,
        options,
      };
      // Clients that wait for what the disk of a tail still has ask once more.
      if (isTail(state)) recover(state);
      begin(state, effects);
      return state;
    },
    onMessage: {
      Forward: (state, from, message, effects) => onForward(rules, state, from, message, effects),
      Stored: (state, from, message, effects) => onStored(rules, state, from, message, effects),
      Gap: (state, from, message, effects) => onGap(rules, state, from, message, effects),
      Alive: onAlive,
      Configure: (state, _from, message, effects) => onConfigure(rules, state, message, effects),
      CaughtUp: onCaughtUp,
      Confirm: onConfirm,
      Confirmed: (state, _from, message, effects) => onConfirmed(state, message, effects),
    },
    onTimer: { alive: onAliveTimer, suspect: onSuspectTimer },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    onPersisted: (state, token, effects) => onPersisted(rules, state, token, effects),
    observe,
    describe: describeMessage,
  };
}

function observe(state: ChainState): Observation {
  const { configuration, stable, applied, log } = state;
  const { epoch, chain } = configuration;
  const leader = chain[0] ?? null;
  return {
    role: roleOf(state),
    epoch,
    leads: isHead(state),
    leader,
    decided: stable,
    applied,
    log: isMaster(state) && chain.length > 0 && !isHead(state) ? null : log,
  };
}

/** head, tail, middle, joining, master, or outside while it is in no chain. */
export function roleOf(state: ChainState): string {
  const { configuration, self } = state;
  if (isHead(state)) return 'head';
  if (isTail(state)) return 'tail';
  if (configuration.chain.includes(self)) return 'middle';
  if (configuration.joining === self) return 'joining';
  return isMaster(state) ? 'master' : 'outside';
}
