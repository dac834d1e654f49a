/** Mutants of log replication: extended Raft paper §5.3. */
import type { RaftMutant } from './mutant.ts';

const LAO = 'raft/leader-append-only';
const LC = 'raft/leader-completeness';
const LM = 'raft/log-matching';

/** n1 wins term 1 with the vote of n2; its no-op is at index 1. */
const n1Leads = [
  'fire n1 election',
  'deliver n2<-n1 RequestVote',
  'deliver n1<-n2 RequestVoteReply',
];

/** n1 has a request alone; then n3 wins term 2 with the vote of n2 and knows nothing of it. */
const n3Overtakes = [
  ...n1Leads,
  'request n1 put x 1',
  'fire n3 election',
  'fire n3 election',
  'deliver n2<-n3 RequestVote term=2',
  'deliver n3<-n2 RequestVoteReply term=2',
];

export const replicationMutants: readonly RaftMutant[] = [
  {
    id: 'truncate-on-stale-ae',
    description: 'A follower cuts its log behind every AppendEntries, conflict or not.',
    violates: [LC],
    needs: ['reorder', 'duplicate'],
    minNodes: 3,
    sources: ['ktoso/akka-raft#66', 'hashicorp/raft@0f31a01', 'zhebrak/raftos#26', 'CCF#5927'],
    rules: { keepBefore: (_log, message) => message.prevLogIndex },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'duplicate n2<-n1 AppendEntries',
        'deliver n2<-n1 AppendEntries prev=0/0',
        'deliver n1<-n2 AppendEntriesReply',
        'request n1 put x 1',
        'deliver n2<-n1 AppendEntries prev=1/1',
        'deliver n1<-n2 AppendEntriesReply',
        'deliver n2<-n1 AppendEntries prev=0/0',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
      ],
    },
  },
  {
    id: 'append-without-conflict-check',
    description: 'New entries go behind the old ones, conflicting or not.',
    violates: [LM],
    needs: ['partition'],
    minNodes: 3,
    sources: ['willemt/raft (SandTable WRaft#1)'],
    rules: { keepBefore: (log) => log.lastIndex },
    script: {
      nodes: 3,
      steps: [
        ...n3Overtakes,
        'request n3 put y 1',
        'request n3 put y 2',
        'deliver n1<-n3 AppendEntries prev=2/2',
        'deliver n3<-n1 AppendEntriesReply',
        'deliver n1<-n3 AppendEntries prev=0/0 +3',
      ],
    },
  },
  {
    id: 'append-accepts-gap',
    description: 'A follower with an empty log accepts entries from anywhere in the log.',
    violates: [LM, LC],
    needs: ['loss'],
    minNodes: 3,
    sources: ['oxia-db/oxia PR#1239'],
    rules: {
      matchesPrevious: (log, index, term) => log.lastIndex === 0 || log.termAt(index) === term,
    },
    script: {
      nodes: 3,
      steps: [...n1Leads, 'request n1 put x 1', 'deliver n2<-n1 AppendEntries prev=1/1'],
    },
  },
  {
    id: 'no-prev-check',
    description: 'A follower does not check the entry before the new ones.',
    violates: [LM],
    needs: ['loss'],
    minNodes: 3,
    sources: ['Raft §5.3'],
    rules: { matchesPrevious: () => true },
    script: {
      nodes: 3,
      steps: [...n1Leads, 'request n1 put x 1', 'deliver n2<-n1 AppendEntries prev=1/1'],
    },
  },
  {
    id: 'prev-index-only',
    description: 'A follower checks that there is an entry before the new ones, but not its term.',
    violates: [LM],
    needs: ['partition'],
    minNodes: 3,
    sources: ["Raft §5.3; Students' Guide to Raft"],
    rules: { matchesPrevious: (log, index) => log.lastIndex >= index },
    script: {
      nodes: 3,
      steps: [...n3Overtakes, 'request n3 put y 1', 'deliver n1<-n3 AppendEntries prev=1/2'],
    },
  },
  {
    id: 'match-from-last-index',
    description: 'A follower acknowledges its whole log, not only what the message proved.',
    violates: [LC],
    needs: ['partition'],
    minNodes: 3,
    sources: ['etcd-io/raft@5fac53b', 'CCF PR#6016'],
    rules: { provenMatch: (log) => log.lastIndex },
    script: {
      nodes: 3,
      steps: [
        ...n3Overtakes,
        'request n3 put y 1',
        'fire n3 heartbeat',
        'deliver n1<-n3 AppendEntries +0',
        'deliver n3<-n1 AppendEntriesReply',
        'fire n1 election',
        'deliver n2<-n1 RequestVote term=3',
        'deliver n1<-n2 RequestVoteReply term=3',
      ],
    },
  },
  {
    id: 'match-regress',
    description: 'An old acknowledgement lowers what is known to be replicated.',
    violates: ['raft/monotonic-match-index'],
    needs: ['reorder'],
    minNodes: 2,
    sources: ['bakwc/PySyncObj#167', 'zhebrak/raftos#25'],
    rules: { newMatchIndex: (_progress, reply) => reply.matchIndex },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'fire n1 heartbeat',
        'deliver n2<-n1 AppendEntries +0',
        'deliver n2<-n1 AppendEntries +1',
        'deliver n1<-n2 AppendEntriesReply match=1',
        'deliver n1<-n2 AppendEntriesReply match=0',
      ],
    },
  },
  {
    id: 'next-le-match',
    description: 'A late refusal sets the next index back behind what is known to match.',
    violates: ['raft/match-below-next'],
    needs: ['reorder'],
    minNodes: 2,
    sources: ['bakwc/PySyncObj#167', 'etcd-io/raft#149', 'tikv/raft-rs#557'],
    rules: { nextAfterRefusal: (_state, _progress, reply) => reply.conflictIndex },
    script: {
      nodes: 3,
      options: { maxEntriesPerAppend: 1 },
      steps: [
        ...n1Leads,
        'request n1 put x 1',
        'deliver n2<-n1 AppendEntries prev=1/1',
        'deliver n2<-n1 AppendEntries prev=0/0',
        'deliver n1<-n2 AppendEntriesReply match=1',
        'fire n1 heartbeat',
        'deliver n2<-n1 AppendEntries +0',
        'deliver n1<-n2 AppendEntriesReply match=1',
        'deliver n2<-n1 AppendEntries prev=2/1',
        'deliver n1<-n2 AppendEntriesReply conflict=2/0',
        'deliver n2<-n1 AppendEntries prev=1/1',
        'deliver n1<-n2 AppendEntriesReply match=2',
        'deliver n1<-n2 AppendEntriesReply conflict=1/0',
      ],
    },
  },
  {
    id: 'stale-append-reply',
    description: 'An acknowledgement from an earlier leadership counts for the present one.',
    violates: [LC],
    needs: ['reorder', 'partition'],
    minNodes: 5,
    sources: ['RedisLabs/raft@8b444aa', "Students' Guide to Raft (term confusion)"],
    rules: { countsAppendReply: () => true },
  },
  {
    id: 'leader-truncates-own-log',
    description: 'A new leader drops the entries that it does not know to be committed.',
    violates: [LC],
    needs: [],
    minNodes: 3,
    sources: ['CCF#3950'],
    rules: { keepsOnElection: (state) => state.commitIndex },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'deliver n2<-n1 AppendEntries',
        'deliver n1<-n2 AppendEntriesReply',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
      ],
    },
  },
  {
    id: 'leader-appends-at-commit',
    description: 'A leader puts new entries behind the commit index, over its own older ones.',
    violates: [LAO],
    needs: [],
    minNodes: 1,
    sources: ['synthetic'],
    rules: { positionOfNewEntry: (state) => state.commitIndex + 1 },
    script: { nodes: 3, steps: [...n1Leads, 'request n1 put x 1'] },
  },
];
