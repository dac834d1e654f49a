/** What an invariant of Multi-Paxos may ask to be told: changes of nodes, of disks, of slots. */
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Proposal } from '../../protocols/multi-paxos/messages.ts';
import type { Slots } from '../../protocols/multi-paxos/slots.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import type { Held, Ledger } from './ledger.ts';

/** A node as it was when it was last looked at; null fields: not in this life. */
export interface Before {
  readonly incarnation: number;
  readonly promised: number;
  readonly promisedSince: number;
  readonly leads: number;
  readonly decided: number;
  readonly applied: number;
  readonly accepted: Slots | null;
  readonly stored: Slots | null;
  readonly chosen: Slots | null;
  /** How many promises its proposer has counted, and for which ballot. */
  readonly promises: number;
  readonly ballot: number;
}

/** Something has come to be on a disk; its node may be down. */
export interface StoredChange {
  readonly world: WorldView;
  readonly node: number;
  readonly ledger: Ledger;
  readonly slot: number;
  readonly proposal: Proposal;
}

export interface Change {
  readonly world: WorldView;
  readonly node: number;
  readonly state: MultiPaxosState;
  readonly before: Before;
  readonly ledger: Ledger;
}

export interface SlotChange extends Change {
  readonly slot: number;
  readonly proposal: Proposal;
  /** What was in the slot before, in this life. */
  readonly was: Proposal | undefined;
}

export type Answer = Finding | null;

/** An invariant's part: a memory, and what it wants to hear of. */
export interface Checker {
  /** Its proposer has counted another promise. */
  onCounted?(change: Change): Answer;
  /** Its proposer has something else in flight, perhaps. */
  onProposing?(change: Change): Answer;
  /** A new life, or another promised ballot. */
  onPromised?(change: Change): Answer;
  onAccepted?(change: SlotChange): Answer;
  /** A node begins to lead a ballot. */
  onLead?(change: Change): Answer;
  /** Two values are stored under one ballot. */
  onConflict?(change: StoredChange, other: Held): Answer;
  /** A quorum has come to store what is stored here now. */
  onQuorum?(change: StoredChange): Answer;
  onLearned?(change: SlotChange): Answer;
  onProgress?(change: Change): Answer;
  fork(): Checker;
  hash?(place: (node: number) => number): number;
}

export type Hook = Exclude<keyof Checker, 'fork' | 'hash'>;

/** A checker seen from the monitor, which asks only those that have the hook. */
export type Asked = Readonly<Record<Hook, (about: object, other?: Held) => Answer>>;

export function forEachHook<T>(make: (hook: Hook) => T): Readonly<Record<Hook, T>> {
  return {
    onCounted: make('onCounted'),
    onProposing: make('onProposing'),
    onPromised: make('onPromised'),
    onAccepted: make('onAccepted'),
    onLead: make('onLead'),
    onConflict: make('onConflict'),
    onQuorum: make('onQuorum'),
    onLearned: make('onLearned'),
    onProgress: make('onProgress'),
  };
}
