/** Mutants of commitment: extended Raft paper §5.3, §5.4.2, Figure 8. */
import { n1Leads, type RaftMutant } from './mutant.ts';

const LC = 'raft/leader-completeness';
const SMS = 'raft/state-machine-safety';

export const commitmentMutants: readonly RaftMutant[] = [
  {
    id: 'commit-old-term',
    description: 'A leader commits an entry of an earlier term by counting replicas (Figure 8).',
    violates: [LC, SMS],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Raft §5.4.2, Figure 8', 'bakwc/PySyncObj#169', 'logcabin/logcabin#44', 'CCF#3950'],
    rules: { mayCommit: () => true },
    script: {
      nodes: 3,
      options: { max_entries: 1 },
      steps: [
        ...n1Leads,
        'fire n3 election',
        'fire n3 election',
        'deliver n2<-n3 RequestVote term=2',
        'deliver n3<-n2 RequestVoteReply term=2',
        'deliver n1<-n3 RequestVote term=2',
        'fire n1 election',
        'deliver n2<-n1 RequestVote term=3',
        'deliver n1<-n2 RequestVoteReply term=3',
        'deliver n2<-n1 AppendEntries term=3',
        'deliver n1<-n2 AppendEntriesReply term=3',
        'deliver n2<-n1 AppendEntries term=3 prev=0/0',
        'deliver n1<-n2 AppendEntriesReply term=3 ok',
        'deliver n3<-n1 RequestVote term=3',
        'fire n3 election',
        'deliver n2<-n3 RequestVote term=4',
        'deliver n3<-n2 RequestVoteReply term=4',
      ],
    },
  },
  {
    id: 'commit-mode-not-median',
    description: 'The index that most servers have is committed, not the one a majority has.',
    violates: [LC],
    needs: [],
    minNodes: 3,
    sources: ['ktoso/akka-raft#42'],
    rules: { majorityMatch: (matches) => mostFrequent(matches) },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'deliver n2<-n1 AppendEntries',
        'deliver n1<-n2 AppendEntriesReply',
        'request n1 put x 1',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
      ],
    },
  },
  {
    id: 'commit-even-off-by-one',
    description: 'In a cluster of even size half of the servers suffice to commit.',
    violates: [],
    needs: [],
    minNodes: 4,
    sources: ['hashicorp/raft@163a55f'],
    control: 'Elections still need n/2 + 1, and every such quorum meets every half of the servers.',
    rules: {
      majorityMatch: (matches, quorum) => {
        const descending = [...matches].sort((a, b) => b - a);
        return descending[matches.length % 2 === 0 ? quorum - 2 : quorum - 1] ?? 0;
      },
    },
  },
  {
    id: 'commit-beyond-last-new',
    description: 'A follower commits up to its own last entry, not up to the last one proved.',
    violates: [SMS],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Raft Figure 2, AppendEntries 5', 'openraft@9540c90'],
    rules: {
      followerCommit: (state, message) =>
        Math.max(state.commitIndex, Math.min(message.leaderCommit, state.log.lastIndex)),
    },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'fire n3 election',
        'fire n3 election',
        'deliver n2<-n3 RequestVote term=2',
        'deliver n3<-n2 RequestVoteReply term=2',
        'deliver n2<-n3 AppendEntries',
        'deliver n3<-n2 AppendEntriesReply',
        'fire n3 heartbeat',
        'deliver n1<-n3 AppendEntries +0',
      ],
    },
  },
  {
    id: 'commit-index-regress',
    description: 'A late AppendEntries sets the commit index of a follower back.',
    violates: ['raft/monotonic-commit-index'],
    needs: ['reorder'],
    minNodes: 2,
    sources: ['bakwc/PySyncObj#166', 'etcd-io/raft@8ecce32'],
    rules: {
      followerCommit: (_state, message) =>
        Math.min(message.leaderCommit, message.prevLogIndex + message.entries.length),
    },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'fire n1 heartbeat',
        'deliver n2<-n1 AppendEntries +1',
        'deliver n1<-n2 AppendEntriesReply',
        'fire n1 heartbeat',
        'deliver n2<-n1 AppendEntries commit=1',
        'deliver n2<-n1 AppendEntries commit=0',
      ],
    },
  },
  {
    id: 'apply-before-commit',
    description: 'Entries are applied when they are appended, not when they are committed.',
    violates: [SMS],
    needs: ['partition'],
    minNodes: 5,
    sources: ['Raft §5.3'],
    rules: { appliesUpTo: (state) => state.log.lastIndex },
    script: {
      nodes: 5,
      steps: [
        ...n1Leads,
        'deliver n3<-n1 RequestVote',
        'deliver n1<-n3 RequestVoteReply',
        'deliver n2<-n1 AppendEntries',
        'fire n5 election',
        'fire n5 election',
        'deliver n3<-n5 RequestVote term=2',
        'deliver n4<-n5 RequestVote term=2',
        'deliver n5<-n3 RequestVoteReply term=2',
        'deliver n5<-n4 RequestVoteReply term=2',
        'deliver n3<-n5 AppendEntries term=2',
      ],
    },
  },
];

/** Ties go to the higher index: with three servers the lower one would be a correct majority. */
function mostFrequent(matches: readonly number[]): number {
  let best = 0;
  let bestCount = 0;
  for (const match of matches) {
    const count = matches.filter((other) => other === match).length;
    if (count > bestCount || (count === bestCount && match > best)) {
      best = match;
      bestCount = count;
    }
  }
  return best;
}
