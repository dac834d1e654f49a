/** The protocols of transactions and of partitioning, in the order in which `list` shows them. */
import type { ProtocolEntry } from '../scenario/index.ts';
import { percolatorEntry } from './percolator.ts';
import { rangePartitioningEntry } from './ranges.ts';
import { replicatedCommitEntry } from './replicated-commit.ts';
import { sagaEntry } from './saga.ts';
import { threePhaseCommitEntry, twoPhaseCommitEntry } from './commit.ts';

export const transactionEntries: readonly ProtocolEntry[] = [
  twoPhaseCommitEntry,
  threePhaseCommitEntry,
  replicatedCommitEntry,
  percolatorEntry,
  sagaEntry,
  rangePartitioningEntry,
];
