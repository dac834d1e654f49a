/** The protocols of transactions that hold conversations. */
import {
  threePhaseInvariants,
  twoPhaseInvariants,
} from '../../../invariants/transactions/index.ts';
import { threePhaseDialect, twoPhaseDialect } from './commit.ts';
import type { Speaker } from './index.ts';

export const transactionSpeakers: readonly Speaker[] = [
  {
    name: 'Two-phase commit',
    folder: 'two-phase-commit',
    dialect: twoPhaseDialect,
    invariants: twoPhaseInvariants,
  },
  {
    name: 'Three-phase commit',
    folder: 'three-phase-commit',
    dialect: threePhaseDialect,
    invariants: threePhaseInvariants,
  },
];
