/**
 * The rules of the paper, one function each. The protocol is made from them (`pbft(rules)`), and a
 * mutant is the same protocol with one of them replaced.
 */
import type { NodeId, Response } from '../../sim/engine/protocol.ts';
import type { Machine } from '../common/state-machine.ts';
import { digestOf } from './digest.ts';
import type { Slot } from './message-log.ts';
import type { Assignment, OrderHeader, Prepare, SignedRequest, Vote } from './messages.ts';
import type { PbftOptions } from './options.ts';
import { isRequestSigned, isVoteSigned } from './signatures.ts';
import { primaryOf, type CertifiedCheckpoint, type PbftState } from './state.ts';
import { viewChangeRules } from './view-change-rules.ts';

/** §4.2: with n = 3f + 1 these are 2f + 1; any two of them share a correct replica. */
function quorum(nodes: number, faults: number): number {
  return Math.floor((nodes + faults) / 2) + 1;
}

export const paperRules = {
  quorum,

  /** §4.2, committed-local: so many commits, one's own included. */
  commitQuorum: quorum,

  /** §4.3: so many CHECKPOINT messages prove a checkpoint. */
  checkpointQuorum: quorum,

  /** §2: digests bind the requests. */
  digest: digestOf,

  /** §4.1: an operation is its client's own, whoever passes it on. */
  isAuthentic: isRequestSigned,

  /** §4.2: a vote is its signer's, whoever passes it on. */
  isVoteAuthentic: isVoteSigned,

  /** §4.2: only the primary of a view assigns sequence numbers. */
  comesFromPrimary: (state: PbftState, order: OrderHeader): boolean =>
    order.replica === primaryOf(state, order.view),

  /** §4.2: a message counts in the view that it is of. */
  isInView: (state: PbftState, view: number): boolean => view === state.view,

  /** §4.4: while it changes the view a replica takes no part in the normal case. */
  isListening: (state: PbftState): boolean => state.isActive,

  /** §4.2: between the watermarks h and H, so that no primary exhausts the numbers. */
  isInWindow: ({ stable, options }: PbftState, sequence: number): boolean =>
    sequence > stable.sequence && sequence <= stable.sequence + options.windowSize,

  /** §4.2: no second pre-prepare with another digest for one view and sequence number. */
  isFree: ({ prePrepare }: Slot, order: Assignment): boolean =>
    prePrepare === null || prePrepare.view !== order.view || prePrepare.digest === order.digest,

  /** §4.2: votes of different replicas are counted, the first of each in a view. */
  addVote: <V extends Vote>(votes: readonly V[], vote: V): readonly V[] => {
    const known = votes.find(({ replica }) => replica === vote.replica);
    if (known === undefined) return [...votes, vote];
    return known.view >= vote.view ? votes : [...votes.filter((one) => one !== known), vote];
  },

  /** §4.2: a vote is for a view, a sequence number and a digest. */
  matches: (vote: Vote, order: OrderHeader): boolean =>
    vote.view === order.view && vote.digest === order.digest,

  /** §4.2: the primary's pre-prepare is its prepare. */
  isBackupsPrepare: (state: PbftState, prepare: Prepare): boolean =>
    prepare.replica !== primaryOf(state, prepare.view),

  /** §4.2: executed once committed locally. */
  mayExecute: (slot: Slot): boolean => slot.isCommitted,

  /** §4.1: the last reply to a client, if it answers this request; null: execute it. */
  lastReply: (machine: Machine, request: SignedRequest): Response | null =>
    machine.answered(request),

  /** §4.1: a request that was executed is not executed again. */
  executesOnce: ({ deduplicate }: PbftOptions): boolean => deduplicate,

  /** §4.4: a backup that waits for a request watches the primary. */
  watchesPrimary: ({ waiting }: PbftState): boolean => waiting.length > 0,

  /** §4.3: what a checkpoint lets a replica discard; only a stable one does. */
  discardsAtOwnCheckpoint: false,

  /** §5.3: a state is what its certified digest says. */
  isStateCertified: (digest: string, certified: CertifiedCheckpoint | null): boolean =>
    certified !== null && certified.digest === digest,

  /** §2: the client waits for f + 1 replies with one result. */
  repliesNeeded: (faults: number): number => faults + 1,

  /** §5.1: outside the order a quorum must say the same, for each may be behind. */
  readRepliesNeeded: quorum,

  /**
   * §5.1: such a read meets a write only if a quorum has replied to the write, too (Berger et al.,
   * arXiv 2107.11144, §3).
   */
  writeRepliesNeeded: quorum,

  /**
   * A replica repeats its part for one that lags. A client that waits for a quorum of replies
   * waits for ever if f liars say nothing and a correct replica stays behind (Berger et al., §4).
   */
  helpsLaggards: true,

  ...viewChangeRules,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type PbftRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};

/** Whether the names are those of different replicas. */
export function areDistinct(replicas: readonly NodeId[]): boolean {
  return new Set(replicas).size === replicas.length;
}
