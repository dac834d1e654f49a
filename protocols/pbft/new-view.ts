/** New views: Castro and Liskov, §4.4. How a view begins, and how everybody checks that. */
import { deepFreeze } from '../../sim/engine/clone.ts';
import { reach } from './checkpoint.ts';
import { nullDigest } from './digest.ts';
import type { Slot } from './message-log.ts';
import type {
  Assignment,
  Batch,
  NewView,
  OrderHeader,
  PbftEffects,
  PreparedCertificate,
  ViewChange,
} from './messages.ts';
import { acceptOrder, noteAssigned, onPrePrepare } from './normal-case.ts';
import { relayWaiting } from './requests.ts';
import { areDistinct, type PbftRules } from './rules.ts';
import {
  isNewViewSigned,
  isOrderSigned,
  isViewChangeSigned,
  isVoteSigned,
  signOrder,
} from './signatures.ts';
import { fetchBatches, fetchState, isProven } from './state-transfer.ts';
import {
  broadcast,
  isPrimary,
  primaryOf,
  quorumOf,
  slotAt,
  type CertifiedCheckpoint,
  type PbftState,
} from './state.ts';
import { stopTimer } from './timers.ts';

/** What V says: where the new view starts, and which request belongs where behind that. */
interface Plan {
  readonly base: CertifiedCheckpoint;
  readonly assignments: readonly Assignment[];
}

/** §4.4: min-s and max-s, and between them a request that prepared, or null. */
function planOf(rules: PbftRules, view: number, viewChanges: readonly ViewChange[]): Plan {
  const low = rules.lowSequence(viewChanges);
  const { proof = [] } = viewChanges.find(({ stable }) => stable === low) ?? {};
  const certificates = viewChanges.flatMap(({ prepared }) => prepared);
  const high = certificates.reduce((most, one) => Math.max(most, one.prePrepare.sequence), low);
  const assignments: Assignment[] = [];
  for (let sequence = low + 1; sequence <= high; sequence++) {
    const known = certificates.filter((one) => one.prePrepare.sequence === sequence);
    const chosen = rules.chooses(known);
    if (chosen === undefined && !rules.fillsGaps) continue;
    assignments.push({ view, sequence, digest: chosen?.prePrepare.digest ?? nullDigest });
  }
  return { base: { sequence: low, digest: proof[0]?.digest ?? '', proof }, assignments };
}

/** The new primary has 2f + 1 VIEW-CHANGE messages. */
export function beginView(
  rules: PbftRules,
  state: PbftState,
  viewChanges: readonly ViewChange[],
  effects: PbftEffects,
): void {
  const { view } = state;
  const plan = planOf(rules, view, viewChanges);
  const prePrepares = plan.assignments.map((assignment) => signOrder(assignment, effects));
  const type = 'NewView' as const;
  const content = { type, view, viewChanges, prePrepares, replica: effects.self };
  const message: NewView = deepFreeze({ ...content, signature: effects.sign(content) });
  effects.log({ event: 'leader_elected', term: view });
  enterView(rules, state, message, plan, effects);
  effects.persist();
  broadcast(message, effects);
}

export function onNewView(
  rules: PbftRules,
  state: PbftState,
  message: NewView,
  effects: PbftEffects,
): void {
  const { view, viewChanges } = message;
  if (view < state.view || (view === state.view && state.isActive)) return;
  if (isPrimary(state) && view === state.view) return;
  if (rules.discardsBeforeChecking) state.slots.discardUpTo(rules.lowSequence(viewChanges));
  if (rules.checksNewView(message) && !isNewViewValid(rules, state, message, effects)) return;
  enterView(rules, state, deepFreeze(message), planOf(rules, view, viewChanges), effects);
  relayWaiting(state, effects);
}

/** §4.4: it is the new primary's, V is enough, and O is what everybody makes of V. */
function isNewViewValid(
  rules: PbftRules,
  state: PbftState,
  message: NewView,
  effects: PbftEffects,
): boolean {
  const { view, viewChanges, prePrepares, replica } = message;
  if (replica !== primaryOf(state, view) || !isNewViewSigned(message, effects)) return false;
  if (viewChanges.length < quorumOf(rules, state)) return false;
  if (!areDistinct(viewChanges.map((one) => one.replica))) return false;
  const isJustified = viewChanges.every(
    (one) =>
      one.view === view &&
      isViewChangeSigned(one, effects) &&
      (!rules.checksViewChange(one) || isViewChangeValid(rules, state, one, effects)),
  );
  if (!isJustified) return false;
  const { assignments } = planOf(rules, view, viewChanges);
  const isPlanned = (order: OrderHeader, i: number) =>
    order.view === view &&
    order.replica === replica &&
    order.sequence === assignments[i]?.sequence &&
    order.digest === assignments[i]?.digest &&
    isOrderSigned(order, effects);
  return prePrepares.length === assignments.length && prePrepares.every(isPlanned);
}

