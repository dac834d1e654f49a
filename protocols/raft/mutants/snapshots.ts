/** Mutants of log compaction and of client sessions: extended Raft paper §7, §8. */
import { n1Leads, type RaftMutant } from './mutant.ts';

const LC = 'raft/leader-completeness';
const LM = 'raft/log-matching';

/** n1 commits its no-op with n2 and compacts it; n3 has nothing. */
const n1Compacts = [
  ...n1Leads,
  'deliver n2<-n1 AppendEntries',
  'deliver n1<-n2 AppendEntriesReply',
];

/** n3, which was out of reach, is behind the compacted log: its answer makes n1 send a snapshot. */
const snapshotToN3 = [
  'request n1 put x 1',
  'deliver n3<-n1 AppendEntries prev=1/1',
  'deliver n1<-n3 AppendEntriesReply',
];

export const snapshotMutants: readonly RaftMutant[] = [
  {
    id: 'snapshot-keeps-suffix',
    description: 'Entries behind an installed snapshot stay although they conflict with it.',
    violates: [LM],
    needs: ['snapshot', 'partition'],
    minNodes: 3,
    sources: ['openraft@21684bb', 'hashicorp/raft@670fc01'],
    rules: { keepsSuffix: (log, index) => log.lastIndex >= index },
  },
  {
    id: 'snapshot-truncates-good-suffix',
    description: 'An installed snapshot throws away the acknowledged entries behind it.',
    violates: [LC],
    needs: ['snapshot', 'reorder'],
    minNodes: 3,
    sources: ['Raft Figure 13, step 6', 'openraft@44381b0'],
    rules: { keepsSuffix: () => false },
    script: {
      nodes: 3,
      options: { snapshot_threshold: 1, max_entries: 1 },
      steps: [
        ...n1Leads,
        'request n1 put x 1',
        'deliver n2<-n1 AppendEntries prev=0/0',
        'deliver n1<-n2 AppendEntriesReply',
        // n3 answers before the entries reach it, so a snapshot of 1 is on its way as well.
        'fire n1 heartbeat',
        'deliver n3<-n1 AppendEntries prev=0/0 +0',
        'deliver n1<-n3 AppendEntriesReply',
        'deliver n3<-n1 AppendEntries prev=2/1',
        'deliver n1<-n3 AppendEntriesReply',
        'deliver n3<-n1 AppendEntries prev=0/0 +1',
        'deliver n3<-n1 AppendEntries prev=1/1 +1',
        'deliver n1<-n3 AppendEntriesReply match=2',
        'deliver n3<-n1 InstallSnapshot',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
      ],
    },
  },
  {
    id: 'stale-snapshot-rewinds',
    description: 'A snapshot older than what is committed here is installed.',
    violates: ['raft/monotonic-commit-index'],
    needs: ['snapshot', 'reorder'],
    minNodes: 3,
    sources: ['Raft Figure 13', 'openraft@eed681d'],
    rules: { wantsSnapshot: () => true },
    script: {
      nodes: 3,
      options: { snapshot_threshold: 1 },
      steps: [
        ...n1Compacts,
        ...snapshotToN3,
        'duplicate n3<-n1 InstallSnapshot',
        'deliver n3<-n1 InstallSnapshot',
        'deliver n1<-n3 InstallSnapshotReply',
        'deliver n2<-n1 AppendEntries prev=1/1',
        'deliver n1<-n2 AppendEntriesReply',
        'fire n1 heartbeat',
        'deliver n3<-n1 AppendEntries prev=1/1 +1',
        'deliver n1<-n3 AppendEntriesReply match=2',
        'fire n1 heartbeat',
        'deliver n3<-n1 AppendEntries prev=2/1 commit=2',
        'deliver n3<-n1 InstallSnapshot',
      ],
    },
  },
  {
    id: 'term-from-snapshot',
    description: 'Installing a snapshot sets the current term to the term of its last entry.',
    violates: ['raft/monotonic-term'],
    needs: ['snapshot'],
    minNodes: 3,
    sources: ['willemt/raft PR#118', 'RedisLabs/raft@699e87d'],
    rules: { termAfterSnapshot: (_term, lastIncludedTerm) => lastIncludedTerm },
  },
  {
    id: 'snapshot-reply-no-term-check',
    description: 'The answer to a snapshot of an earlier leadership counts for the present one.',
    violates: [],
    needs: ['snapshot', 'reorder'],
    minNodes: 3,
    sources: ['braft (Specula)', 'sofastack/sofa-jraft (Specula)'],
    rules: { countsSnapshotReply: () => true },
    control:
      'What it says stays true: the snapshot is of committed entries, which the follower has on ' +
      'disk and every later leader has, too. Harm needs a reply that also moves the match beyond ' +
      'the snapshot, as in braft.',
  },
  {
    id: 'snapshot-chunk-dup',
    description: 'A repeated piece of a snapshot is appended once more.',
    violates: ['protocol/handlers-do-not-throw'],
    needs: ['snapshot', 'duplicate'],
    minNodes: 3,
    sources: ['openraft@2eccb9e', 'RedisLabs/raft#162'],
    rules: { takesPiece: () => true },
    script: {
      nodes: 3,
      options: { snapshot_threshold: 1, snapshot_chunk: 40 },
      steps: [
        ...n1Compacts,
        ...snapshotToN3,
        'duplicate n3<-n1 InstallSnapshot offset=0',
        'deliver n3<-n1 InstallSnapshot offset=0',
        'deliver n3<-n1 InstallSnapshot offset=0',
        'deliver n1<-n3 InstallSnapshotReply next=40',
        'deliver n1<-n3 InstallSnapshotReply next=80',
        'deliver n3<-n1 InstallSnapshot offset=40',
        'deliver n3<-n1 InstallSnapshot offset=80',
      ],
    },
  },
  {
    id: 'prev-zero-always-matches',
    description: 'The term of a compacted entry reads as zero, and zero matches everything.',
    violates: [LM, LC],
    needs: ['snapshot', 'loss'],
    minNodes: 3,
    sources: ['willemt/raft PR#118 item 1', 'atomix/atomix#1036', 'etcd-io/raft PR#31'],
    rules: {
      needsSnapshot: () => false,
      matchesPrevious: (log, index, term) => term <= 0 || log.termAt(index) === term,
    },
    script: {
      nodes: 3,
      options: { max_entries: 1, snapshot_threshold: 1 },
      steps: [
        'fire n3 election',
        'deliver n1<-n3 RequestVote',
        'deliver n3<-n1 RequestVoteReply',
        'deliver n1<-n3 AppendEntries',
        'deliver n2<-n3 RequestVote',
        'request n3 put x 1',
        'deliver n1<-n3 AppendEntries',
        'deliver n3<-n1 AppendEntriesReply match=2',
        'fire n2 election',
        'request n3 put x 2',
        'request n3 put x 3',
        'request n3 put x 4',
        'deliver n3<-n2 RequestVote',
        'fire n2 election',
        'fire n3 election',
        'deliver n1<-n3 RequestVote',
        'deliver n2<-n3 AppendEntries term=1 prev=3/1 +1',
        'deliver n3<-n1 RequestVoteReply',
        'deliver n3<-n2 AppendEntriesReply',
        'deliver n2<-n3 AppendEntries term=3 prev=0/-1',
      ],
    },
  },
  {
    id: 'last-term-lost',
    description: 'A server with all of its log compacted takes its last term for zero.',
    violates: [LC],
    needs: ['snapshot', 'partition'],
    minNodes: 3,
    sources: ['RedisLabs/raft#14'],
    rules: {
      isUpToDate: ({ lastLogIndex, lastLogTerm }, log) => {
        const lastTerm = log.lastIndex === log.baseIndex ? 0 : log.lastTerm;
        return (
          lastLogTerm > lastTerm || (lastLogTerm === lastTerm && lastLogIndex >= log.lastIndex)
        );
      },
    },
  },
  {
    id: 'snapshot-clears-vote',
    description: 'Installing a snapshot forgets the vote of the term.',
    violates: ['raft/election-safety'],
    needs: ['snapshot', 'reorder'],
    minNodes: 3,
    sources: ['RedisLabs/raft@d23f390'],
    rules: { voteAfterSnapshot: () => null },
  },
  {
    id: 'dedup-table-not-in-snapshot',
    description: 'Snapshots leave the client sessions out, so a retry is applied once more.',
    violates: ['history/exactly-once'],
    needs: ['snapshot', 'clients', 'loss', 'crash'],
    minNodes: 1,
    sources: ['dissertation §6.3', 'MIT 6.5840 lab 4'],
    rules: { machineInSnapshot: (machine) => ({ ...machine, sessions: [] }) },
    script: {
      nodes: 1,
      options: { snapshot_threshold: 1 },
      clients: 1,
      seed: 12,
      latencyMs: 1,
      steps: [
        'fire n1 election',
        'c1 invoke',
        'deliver n1<-c1 append',
        'drop c1<-n1 ok',
        'crash n1',
        'restart n1',
        'fire n1 election',
        'c1 timeout',
        'c1 retry',
        'deliver n1<-c1 append',
        'deliver c1<-n1 ok',
        'c1 invoke',
        'deliver n1<-c1 get',
        'deliver c1<-n1 ok',
      ],
    },
  },
  {
    id: 'retry-no-dedup',
    description: 'A request that is retried is applied once more.',
    violates: ['history/exactly-once'],
    needs: ['loss', 'clients'],
    minNodes: 1,
    sources: ['dissertation §6.3', 'MIT 6.5840 lab 4'],
    options: { deduplicate: false },
  },
];
