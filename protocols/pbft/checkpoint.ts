/** Garbage collection: Castro and Liskov, §4.3. Checkpoints, their proofs, and the watermarks. */
import { deepFreeze } from '../../sim/engine/clone.ts';
import { digestOfState } from './digest.ts';
import type { Checkpoint, PbftEffects } from './messages.ts';
import type { PbftRules } from './rules.ts';
import { isCheckpointSigned } from './signatures.ts';
import type { MachineSnapshot } from '../common/state-machine.ts';
import {
  broadcast,
  faultsOf,
  type CertifiedCheckpoint,
  type OwnCheckpoint,
  type PbftState,
} from './state.ts';

/** The state before anything was executed needs no proof. */
export const genesis: CertifiedCheckpoint = deepFreeze({ sequence: 0, digest: '', proof: [] });

/** A checkpoint of what has been executed: all hear its digest. */
export function takeCheckpoint(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  const sequence = state.lastExecuted;
  const snapshot = state.machine.snapshot();
  const digest = digestOfState(snapshot);
  const own = ownCheckpoint(sequence, digest, snapshot, effects);
  state.checkpoints = Object.freeze([...state.checkpoints, own]);
  if (rules.discardsAtOwnCheckpoint) state.slots.discardUpTo(sequence);
  effects.persist();
  broadcast(own.vote, effects);
  addCheckpointVote(rules, state, own.vote, effects);
}

export function ownCheckpoint(
  sequence: number,
  digest: string,
  snapshot: MachineSnapshot,
  effects: PbftEffects,
): OwnCheckpoint {
  const content = { type: 'Checkpoint' as const, sequence, digest, replica: effects.self };
  const vote: Checkpoint = { ...content, signature: effects.sign(content) };
  return deepFreeze({ sequence, digest, snapshot, vote });
}

/** After a restart: what this replica has vouched for counts as before. */
export function recallVotes(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  for (const { vote } of state.checkpoints) {
    if (vote.sequence > state.stable.sequence) addCheckpointVote(rules, state, vote, effects);
  }
}

export function onCheckpoint(
  rules: PbftRules,
  state: PbftState,
  message: Checkpoint,
  effects: PbftEffects,
): void {
  if (message.sequence <= state.stable.sequence || !isCheckpointSigned(message, effects)) return;
  addCheckpointVote(rules, state, message, effects);
}

/** Above the high watermark only the latest vote of a replica is kept: numbers are cheap. */
function addCheckpointVote(
  rules: PbftRules,
  state: PbftState,
  vote: Checkpoint,
  effects: PbftEffects,
): void {
  const { replica, sequence, digest } = vote;
  const high = state.stable.sequence + state.options.windowSize;
  const isReplaced = (old: Checkpoint) =>
    old.replica === replica &&
    (old.sequence === sequence || (old.sequence > high && sequence > high));
  const known = state.checkpointVotes.find(isReplaced);
  if (known !== undefined && known.sequence >= sequence) return;
  const votes = [...state.checkpointVotes.filter((old) => !isReplaced(old)), vote];
  state.checkpointVotes = votes;
  const proof = votes.filter((one) => one.sequence === sequence && one.digest === digest);
  if (proof.length < rules.checkpointQuorum(state.nodes.length, faultsOf(state))) return;
  reach(state, deepFreeze({ sequence, digest, proof }), effects);
}

/** A checkpoint is proven: it is stable here if this replica has it, else something to reach. */
export function reach(
  state: PbftState,
  certified: CertifiedCheckpoint,
  effects: PbftEffects,
): void {
  const { sequence, digest } = certified;
  if (sequence <= state.stable.sequence) return;
  const own = state.checkpoints.find((one) => one.sequence === sequence);
  if (own?.digest === digest) {
    stabilise(state, certified, effects);
    return;
  }
  if (state.target !== null && state.target.sequence >= sequence) return;
  if (state.target === null) {
    const { fetchMs } = state.options;
    effects.setTimer('fetch', fetchMs, fetchMs);
  }
  state.target = certified;
}

/** §4.3: the low watermark moves up, and everything below it may go. */
export function stabilise(
  state: PbftState,
  certified: CertifiedCheckpoint,
  effects: PbftEffects,
): void {
  const { sequence } = certified;
  // The timeout has sufficed for a whole interval: the next may be shorter.
  if (state.isActive) state.failures = Math.max(0, state.failures - 1);
  // The requests since the one before are kept for replicas that lag a little.
  state.log.compact(state.stable.sequence);
  state.stable = certified;
  const kept = state.checkpoints.filter((one) => one.sequence >= sequence);
  state.checkpoints = Object.freeze(kept);
  state.checkpointVotes = state.checkpointVotes.filter((vote) => vote.sequence > sequence);
  state.slots.discardUpTo(sequence);
  if (state.target !== null && state.target.sequence <= sequence) {
    state.target = null;
    effects.cancelTimer('fetch');
  }
  effects.persist({ barrier: false });
}
