/** What a PBFT mutant is: its rules and its options. */
import type { Mutant } from '../../common/mutant.ts';
import type { PbftOptions } from '../options.ts';
import type { PbftRules } from '../rules.ts';

export interface PbftMutant extends Mutant {
  readonly rules?: Partial<PbftRules>;
  readonly options?: Partial<PbftOptions>;
}
