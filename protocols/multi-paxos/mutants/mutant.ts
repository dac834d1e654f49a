/** What a mutant of Multi-Paxos is: its rules and its options. */
import type { Mutant } from '../../common/mutant.ts';
import type { MultiPaxosOptions } from '../options.ts';
import type { MultiPaxosRules } from '../rules.ts';
import type { MultiPaxosState } from '../state.ts';

export interface MultiPaxosMutant extends Mutant {
  readonly rules?: Partial<MultiPaxosRules>;
  /** Replaces the list of durable fields. */
  readonly durable?: readonly (keyof MultiPaxosState)[];
  readonly options?: Partial<MultiPaxosOptions>;
  /** What a search asks leaders for beside operations: the administrator's part in the error. */
  readonly requests?: readonly { readonly type: string; readonly [field: string]: string }[];
}

export const AGREEMENT = 'multi-paxos/agreement';
export const INTEGRITY = 'multi-paxos/integrity';
export const LIVENESS = 'multi-paxos/liveness';

/** n1 leads ballot 1.n1 with the promise of n2. The beginning of many scripts. */
export const n1Leads: readonly string[] = [
  'fire n1 election',
  'deliver n2<-n1 Prepare',
  'deliver n1<-n2 Promised',
];

/** The same, and a value is chosen in slot 1. */
export const n1Chooses: readonly string[] = [
  ...n1Leads,
  'request n1 put x 1',
  'deliver n2<-n1 Accept',
  'deliver n1<-n2 Accepted',
];
