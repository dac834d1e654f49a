/** What a Raft mutant is: its rules and its options. */
import type { Mutant } from '../../common/mutant.ts';
import type { RaftOptions } from '../options.ts';
import type { RaftRules } from '../rules.ts';
import type { RaftState } from '../state.ts';

export interface RaftMutant extends Mutant {
  readonly rules?: Partial<RaftRules>;
  /** Replaces the list of durable fields. */
  readonly durable?: readonly (keyof RaftState)[];
  readonly options?: Partial<RaftOptions>;
  /** What a search asks leaders for beside operations: the administrator's part in the error. */
  readonly requests?: readonly { readonly type: string; readonly [field: string]: string }[];
}

/** n1 wins term 1 with the vote of n2; its no-op is at index 1. The beginning of many scripts. */
export const n1Leads: readonly string[] = [
  'fire n1 election',
  'deliver n2<-n1 RequestVote',
  'deliver n1<-n2 RequestVoteReply',
];

/** The same, and its no-op is committed. */
export const n1LeadsThree: readonly string[] = [
  ...n1Leads,
  'deliver n2<-n1 AppendEntries',
  'deliver n1<-n2 AppendEntriesReply',
];
