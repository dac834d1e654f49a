/** §2: updates go down the chain, in order and without gaps; word of the tail comes back up. */
import type { NodeId, WriteToken } from '../../sim/engine/protocol.ts';
import type { ChainEffects, Entry, Forward, Gap, Stored } from './messages.ts';
import type { ChainRules } from './rules.ts';
import { isHead, isTail, masterOf, predecessorOf, successorOf, type ChainState } from './state.ts';

/** Puts updates behind the log; they count, and go on, when the disk has them. */
export function append(
  rules: ChainRules,
  state: ChainState,
  entries: readonly Entry[],
  effects: ChainEffects,
): void {
  for (const entry of entries) state.log.append(entry);
  const token = effects.persist({ barrier: rules.forwardingWaitsForDisk });
  state.writes.push({ token, index: state.log.lastIndex });
  sendOn(state, effects);
}

export function onPersisted(
  rules: ChainRules,
  state: ChainState,
  token: WriteToken,
  effects: ChainEffects,
): void {
  const before = state.stored;
  for (const write of state.writes) if (write.token <= token) state.stored = write.index;
  state.writes = state.writes.filter((write) => write.token > token);
  if (state.stored > before) advance(rules, state, effects);
}

export function onForward(
  rules: ChainRules,
  state: ChainState,
  from: NodeId,
  { epoch, previousIndex, entries, stable }: Forward,
  effects: ChainEffects,
): void {
  if (rules.isFenced(epoch, state.configuration.epoch)) return;
  const { lastIndex } = state.log;
  if (!rules.followsOn(previousIndex, lastIndex)) {
    effects.send(from, { type: 'Gap', epoch, index: lastIndex });
    return;
  }
  const fresh = entries.slice(Math.max(0, lastIndex - previousIndex));
  if (fresh.length > 0) append(rules, state, fresh, effects);
  if (stable > state.stable) settle(rules, state, Math.min(stable, state.log.lastIndex), effects);
  effects.send(from, { type: 'Stored', epoch, index: state.log.lastIndex, stable: state.stable });
}

export function onStored(
  rules: ChainRules,
  state: ChainState,
  from: NodeId,
  { epoch, index, stable }: Stored,
  effects: ChainEffects,
): void {
  if (rules.isFenced(epoch, state.configuration.epoch) || from !== successorOf(state)) return;
  state.match = Math.max(state.match, index);
  state.next = Math.max(state.next, index + 1);
  if (from === state.configuration.joining) {
    handOver(rules, state, effects);
  } else if (stable > state.stable) {
    settle(rules, state, stable, effects);
    sendUp(state, effects);
  }
  sendOn(state, effects);
}

/** The successor's history is a prefix of this one: what it lacks begins where it ends. */
export function onGap(
  rules: ChainRules,
  state: ChainState,
  from: NodeId,
  { epoch, index }: Gap,
  effects: ChainEffects,
): void {
  if (rules.isFenced(epoch, state.configuration.epoch) || from !== successorOf(state)) return;
  state.match = Math.max(state.match, index);
  state.next = state.match + 1;
  sendOn(state, effects);
}

/** The tail, or whoever may answer, looks how far it can. */
export function advance(rules: ChainRules, state: ChainState, effects: ChainEffects): void {
  if (!rules.answers(isHead(state), isTail(state)) || state.stored <= state.stable) return;
  settle(rules, state, state.stored, effects);
  effects.log({
    event: 'log_replicated',
    term: state.configuration.epoch,
    context: { index: state.stable },
  });
  sendUp(state, effects);
}

/** A tail that comes back has acknowledged, or may acknowledge, all that is on its disk. */
export function recover(state: ChainState): void {
  const { log, machine } = state;
  for (const { request } of log.slice(1, log.lastIndex)) machine.apply(request, request.stamp);
  state.stable = state.applied = log.lastIndex;
}

/** Everything that the successor has not been sent. */
export function sendOn(state: ChainState, effects: ChainEffects): void {
  if (state.next <= state.log.lastIndex) send(state, state.next, effects);
}

/** What the successor has not acknowledged, once more; or nothing, to hear from it. */
export function sendAgain(state: ChainState, effects: ChainEffects): void {
  send(state, state.match + 1, effects);
}

export function announceHandOver(state: ChainState, effects: ChainEffects): void {
  const { epoch } = state.configuration;
  effects.send(masterOf(state.nodes), { type: 'CaughtUp', epoch });
}

function send(state: ChainState, first: number, effects: ChainEffects): void {
  const to = successorOf(state);
  if (to === null) return;
  const { log, stable, options, configuration } = state;
  const entries = log.slice(first, first + options.maxEntries - 1);
  const { epoch } = configuration;
  effects.send(to, { type: 'Forward', epoch, previousIndex: first - 1, entries, stable });
  state.next = Math.max(state.next, first + entries.length);
}

function sendUp(state: ChainState, effects: ChainEffects): void {
  const to = predecessorOf(state);
  if (to === null) return;
  const { log, stable, configuration } = state;
  effects.send(to, { type: 'Stored', epoch: configuration.epoch, index: log.lastIndex, stable });
}

/** §3.3: before the joining server becomes the tail, the old tail stops being it. */
function handOver(rules: ChainRules, state: ChainState, effects: ChainEffects): void {
  const isReady = rules.isCaughtUp(state.match, state.log.lastIndex);
  if (state.handingOver || !isReady) return;
  if (rules.stopsBeforeHandingOver) {
    state.handingOver = true;
    effects.persist();
  }
  announceHandOver(state, effects);
}

/** Applies what is stable; whoever answers tells the clients. */
function settle(rules: ChainRules, state: ChainState, upTo: number, effects: ChainEffects): void {
  const answers = rules.answers(isHead(state), isTail(state));
  state.stable = upTo;
  while (state.applied < Math.min(upTo, state.log.lastIndex)) {
    const index = ++state.applied;
    const request = state.log.at(index)?.request;
    if (request === undefined) continue;
    const response = state.machine.apply(request, request.stamp);
    if (answers) effects.respond(request, response);
    effects.log({
      event: 'commit_applied',
      term: state.configuration.epoch,
      context: { index },
    });
  }
}
