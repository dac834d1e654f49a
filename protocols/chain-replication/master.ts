/**
 * §3: the master detects failures, takes servers out of the chain and lets them in again at its
 * end. The paper assumes that it never fails (a replicated service stands behind it); here it is
 * one node with a disk, and while it is down the chain stays as it is.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { advance, announceHandOver, sendAgain } from './forward.ts';
import type {
  Alive,
  CaughtUp,
  ChainEffects,
  Configuration,
  Configure,
  Confirm,
} from './messages.ts';
import { newMachine } from './machine.ts';
import type { ChainRules } from './rules.ts';
import { isMaster, masterOf, tailOf, type ChainState } from './state.ts';

/** The timers that a node begins its life with. */
export function begin(state: ChainState, effects: ChainEffects): void {
  if (isMaster(state)) {
    for (const node of state.nodes) if (node !== state.self) watch(state, node, effects);
  } else restartAlive(state, effects);
}

/** A sign of life; the chain gets once more what may have got lost. */
export function onAliveTimer(state: ChainState, effects: ChainEffects): void {
  const { epoch } = state.configuration;
  effects.send(masterOf(state.nodes), { type: 'Alive', epoch });
  sendAgain(state, effects);
  if (state.handingOver) announceHandOver(state, effects);
  restartAlive(state, effects);
}

export function onAlive(
  state: ChainState,
  from: NodeId,
  { epoch }: Alive,
  effects: ChainEffects,
): void {
  // A stranger is in no cluster: it cannot be in a chain.
  if (!isMaster(state) || !state.nodes.includes(from)) return;
  watch(state, from, effects);
  const { chain, joining } = state.configuration;
  if (!chain.includes(from) && joining === null) {
    decide(state, { chain, joining: from }, effects);
  } else if (epoch < state.configuration.epoch) {
    effects.send(from, { type: 'Configure', ...state.configuration });
  }
}

/** The last server of a chain stays in it: whatever is left is there. */
export function onSuspectTimer(state: ChainState, effects: ChainEffects, node: NodeId): void {
  const { chain, joining } = state.configuration;
  if (joining === node) decide(state, { chain, joining: null }, effects);
  else if (chain.includes(node) && chain.length > 1) {
    decide(state, { chain: chain.filter((other) => other !== node), joining }, effects);
  } else watch(state, node, effects);
}

export function onCaughtUp(
  state: ChainState,
  from: NodeId,
  { epoch }: CaughtUp,
  effects: ChainEffects,
): void {
  const { configuration } = state;
  const { chain, joining } = configuration;
  if (!isMaster(state) || epoch !== configuration.epoch || joining === null) return;
  if (from !== tailOf(configuration)) return;
  decide(state, { chain: [...chain, joining], joining: null }, effects);
}

export function onConfirm(
  state: ChainState,
  from: NodeId,
  { epoch, client, sequence }: Confirm,
  effects: ChainEffects,
): void {
  if (!isMaster(state)) return;
  if (epoch === state.configuration.epoch) {
    effects.send(from, { type: 'Confirmed', epoch, client, sequence });
  } else effects.send(from, { type: 'Configure', ...state.configuration });
}

/** A server takes its new place; one that joins forgets what it had, and gets it all anew. */
export function onConfigure(
  rules: ChainRules,
  state: ChainState,
  { epoch, chain, joining }: Configure,
  effects: ChainEffects,
): void {
  if (epoch <= state.configuration.epoch) return;
  state.configuration = { epoch, chain, joining };
  state.handingOver = false;
  state.reads = [];
  if (joining === state.self) {
    state.log.reset(0, 0);
    state.machine = newMachine(state.options);
    state.stored = state.stable = state.applied = 0;
    state.writes = [];
  }
  state.match = 0;
  state.next = state.log.lastIndex + 1;
  effects.persist();
  if (chain[0] === state.self) effects.log({ event: 'leader_elected', term: epoch });
  advance(rules, state, effects);
  // Without updates: the answer tells where the new successor is.
  if (state.log.lastIndex > 0) probe(state, effects);
}

function probe(state: ChainState, effects: ChainEffects): void {
  state.match = state.log.lastIndex;
  sendAgain(state, effects);
  state.match = 0;
}

function decide(
  state: ChainState,
  { chain, joining }: Pick<Configuration, 'chain' | 'joining'>,
  effects: ChainEffects,
): void {
  const configuration = { epoch: state.configuration.epoch + 1, chain, joining };
  state.configuration = configuration;
  effects.persist();
  for (const node of state.nodes) {
    if (node !== state.self) effects.send(node, { type: 'Configure', ...configuration });
  }
}

function watch({ options }: ChainState, node: NodeId, effects: ChainEffects): void {
  effects.setTimer('suspect', options.suspectMinMs, options.suspectMaxMs, node);
}

function restartAlive({ options }: ChainState, effects: ChainEffects): void {
  effects.setTimer('alive', options.aliveMs, options.aliveMs);
}
