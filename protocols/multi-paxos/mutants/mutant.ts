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
