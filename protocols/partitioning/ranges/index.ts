/** Range partitioning with a directory: which handler serves which message. */
import type {
  AnyProtocol,
  Observation,
  Plain,
  Protocol,
  Response,
} from '../../../sim/engine/protocol.ts';
import { clientOf } from '../../common/client.ts';
import { Host } from '../../common/embed.ts';
import { withLoopback } from '../../common/loopback.ts';
import { onAdministration } from './administration.ts';
import { onBalanceTimer, onLoad } from './balance.ts';
import {
  describeMessage,
  type RangeEffects,
  type RangeMessage,
  type RangeTimer,
} from './messages.ts';
import type { RangeOptions } from './options.ts';
import * as owner from './owner.ts';
import * as router from './router.ts';
import { rules as paperRules, type RangeRules } from './rules.ts';
import { firstHeld, groupsOf, keepTicking, type RangeState } from './state.ts';

export type RangePartitioning = Protocol<RangeState, RangeMessage, RangeTimer, RangeOptions>;

/** A question to a silent member of the directory is put to the next one after so long. */
const ASK_AGAIN_MS = 200;

/** `inner` keeps the directory: a protocol that replicates the key-value store. */
export function rangePartitioning(
  inner: AnyProtocol,
  rules: RangeRules = paperRules,
): RangePartitioning {
  const host = new Host(inner, { askAgainMs: ASK_AGAIN_MS });
  return withLoopback<RangeState, RangeMessage, RangeTimer, RangeOptions>({
    name: 'range-partitioning',
    paper:
      'Chang et al., Bigtable, OSDI 2006, §5; Taft et al., CockroachDB, SIGMOD 2020, §2; ' +
      'moving shards: MIT 6.5840, lab 5',
    durable: ['held', 'disks', 'life'],
    start: (durable, options, effects) => start(host, durable, options, effects),
    onMessage: {
      Forward: (state, from, message, effects) =>
        owner.onForward(rules, state, from, message, effects),
      Forwarded: (state, _from, message, effects) => router.onForwarded(state, message, effects),
      Misrouted: (state, from, message, effects) =>
        router.onMisrouted(host, state, from, message, effects),
      Transfer: (state, from, message, effects) =>
        owner.onTransfer(rules, state, from, message, effects),
      Transferred: (state, _from, message, effects) =>
        owner.onTransferred(host, rules, state, message, effects),
      Activate: (state, _from, message, effects) => owner.onActivate(state, message, effects),
      Load: (state, from, { operations }) => onLoad(state, from, operations),
      Inner: (state, from, message, effects) =>
        host.onInner(state, from, message, groupsOf(state.options), effects),
      Ask: (state, _from, message, effects) =>
        host.onAsk(state, message, groupsOf(state.options), effects),
      Answer: (state, from, message, effects) => {
        const done = host.onAnswer(state, from, message, groupsOf(state.options), effects);
        if (done !== null) onDirectory(host, rules, state, done, effects);
      },
    },
    onTimer: {
      tick(state, effects) {
        state.ticks = false;
        router.pursue(host, state, effects);
        owner.pursueChanges(host, rules, state, effects);
        keepTicking(state, effects);
      },
      balance: (state, effects) => onBalanceTimer(host, rules, state, effects),
      inner: (state, effects, key) =>
        host.onInnerTimer(state, key, groupsOf(state.options), effects),
      ask: (state, effects) => host.onAskTimer(state, groupsOf(state.options), effects),
    },
    onRequest(state, request, effects) {
      if (onAdministration(host, rules, state, request, effects)) return;
      router.onRequest(host, state, request, effects);
    },
    onPersisted: (state, token, effects) =>
      host.onPersisted(state, token, groupsOf(state.options), effects),
    // Whoever is asked routes; a repeated request is known to the range, wherever that is by then.
    client: clientOf({ begins: 'anywhere', mayMove: () => true }),
    observe: () => node,
    describe: (message) =>
      message.type === 'Inner' && inner.describe !== undefined
        ? `${message.message.type} ${inner.describe(message.message)}`
        : describeMessage(message),
  });
}

function start(
  host: Host,
  durable: Partial<RangeState> | null,
  options: RangeOptions,
  effects: RangeEffects,
): RangeState {
  const state: RangeState = {
    ...host.start(durable, groupsOf(options), effects),
    held: durable?.held ?? firstHeld(options, effects),
    routes: null,
    routed: [],
    ticks: false,
    looksUp: false,
    confirmed: [],
    counts: [],
    loads: [],
    nodes: effects.nodes,
    options,
  };
  keepTicking(state, effects);
  const { balance, balanceMs } = options;
  if (balance) effects.setTimer('balance', balanceMs, 2 * balanceMs);
  return state;
}

/** The directory has answered: a router, or an owner that wants to change it. */
function onDirectory(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  { tag, response }: { readonly tag: Plain; readonly response: Response },
  effects: RangeEffects,
): void {
  const about = tag as { readonly why: string; readonly start: string; readonly epoch: number };
  const value = response.type === 'ok' ? response.value : null;
  if (about.why === 'routes') router.onRoutes(host, state, value, effects);
  else if (about.why === 'begin') {
    state.looksUp = false;
    router.lookUp(host, state, effects);
  } else if (about.why === 'incoming') owner.onIncomingRead(state, about.start, value, effects);
  else if (about.why === 'change') {
    if (value === null) router.lookUp(host, state, effects);
    else owner.onDirectoryRead(host, state, about, value, rules, effects);
  } else {
    // Whether it was swapped or not: what the directory says now decides.
    const held = state.held.find((one) => one.start === about.start);
    if (held !== undefined) owner.advance(host, rules, state, held, effects);
  }
}

const node: Observation = Object.freeze({
  role: 'node',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});
