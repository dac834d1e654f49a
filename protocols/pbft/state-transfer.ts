/** State transfer (§4.3, §5.3): a replica that is behind fetches a checkpoint and checks it. */
import { deepFreeze } from '../../sim/engine/clone.ts';
import { Machine } from '../common/state-machine.ts';
import { ownCheckpoint, stabilise } from './checkpoint.ts';
import { digestOfState } from './digest.ts';
import type {
  BatchReply,
  Checkpoint,
  FetchBatch,
  FetchState,
  PbftEffects,
  StateReply,
} from './messages.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import { learnBatch } from './normal-case.ts';
import { areDistinct, type PbftRules } from './rules.ts';
import { isCheckpointSigned } from './signatures.ts';
import { broadcast, faultsOf, slotAt, type CertifiedCheckpoint, type PbftState } from './state.ts';

/** Asks one after the other of those who have vouched for the checkpoint. */
export function fetchState(state: PbftState, effects: PbftEffects): void {
  const { target, fetches, options } = state;
  if (target === null) return;
  const holders = target.proof.map(({ replica }) => replica).filter((name) => name !== state.self);
  const holder = holders[fetches % holders.length];
  state.fetches++;
  if (holder !== undefined) {
    effects.send(holder, { type: 'FetchState', sequence: target.sequence });
  }
  effects.setTimer('fetch', options.fetchMs, options.fetchMs);
}

/** Answers with just this checkpoint, else with the stable one, which brings its proof along. */
export function onFetchState(
  state: PbftState,
  from: NodeId,
  { sequence }: FetchState,
  effects: PbftEffects,
): void {
  const { checkpoints, stable } = state;
  const own =
    checkpoints.find((one) => one.sequence === sequence) ??
    checkpoints.find((one) => one.sequence === stable.sequence && sequence < stable.sequence);
  if (own === undefined) return;
  const proof = own.sequence === stable.sequence ? stable.proof : [];
  const { snapshot } = own;
  effects.send(from, { type: 'State', sequence: own.sequence, snapshot, proof });
}

/** Takes a state that is newer than its own and whose digest 2f + 1 replicas have vouched for. */
export function onState(
  rules: PbftRules,
  state: PbftState,
  message: StateReply,
  effects: PbftEffects,
): void {
  const { sequence, snapshot } = message;
  if (state.target === null || sequence < state.target.sequence) return;
  if (sequence <= state.lastExecuted && !hasDiverged(state)) return;
  const digest = digestOfState(snapshot);
  const certified = certifiedBy(rules, state, message, effects);
  if (!rules.isStateCertified(digest, certified)) return;
  install(rules, state, message, digest, certified, effects);
}

/** Its own checkpoint contradicts a certified one: it must not go on from there. */
function hasDiverged({ target, checkpoints }: PbftState): boolean {
  const own = checkpoints.find((one) => one.sequence === target?.sequence);
  return own !== undefined && own.digest !== target?.digest;
}

function certifiedBy(
  rules: PbftRules,
  state: PbftState,
  { sequence, proof }: StateReply,
  effects: PbftEffects,
): CertifiedCheckpoint | null {
  if (state.target?.sequence === sequence) return state.target;
  const [first] = proof;
  if (first === undefined) return null;
  const certified = { sequence, digest: first.digest, proof };
  return isProven(rules, state, certified, effects) ? deepFreeze(certified) : null;
}

/** Whether 2f + 1 different replicas have signed this checkpoint. */
export function isProven(
  rules: PbftRules,
  state: PbftState,
  { sequence, digest, proof }: CertifiedCheckpoint,
  effects: PbftEffects,
): boolean {
  if (sequence === 0) return true;
  const isVote = (vote: Checkpoint) =>
    vote.sequence === sequence && vote.digest === digest && isCheckpointSigned(vote, effects);
  return (
    proof.length >= rules.checkpointQuorum(state.nodes.length, faultsOf(state)) &&
    areDistinct(proof.map(({ replica }) => replica)) &&
    proof.every(isVote)
  );
}

function install(
  rules: PbftRules,
  state: PbftState,
  { sequence, snapshot, proof }: StateReply,
  digest: string,
  certified: CertifiedCheckpoint | null,
  effects: PbftEffects,
): void {
  state.machine = Machine.restore(snapshot);
  state.lastExecuted = sequence;
  state.log.reset(sequence, 0);
  const own = ownCheckpoint(sequence, digest, snapshot, effects);
  const later = state.checkpoints.filter((one) => one.sequence > sequence);
  state.checkpoints = Object.freeze([own, ...later]);
  state.lastAssigned = Math.max(state.lastAssigned, sequence);
  state.waiting = state.waiting.filter(
    (request) => rules.lastReply(state.machine, request) === null,
  );
  stabilise(state, certified ?? { sequence, digest, proof }, effects);
}

/** Asks all for the requests of slots of which only the digest is known (§4.4). */
export function fetchBatches(state: PbftState, effects: PbftEffects): void {
  for (const { sequence, prePrepare, batch } of state.slots.list()) {
    if (prePrepare === null || batch !== null || sequence <= state.lastExecuted) continue;
    broadcast({ type: 'FetchBatch', sequence, digest: prePrepare.digest }, effects);
  }
}

export function onFetchBatch(
  state: PbftState,
  from: NodeId,
  { sequence, digest }: FetchBatch,
  effects: PbftEffects,
): void {
  const { prePrepare, batch, certificate, certified } = slotAt(state, sequence);
  const executed = state.log.at(sequence);
  const known =
    (prePrepare?.digest === digest ? batch : null) ??
    (certificate?.prePrepare.digest === digest ? certified : null) ??
    (executed?.digest === digest ? executed.batch : null);
  if (known !== null) effects.send(from, { type: 'Batch', sequence, digest, batch: known });
}

/** A batch proves itself by its digest, whoever sends it. */
export function onBatch(
  rules: PbftRules,
  state: PbftState,
  { sequence, digest, batch }: BatchReply,
): void {
  const slot = slotAt(state, sequence);
  if (slot.prePrepare?.digest !== digest || slot.batch !== null) return;
  if (rules.digest(batch) === digest) learnBatch(state, sequence, batch);
}
