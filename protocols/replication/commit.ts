/** When a write counts as done: acknowledgement by mode, application, answers, MySQL's fallback. */
import { nthLargest } from '../common/quorum.ts';
import type { ReplicationEffects } from './messages.ts';
import type { ReplicationRules } from './rules.ts';
import { newMachine, type ReplicationState } from './state.ts';

/** The primary looks how far its mode allows it to acknowledge by now. */
export function advance(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  const awaited = rules.awaited(state.options, state.nodes.length);
  const matches = Object.values(state.progress).map(({ match }) => match);
  const backedUp = awaited === 0 ? state.stored : nthLargest(matches, awaited);
  if (state.isAlone && backedUp >= state.log.lastIndex) state.isAlone = false;
  const index = state.isAlone ? state.stored : Math.min(state.stored, backedUp);
  if (index > state.committed && rules.mayCommit(state.log.termAt(index), state.epoch)) {
    state.committed = index;
    effects.log({ event: 'log_replicated', term: state.epoch, context: { index } });
    // Somebody has answered: the time begins anew for the writes that still wait.
    state.isAwaiting = false;
  }
  apply(rules, state, effects);
  answer(state, effects);
  awaitBackups(rules, state, effects);
}

/** Applies what may be seen by now; a primary keeps the answers until they may be given. */
export function apply(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  const { log, options } = state;
  const isPrimary = state.role === 'primary';
  const upTo = isPrimary ? rules.visibleUpTo(state.committed, log.lastIndex) : state.committed;
  if (!isPrimary && options.applyMs > 0) {
    applyLater(state, effects);
    return;
  }
  applyUpTo(state, upTo, effects);
}

/** A backup has applied one write, and begins with the next one. */
export function onApplyTimer(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  state.isApplying = false;
  if (state.role !== 'primary')
    applyUpTo(state, Math.min(state.applied + 1, state.committed), effects);
  apply(rules, state, effects);
}

function applyLater(state: ReplicationState, effects: ReplicationEffects): void {
  if (state.isApplying || state.applied >= state.committed) return;
  state.isApplying = true;
  effects.setTimer('apply', state.options.applyMs, state.options.applyMs);
}

function applyUpTo(state: ReplicationState, upTo: number, effects: ReplicationEffects): void {
  const { log } = state;
  const isPrimary = state.role === 'primary';
  while (state.applied < Math.min(upTo, log.lastIndex)) {
    const index = ++state.applied;
    const request = log.at(index)?.request ?? null;
    const response = state.machine.apply(request, request?.stamp ?? 0);
    const client = isPrimary ? state.waiting.find((one) => one.index === index) : undefined;
    if (client !== undefined) client.answer = response;
    effects.log({ event: 'commit_applied', term: state.epoch, context: { index } });
  }
}

/** Entries behind `lastIndex` are gone: what was applied of them is taken back (pg_rewind). */
export function rewind(state: ReplicationState, lastIndex: number): void {
  state.committed = Math.min(state.committed, lastIndex);
  if (state.applied <= lastIndex) return;
  state.machine = newMachine(state.options);
  state.applied = 0;
  for (const { request } of state.log.slice(1, state.committed)) {
    state.machine.apply(request, request?.stamp ?? 0);
    state.applied++;
  }
}

/** The timeout of MySQL's semi-synchronous replication: from now on nobody is waited for. */
export function onFallbackTimer(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  if (state.role !== 'primary') return;
  state.isAlone = true;
  advance(rules, state, effects);
}

function answer(state: ReplicationState, effects: ReplicationEffects): void {
  const { committed } = state;
  for (const { index, client, sequence, answer: response } of state.waiting) {
    if (index > committed || response === null) continue;
    effects.respond({ client, sequence }, response);
  }
  state.waiting = state.waiting.filter(({ index }) => index > committed);
}

/** The timer runs while a write waits for others. */
function awaitBackups(
  rules: ReplicationRules,
  state: ReplicationState,
  effects: ReplicationEffects,
): void {
  const fallbackMs = rules.fallbackMs(state.options);
  if (fallbackMs === null || state.isAlone) return;
  if (state.waiting.length === 0) effects.cancelTimer('fallback');
  else if (!state.isAwaiting) {
    state.isAwaiting = true;
    effects.setTimer('fallback', fallbackMs, fallbackMs);
  }
}