/** §4.4: its checkpoint is proven, and so is everything in P. */
export function isViewChangeValid(
  rules: PbftRules,
  state: PbftState,
  { view, stable, proof, prepared }: ViewChange,
  effects: PbftEffects,
): boolean {
  const digest = proof[0]?.digest ?? '';
  if (!isProven(rules, state, { sequence: stable, digest, proof }, effects)) return false;
  const { windowSize } = state.options;
  return prepared.every(({ prePrepare, prepares }, i) => {
    const { sequence, replica } = prePrepare;
    return (
      prePrepare.view < view &&
      sequence > (prepared[i - 1]?.prePrepare.sequence ?? stable) &&
      sequence <= stable + windowSize &&
      replica === primaryOf(state, prePrepare.view) &&
      isCertificateValid(rules, state, { prePrepare, prepares }, effects)
    );
  });
}

function isCertificateValid(
  rules: PbftRules,
  state: PbftState,
  { prePrepare, prepares }: PreparedCertificate,
  effects: PbftEffects,
): boolean {
  return (
    isOrderSigned(prePrepare, effects) &&
    prepares.length >= quorumOf(rules, state) - 1 &&
    areDistinct(prepares.map(({ replica }) => replica)) &&
    prepares.every(
      (vote) =>
        vote.type === 'Prepare' &&
        vote.sequence === prePrepare.sequence &&
        rules.matches(vote, prePrepare) &&
        rules.isBackupsPrepare(state, vote) &&
        isVoteSigned(vote, effects),
    )
  );
}

/** Takes over where the view starts, then every pre-prepare of O as if it came in normally. */
function enterView(
  rules: PbftRules,
  state: PbftState,
  message: NewView,
  { base, assignments }: Plan,
  effects: PbftEffects,
): void {
  const { view, prePrepares } = message;
  stopTimer(state, effects);
  state.view = view;
  state.isActive = true;
  state.newView = message;
  state.viewChanges = state.viewChanges.filter((other) => other.view > view);
  state.assigned = {};
  state.lastAssigned = assignments[assignments.length - 1]?.sequence ?? base.sequence;
  startFrom(rules, state, base, effects);
  const batches = prePrepares.map((order) => knownBatch(state, order));
  clearSlots(state);
  effects.persist();
  prePrepares.forEach((order, i) => {
    const batch = batches[i] ?? null;
    if (batch !== null && rules.knowsOrders) noteAssigned(state, batch);
    if (order.sequence <= state.stable.sequence) return;
    acceptOrder(rules, state, order, batch, effects);
  });
  fetchBatches(state, effects);
  const { early } = state;
  state.early = [];
  for (const prePrepare of early) onPrePrepare(rules, state, prePrepare, effects);
}

/** §4.4: min-s may be a checkpoint that this replica knows nothing of, or has not reached. */
function startFrom(
  rules: PbftRules,
  state: PbftState,
  base: CertifiedCheckpoint,
  effects: PbftEffects,
): void {
  reach(state, base, effects);
  if (base.sequence <= state.stable.sequence) return;
  // The view begins there, whether or not this replica has come so far.
  state.stable = base;
  state.slots.discardUpTo(base.sequence);
  if (rules.skipsMissingState) {
    state.lastExecuted = base.sequence;
    state.log.reset(base.sequence, 0);
  }
  fetchState(state, effects);
}

/** The requests behind a digest, if this replica has them. */
function knownBatch(state: PbftState, { sequence, digest }: OrderHeader): Batch | null {
  if (digest === nullDigest) return [];
  const { prePrepare, batch, certificate, certified } = slotAt(state, sequence);
  if (prePrepare?.digest === digest && batch !== null) return batch;
  if (certificate?.prePrepare.digest === digest) return certified;
  return null;
}

function hasVotesOf({ prepares, commits }: Slot, view: number): boolean {
  return [...prepares, ...commits].some((vote) => vote.view === view);
}

/** What earlier views have left, but for certificates, is void; votes for this view are kept. */
function clearSlots(state: PbftState): void {
  for (const slot of state.slots.list()) {
    if (slot.certificate === null && !hasVotesOf(slot, state.view)) {
      state.slots.discard(slot.sequence);
      continue;
    }
    state.slots.set({
      ...slot,
      prePrepare: null,
      batch: null,
      prepares: slot.prepares.filter((vote) => vote.view === state.view),
      commits: slot.commits.filter((vote) => vote.view === state.view),
      isPrepared: false,
      isCommitted: false,
    });
  }
}
