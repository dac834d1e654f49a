/** Normal-case operation: Castro and Liskov, §4.2. Pre-prepare, prepare, commit. */
import type { Batch, OrderHeader, PbftEffects, PrePrepare, Vote } from './messages.ts';
import type { PbftRules } from './rules.ts';
import { isOrderSigned, signCommit, signOrder, signPrepare } from './signatures.ts';
import {
  addWaiting,
  broadcast,
  faultsOf,
  isPrimary,
  quorumOf,
  slotAt,
  type PbftState,
} from './state.ts';

/** The primary gives what waits its places, unless so much is under way that it collects first. */
export function propose(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  if (!state.isActive || !isPrimary(state)) return;
  const { maxBatch, maxInProgress } = state.options;
  for (;;) {
    const sequence = state.lastAssigned + 1;
    if (state.lastAssigned - state.lastExecuted >= maxInProgress) return;
    if (!rules.isInWindow(state, sequence)) return;
    const batch = state.waiting
      .filter((request) => (state.assigned[request.client] ?? -1) < request.sequence)
      .slice(0, maxBatch);
    if (batch.length === 0) return;
    const digest = rules.digest(batch);
    const order = signOrder({ view: state.view, sequence, digest }, effects);
    state.lastAssigned = sequence;
    noteAssigned(state, batch);
    state.slots.set({ ...slotAt(state, sequence), ...accepted(order, Object.freeze(batch)) });
    // A primary that forgot its assignment could make another one after a crash.
    effects.persist();
    broadcast({ type: 'PrePrepare', ...order, batch }, effects);
    advance(rules, state, sequence, effects);
  }
}

export function noteAssigned(state: PbftState, batch: Batch): void {
  for (const { client, sequence } of batch) {
    state.assigned[client] = Math.max(state.assigned[client] ?? -1, sequence);
  }
}

export function onPrePrepare(
  rules: PbftRules,
  state: PbftState,
  message: PrePrepare,
  effects: PbftEffects,
): void {
  const { view, sequence, digest, replica, signature, batch } = message;
  if (!state.isActive && view === state.view) {
    state.early = [...state.early.slice(1 - state.options.windowSize), message];
  }
  if (!rules.isInView(state, view) || !rules.isListening(state)) return;
  if (!rules.isInWindow(state, sequence)) return;
  const order: OrderHeader = Object.freeze({ view, sequence, digest, replica, signature });
  if (!rules.comesFromPrimary(state, order) || !isOrderSigned(order, effects)) return;
  if (rules.digest(batch) !== digest) return;
  if (!batch.every((request) => rules.isAuthentic(request, effects))) return;
  const slot = slotAt(state, sequence);
  if (!rules.isFree(slot, order)) return;
  if (slot.prePrepare?.view === view && slot.prePrepare.digest === digest) {
    if (slot.batch === null) learnBatch(state, sequence, batch);
    return;
  }
  if (isPrimary(state)) return;
  acceptOrder(rules, state, order, batch, effects);
}

/** The requests behind a digest that the replica has accepted without them. */
export function learnBatch(state: PbftState, sequence: number, batch: Batch): void {
  const slot = slotAt(state, sequence);
  const { prePrepare, certificate } = slot;
  const isCertified = certificate?.prePrepare.digest === prePrepare?.digest;
  state.slots.set({ ...slot, batch, certified: isCertified ? batch : slot.certified });
}

/** §4.4: a replica that has received a request waits for it to be executed. */
function noteWaiting(rules: PbftRules, state: PbftState, batch: Batch): void {
  for (const request of batch) {
    if (rules.lastReply(state.machine, request) === null) addWaiting(state, request);
  }
}

/** Enters a pre-prepare into the log; a backup says so to all. `batch` is null while unknown. */
export function acceptOrder(
  rules: PbftRules,
  state: PbftState,
  order: OrderHeader,
  batch: Batch | null,
  effects: PbftEffects,
): void {
  const slot = { ...slotAt(state, order.sequence), ...accepted(order, batch) };
  if (order.sequence > state.lastExecuted) noteWaiting(rules, state, batch ?? []);
  if (isPrimary(state)) {
    state.slots.set(slot);
  } else {
    const prepare = signPrepare(order, effects);
    state.slots.set({ ...slot, prepares: rules.addVote(slot.prepares, prepare) });
    effects.persist();
    broadcast(prepare, effects);
  }
  advance(rules, state, order.sequence, effects);
}

function accepted(order: OrderHeader, batch: Batch | null) {
  return { prePrepare: order, batch, isPrepared: false, isCommitted: false };
}

/** A prepare or a commit, in whatever order they come: before the pre-prepare, too. */
export function onVote(rules: PbftRules, state: PbftState, vote: Vote, effects: PbftEffects): void {
  const { view, sequence } = vote;
  // Votes for a view that is about to begin are kept for it.
  if (!rules.isInView(state, view)) return;
  if (!rules.isInWindow(state, sequence) || !rules.isVoteAuthentic(vote, effects)) return;
  const slot = slotAt(state, sequence);
  if (vote.type === 'Prepare') {
    state.slots.set({ ...slot, prepares: rules.addVote(slot.prepares, vote) });
  } else {
    state.slots.set({ ...slot, commits: rules.addVote(slot.commits, vote) });
  }
  advance(rules, state, sequence, effects);
}

/** Goes from pre-prepared to prepared and on to committed, as far as the votes reach. */
export function advance(
  rules: PbftRules,
  state: PbftState,
  sequence: number,
  effects: PbftEffects,
): void {
  if (!rules.isListening(state)) return;
  prepareIfDue(rules, state, sequence, effects);
  const slot = slotAt(state, sequence);
  const { prePrepare, isPrepared, isCommitted, commits } = slot;
  if (prePrepare === null || !isPrepared || isCommitted) return;
  const matching = commits.filter((vote) => rules.matches(vote, prePrepare));
  if (matching.length < rules.commitQuorum(state.nodes.length, faultsOf(state))) return;
  state.slots.set({ ...slot, isCommitted: true });
  if (isPrimary(state)) {
    effects.log({ event: 'log_replicated', term: state.view, context: { index: sequence } });
  }
}

/** prepared(m, v, n, i): the pre-prepare and 2f matching prepares; then the replica commits. */
function prepareIfDue(
  rules: PbftRules,
  state: PbftState,
  sequence: number,
  effects: PbftEffects,
): void {
  const slot = slotAt(state, sequence);
  const { prePrepare, batch, isPrepared } = slot;
  if (prePrepare === null || isPrepared) return;
  const prepares = slot.prepares.filter(
    (vote) => rules.matches(vote, prePrepare) && rules.isBackupsPrepare(state, vote),
  );
  if (prepares.length < quorumOf(rules, state) - 1) return;
  const commit = signCommit(prePrepare, effects);
  state.slots.set({
    ...slot,
    isPrepared: true,
    commits: rules.addVote(slot.commits, commit),
    certificate: Object.freeze({ prePrepare, prepares: Object.freeze(prepares) }),
    certified: batch,
  });
  // The certificate is what a later view rests on: it must not be lost.
  effects.persist();
  broadcast(commit, effects);
}
