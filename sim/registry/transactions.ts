/** The protocols of transactions and of partitioning, in the order in which `list` shows them. */
import type { ProtocolEntry } from '../scenario/index.ts';
import { threePhaseCommitEntry, twoPhaseCommitEntry } from './commit.ts';

export const transactionEntries: readonly ProtocolEntry[] = [
  twoPhaseCommitEntry,
  threePhaseCommitEntry,
];
