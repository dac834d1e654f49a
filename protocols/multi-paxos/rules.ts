/**
 * The rules of the papers, one function each. The protocol is made from them (`multiPaxos(rules)`),
 * and a mutant is the same protocol with one rule replaced. PMS: Lamport, Paxos Made Simple, 2001;
 * PMMC: van Renesse and Altinbuken, Paxos Made Moderately Complex, 2015; PML: Chandra, Griesemer
 * and Redstone, Paxos Made Live, 2007; FPaxos: Howard, Malkhi and Spiegelman, Flexible Paxos, 2016.
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import { ballotOf, roundOf, type Ballot } from './ballot.ts';
import type { Proposal, SlotProposal, Value } from './messages.ts';
import type { MultiPaxosOptions } from './options.ts';
import type { MultiPaxosState } from './state.ts';

/** Doublings of the election timeout at most. */
const DOUBLINGS = 5;

export const paperRules = {
  /** PMS §2.2: the sets of numbers of different proposers are disjoint. */
  ballotOf,

  /** PMS §2.5: a proposer remembers the highest number that it has used, and begins above it. */
  nextRound: (state: MultiPaxosState): number =>
    Math.max(state.round, roundOf(state.promised), roundOf(state.seen)) + 1,

  /** PMS §2.4: proposers that pre-empt each other wait longer and longer, for a random time. */
  electionTimeout: (options: MultiPaxosOptions, failures: number): readonly [number, number] => {
    const { electionTimeoutMinMs, electionTimeoutMaxMs } = options;
    return [electionTimeoutMinMs, electionTimeoutMaxMs * (1 << Math.min(failures, DOUBLINGS))];
  },

  /** FPaxos §3: quorums of phase 1. It grows with the configuration, so that they go on meeting. */
  prepareQuorum: (options: MultiPaxosOptions, acceptors: number, first: number): number => {
    const { prepareQuorum } = options;
    if (prepareQuorum === null) return majorityOf(acceptors);
    return Math.min(acceptors, prepareQuorum + Math.max(0, acceptors - first));
  },

  /** FPaxos §3: quorums of phase 2, each of which meets every quorum of phase 1. */
  acceptQuorum: (options: MultiPaxosOptions, acceptors: number): number =>
    options.acceptQuorum === null
      ? majorityOf(acceptors)
      : Math.min(acceptors, options.acceptQuorum),

  /** PMS §2.2: whom a proposer asks. */
  asked: (acceptors: readonly NodeId[], _nodes: readonly NodeId[]): readonly NodeId[] => acceptors,

  /** PMS §2.2: only acceptors count, each of them once. */
  counted: (acceptors: readonly NodeId[], answered: readonly NodeId[]): number => {
    let count = 0;
    for (const node of answered) if (acceptors.includes(node)) count++;
    return count;
  },

  /** PMS §3: phase 1 is for all slots that the proposer does not know to be decided. */
  firstSlotAsked: (state: MultiPaxosState): number => state.decided + 1,

  /** PMS P1a and phase 1 (b): no promise below an earlier one. */
  mayPromise: (state: MultiPaxosState, ballot: Ballot): boolean => ballot >= state.promised,

  /** PMS phase 1 (b): under which number the acceptor reports what it has accepted. */
  reportedBallot: (accepted: Proposal, _promisedBefore: Ballot): Ballot => accepted.ballot,

  /** A promise counts only for the ballot for which it was asked. */
  countsPromise: (state: MultiPaxosState, ballot: Ballot): boolean => ballot === state.ballot,

  /** PMS P2c: of what a quorum reports, the proposal with the highest number is to be kept. */
  adopts: (best: Proposal | undefined, reported: Proposal): boolean =>
    best === undefined || reported.ballot > best.ballot,

  /** To which slot a reported proposal belongs; it was the `_nth` of the slots from `_first` on. */
  slotOfReport: (report: SlotProposal, _first: number, _nth: number): number => report.slot,

  /** PMS §3: gaps below the last slot found in phase 1 are filled with no-ops. */
  fillsGaps: true,

  /** PMS §3: who has proposed in slot i may propose in slot i + α; here: α beyond the decided. */
  lastSlotOpen: (state: MultiPaxosState): number => state.decided + state.options.window,

  /** PMS phase 2: a proposer needs promises of a quorum of those who will accept. */
  isPrepared: (promises: number, quorum: number): boolean => promises >= quorum,

  /** PMS P1a: an acceptor accepts unless it has promised a higher number. */
  mayAccept: (state: MultiPaxosState, ballot: Ballot, _slot: number): boolean =>
    ballot >= state.promised,

  /** PMS §3, end, and phase 1: a new configuration is prepared like the first one. */
  preparesNewConfigurations: true,

  /** Accepting a number promises it, too: P1a speaks of every prepare that was answered since. */
  promisedAfterAccept: (promised: Ballot, ballot: Ballot): Ballot => Math.max(promised, ballot),

  /** PMS §2.3: a value is chosen when a quorum has accepted the same numbered proposal. */
  countsAccepted: (state: MultiPaxosState, ballot: Ballot): boolean => ballot === state.ballot,

  addAcceptance: (accepted: readonly NodeId[], acceptor: NodeId): NodeId[] =>
    accepted.includes(acceptor) ? [...accepted] : [...accepted, acceptor],

  /** PMS §3: a command takes effect when all commands before it have. */
  appliesUpTo: (state: MultiPaxosState): number => state.decided,

  /** PMS §3, end: a configuration chosen in slot i is in force from slot i + α on. */
  activeFrom: (slot: number, window: number): number => slot + window,

  /** Only one change at a time, so that each is a change of the one before it. */
  isChangeUnderWay: (state: MultiPaxosState): boolean =>
    (state.configurations.at(-1)?.from ?? 0) > state.decided + 1 ||
    state.waiting.some(({ acceptors }) => acceptors !== undefined) ||
    Object.values(state.proposals).some(({ value }) => value.acceptors !== undefined),

  /** What a learner that lags behind is sent: what is chosen, as far as the sender knows. */
  chosenForCatchUp: (state: MultiPaxosState, from: number, to: number): readonly SlotProposal[] =>
    state.chosen.range(from, Math.min(to, state.decided)),

  /** An acceptor keeps what it has accepted until a snapshot holds it. */
  forgetsWhenLearned: false,

  /** A snapshot replaces the slots that it holds, and no others. */
  keepsAcceptedBehindSnapshot: true,

  /** Configurations are part of the replicated state, so of a snapshot as well. */
  configurationsOfSnapshot: <T>(configurations: readonly T[]): readonly T[] => configurations,

  /** A snapshot of what is already decided here brings nothing. */
  wantsSnapshot: (state: MultiPaxosState, slot: number): boolean => slot > state.decided,

  /** PMS §2.4: a proposer should be told that it is too late. */
  answersRejections: true,

  /** PML §5.2: until a lease is over, an acceptor promises nothing to anybody but its holder. */
  respectsLease: (state: MultiPaxosState, from: NodeId): boolean =>
    state.leaseHolder === null || state.leaseHolder === from,

  /** PML §5.2: a master counts on its lease a little less long, for clocks differ in speed. */
  masterLeaseMs: ({ leaseMs, clockDriftPpm }: MultiPaxosOptions): number =>
    Math.floor((leaseMs * (1_000_000 - clockDriftPpm)) / (1_000_000 + clockDriftPpm)),

  /** A master that answers from its own state has learned all that was open at its election. */
  hasRecovered: (state: MultiPaxosState): boolean => state.decided >= state.recoversUpTo,

  /** A value that is found accepted is not yet chosen: reads do not look at it. */
  dirtyRead: (_state: MultiPaxosState, _key: string): Value | null => null,

  /** PMS §2.5: stable storage keeps what an acceptor has promised … */
  persistsPromises: true,
  /** … and what it has accepted, before it answers. */
  persistsAcceptances: true,
  promiseWaitsForDisk: true,
  acceptanceWaitsForDisk: true,

  /** Whether the own acceptor's answers count only once they are on disk. */
  ownAnswersWaitForDisk: true,
} satisfies Record<string, unknown>;

/** Booleans widen, so that a mutant may flip them. */
export type MultiPaxosRules = {
  readonly [Rule in keyof typeof paperRules]: (typeof paperRules)[Rule] extends boolean
    ? boolean
    : (typeof paperRules)[Rule];
};

export function majorityOf(nodes: number): number {
  return (nodes >> 1) + 1;
}
