/** Which protocol: the first rule that applies decides. */
import type { ProtocolName } from './protocols.ts';
import type { Reason } from './reasons.ts';
import type { Situation } from './situation.ts';

interface ChoiceRule {
  readonly rule: string;
  readonly source: string;
  readonly protocol: ProtocolName;
  applies(situation: Situation): boolean;
  because(situation: Situation): string;
  /** What else was considered, and when it would be right. */
  readonly instead?: { readonly rule: string; readonly because: string; readonly source: string };
}

const isStrong = ({ consistency }: Situation) =>
  consistency === 'linearizable' || consistency === 'sequential';

const rules: readonly ChoiceRule[] = [
  {
    rule: 'liars-need-agreement',
    source: 'Castro and Liskov, OSDI 1999, §3',
    protocol: 'pbft',
    applies: ({ byzantine }) => byzantine,
    because: ({ problem }) =>
      "nodes may lie, so no single node's word counts: " +
      `${whatIsAgreed[problem]} is agreed by nodes that check each other`,
  },
  {
    rule: 'crashes-need-a-majority',
    source: 'Ongaro and Ousterhout, USENIX ATC 2014',
    protocol: 'raft',
    applies: ({ problem }) => problem === 'consensus',
    because: () =>
      'nodes may crash but do not lie: a majority that remembers is enough, and one leader orders',
    instead: {
      rule: 'multi-paxos-instead',
      because:
        'Multi-Paxos promises the same; any node may lead there, not only one with a complete ' +
        'log, but a new leader has to learn the log first',
      source: 'Howard and Mortier, PaPoC 2020',
    },
  },
  {
    rule: 'majorities-outlive-partitions',
    source: 'Attiya, Bar-Noy and Dolev, JACM 1995',
    protocol: 'quorum-register',
    applies: ({ problem, consistency, failures, partitionProbability }) =>
      problem === 'replication' &&
      consistency === 'linearizable' &&
      failures > 0 &&
      partitionProbability > 0,
    because: () =>
      'partitions are expected: to wait for all replicas would mean to stop at each of them, and ' +
      'any two majorities meet',
    instead: {
      rule: 'compare-and-swap-needs-consensus',
      because: 'if clients compare and swap, registers are not enough: take a log (raft)',
      source: 'Herlihy, TOPLAS 1991',
    },
  },
  {
    rule: 'all-replicas-have-it',
    source: 'specification, Replication Strategies; Alsberg and Day, ICSE 1976',
    protocol: 'synchronous-replication',
    applies: ({ problem, consistency }) =>
      problem === 'replication' && consistency === 'linearizable',
    because: () =>
      'a write that every replica has is neither lost nor missed by whoever takes over; it costs ' +
      'the latency of the slowest replica',
    instead: {
      rule: 'chain-instead',
      because: 'chain replication promises the same with less work for the primary',
      source: 'van Renesse and Schneider, OSDI 2004',
    },
  },
  {
    rule: 'one-order-and-a-copy',
    source: 'specification, Replication Strategies; MySQL manual, Semisynchronous Replication',
    protocol: 'semi-synchronous-replication',
    applies: ({ problem, consistency }) => problem === 'replication' && consistency !== 'eventual',
    because: ({ consistency }) =>
      `${consistency} needs one order (the primary's) and that nothing acknowledged disappears; ` +
      'it does not need every replica to be up to date',
  },
  {
    rule: 'eventual-need-not-wait',
    source: 'specification, Replication Strategies; Vogels, ACM Queue 2008',
    protocol: 'asynchronous-replication',
    applies: ({ problem }) => problem === 'replication',
    because: () => 'replicas may lag, so no write has to wait for one',
    instead: {
      rule: 'semi-synchronous-for-durability',
      because: 'if no acknowledged write may be lost, wait for one replica (semi-synchronous)',
      source: 'specification, Replication Strategies',
    },
  },
  {
    rule: 'one-owner-per-epoch',
    source: 'Chang et al., OSDI 2006 (Bigtable), §5',
    protocol: 'replicated-directory',
    applies: (situation) => situation.problem === 'partitioning' && isStrong(situation),
    because: ({ consistency }) =>
      `${consistency} allows a key one owner at a time: who owns what is itself agreed upon, and ` +
      'a replicated directory is no single point of failure',
    instead: {
      rule: 'ranges-for-scans',
      because: 'where keys are scanned in order, let it hold ranges and split hot ones',
      source: 'specification, Partitioning Schemes',
    },
  },
  {
    rule: 'owners-by-arithmetic',
    source: 'Karger et al., STOC 1997; DeCandia et al., SOSP 2007 (Dynamo), §4.2',
    protocol: 'consistent-hashing',
    applies: ({ problem }) => problem === 'partitioning',
    because: ({ consistency }) =>
      `${consistency} lets two nodes think for a while that they own a key: everybody can ` +
      'compute the owner, nobody has to be asked, and a change moves few keys',
    instead: {
      rule: 'ranges-for-scans',
      because: 'where keys are scanned in order, take ranges: hashing scatters neighbours',
      source: 'specification, Partitioning Schemes',
    },
  },
  {
    rule: 'all-or-nothing-in-one-order',
    source: 'Corbett et al., OSDI 2012 (Spanner), §4; Gray 1978',
    protocol: 'two-phase-commit',
    applies: (situation) => situation.problem === 'transaction' && isStrong(situation),
    because: ({ consistency }) =>
      `${consistency} transactions need locks until the commit; a coordinator whose log is ` +
      'replicated does not leave them blocked',
  },
  {
    rule: 'snapshots-need-no-read-locks',
    source: 'Peng and Dabek, OSDI 2010 (Percolator); Berenson et al., SIGMOD 1995',
    protocol: 'snapshot-isolation',
    applies: ({ problem, consistency }) => problem === 'transaction' && consistency === 'causal',
    because: () =>
      'a snapshot contains whatever caused what it shows, and readers wait for nobody; write ' +
      'skew must be acceptable',
  },
  {
    rule: 'compensate-what-cannot-wait',
    source: 'Garcia-Molina and Salem, SIGMOD 1987',
    protocol: 'saga',
    applies: ({ problem }) => problem === 'transaction',
    because: () =>
      'others may see what lies between, so no locks are held across nodes: a step that fails is ' +
      'compensated',
  },
  {
    rule: 'one-order-has-no-conflicts',
    source: 'Schneider, ACM Computing Surveys 1990',
    protocol: 'raft',
    applies: isStrong,
    because: ({ consistency }) =>
      `${consistency} has one order of all writes, so there is no conflict left to resolve: ` +
      'agree on the order beforehand',
  },
  {
    rule: 'keep-what-is-concurrent',
    source: 'Preguiça et al., PODC 2012 (dotted version vectors)',
    protocol: 'version-vectors',
    applies: ({ consistency }) => consistency === 'causal',
    because: () =>
      'a version must replace exactly those that its writer had seen; clocks cannot tell which',
  },
  {
    rule: 'merge-instead-of-choosing',
    source: 'Shapiro et al., SSS 2011',
    protocol: 'crdt',
    applies: () => true,
    because: () => 'concurrent updates are merged, so none is lost and no clock is trusted',
    instead: {
      rule: 'last-writer-wins-instead',
      because:
        'the last writer may win where lost updates do no harm; its clocks must not be far apart',
      source: 'specification, Logging examples (strategy LWW); Thomas, TODS 1979',
    },
  },
];

const whatIsAgreed: Readonly<Record<Situation['problem'], string>> = {
  consensus: 'the order',
  replication: 'every write',
  partitioning: 'who owns a key',
  transaction: 'every commit',
  conflict_resolution: 'which write comes first, so that none conflict',
};

/** The protocol for a situation, with the rule that chose it and what else was considered. */
export function choose(situation: Situation): {
  readonly protocol: ProtocolName;
  readonly reasons: readonly Reason[];
} {
  const rule = rules.find((candidate) => candidate.applies(situation)) as ChoiceRule;
  const because = rule.because(situation);
  const reasons: Reason[] = [
    { rule: rule.rule, decides: 'protocol', because, source: rule.source },
  ];
  if (rule.instead !== undefined) reasons.push({ ...rule.instead, decides: 'alternative' });
  return { protocol: rule.protocol, reasons };
}
