/** Mutants of membership: dissertation §4.1, §4.2.2, §4.4. */
import { membershipRules } from '../membership-rules.ts';
import { n1LeadsThree, type RaftMutant } from './mutant.ts';

const ES = 'raft/election-safety';
const LC = 'raft/leader-completeness';
const LATEST = 'raft/latest-configuration';
const MEMBER = 'raft/leader-in-configuration';

const type = 'change-membership';
const three = { members: ['n1', 'n2', 'n3'] };
const four = { members: ['n1', 'n2', 'n3', 'n4'] };

export const membershipMutants: readonly RaftMutant[] = [
  {
    id: 'reconfig-before-own-term-commit',
    description: 'A leader changes one server before it has committed an entry of its own term.',
    // The search finds two leaders of one term more often than a lost entry.
    violates: [LC, ES, 'raft/state-machine-safety'],
    needs: ['membership', 'partition'],
    minNodes: 5,
    sources: ['Ongaro, raft-dev, 2015', 'Vanlightly/raft-tlaplus IncludeThesisBug'],
    rules: { hasCommittedInTerm: () => true },
    options: four,
    requests: [
      { type, add: 'n5' },
      { type, remove: 'n1' },
    ],
    script: {
      nodes: 5,
      options: { members: ['n1', 'n2', 'n3', 'n4'] },
      steps: [
        'fire n1 election',
        'deliver n2<-n1 RequestVote',
        'deliver n3<-n1 RequestVote',
        'deliver n1<-n2 RequestVoteReply',
        'deliver n1<-n3 RequestVoteReply',
        'request n1 change-membership add=n5',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n4<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
        'deliver n2<-n4 RequestVoteReply',
        'request n2 change-membership remove=n1',
        'deliver n3<-n2 AppendEntries +1',
        'deliver n3<-n2 AppendEntries prev=1/2',
        'deliver n2<-n3 AppendEntriesReply',
        'deliver n2<-n3 AppendEntriesReply',
        'crash n1',
        'restart n1',
        'fire n1 election',
        'fire n1 election',
        'deliver n4<-n1 RequestVote term=3',
        'deliver n5<-n1 RequestVote term=3',
        'deliver n1<-n4 RequestVoteReply',
        'deliver n1<-n5 RequestVoteReply',
      ],
    },
  },
  {
    id: 'reconfig-two-pending',
    description: 'A leader begins a change before the one before it is committed.',
    violates: ['raft/configuration-change', LC],
    remark:
      'The bank names State Machine Safety and Leader Completeness. Two changes that are pending ' +
      'at once are seen in the log of the leader before any majority can act on them.',
    needs: ['membership'],
    minNodes: 5,
    sources: ['RedisLabs/redisraft#17 (RedisLabs/raft@da936a9)'],
    rules: { isChangeUnderWay: () => false },
    options: three,
    requests: [
      { type, add: 'n4' },
      { type, add: 'n5' },
    ],
    script: {
      nodes: 5,
      options: { members: ['n1', 'n2', 'n3'] },
      steps: [
        ...n1LeadsThree,
        'request n1 change-membership add=n4',
        'request n1 change-membership add=n5',
      ],
    },
  },
  {
    id: 'conf-not-rolled-back',
    description: 'A configuration stays in force although its entry was overwritten.',
    violates: [LATEST],
    needs: ['membership', 'partition'],
    minNodes: 4,
    sources: ['canonical/raft#250', 'redisraft@619e623', 'openraft@c8fccb2', 'scylladb PR#31257'],
    rules: { configurationsKept: (configurations) => configurations },
    options: three,
    requests: [{ type, add: 'n4' }],
  },
  {
    id: 'conf-resurrected-on-replay',
    description: 'A restart forgets the configuration in its snapshot, so the removed come back.',
    violates: [LATEST],
    needs: ['membership', 'snapshot', 'crash'],
    minNodes: 3,
    sources: ['redisraft@bec180f'],
    rules: { configurationOfSnapshot: () => null },
    requests: [{ type, remove: 'n3' }],
  },
  {
    id: 'removed-leader-counts-itself',
    description: 'A leader that is being removed counts its own copy towards the majority.',
    violates: [LC],
    needs: ['membership'],
    minNodes: 4,
    sources: ['Ongaro, dissertation §4.2.2', 'etcd-io/raft@72d62a1'],
    rules: {
      matchesIn: (state, group) => {
        const matches = membershipRules.matchesIn(state, group);
        const isOutside = state.leaderId !== null && !group.includes(state.leaderId);
        return isOutside ? [...matches, state.log.lastIndex] : matches;
      },
    },
    options: four,
    requests: [{ type, remove: 'n1' }],
    script: {
      nodes: 4,
      steps: [
        'fire n1 election',
        'deliver n2<-n1 RequestVote',
        'deliver n3<-n1 RequestVote',
        'deliver n1<-n2 RequestVoteReply',
        'deliver n1<-n3 RequestVoteReply',
        'deliver n2<-n1 AppendEntries',
        'deliver n3<-n1 AppendEntries',
        'deliver n1<-n2 AppendEntriesReply',
        'deliver n1<-n3 AppendEntriesReply',
        'request n1 change-membership remove=n1',
        'request n1 put x 1',
        'deliver n2<-n1 AppendEntries prev=1/1',
        'deliver n2<-n1 AppendEntries prev=2/1',
        'deliver n3<-n1 AppendEntries prev=1/1',
        'deliver n1<-n2 AppendEntriesReply match=3',
        'fire n3 election',
        'deliver n4<-n3 RequestVote',
        'deliver n3<-n4 RequestVoteReply',
      ],
    },
  },
  {
    id: 'no-step-down-on-removal',
    description: 'A leader goes on leading after its removal is committed.',
    violates: [MEMBER],
    needs: ['membership'],
    minNodes: 3,
    sources: ['Ongaro, dissertation §4.2.2', 'etcd-io/raft#79'],
    rules: { stepsDown: () => false },
    requests: [{ type, remove: 'n1' }],
  },
  {
    id: 'removed-node-votes-counted',
    description: 'A candidate that is being removed counts its own vote.',
    violates: [ES, LC],
    needs: ['membership', 'crash'],
    minNodes: 4,
    sources: ['hashicorp/raft#477 (@38cb186)'],
    rules: { votesIn: (_group, votes) => votes.length },
    options: four,
    requests: [{ type, remove: 'n1' }],
  },
  {
    id: 'leader-without-config',
    description: 'A server that waits to be added campaigns, and is elected.',
    violates: [MEMBER],
    needs: ['membership'],
    minNodes: 4,
    sources: ['microsoft/CCF#4806'],
    rules: { mayCampaign: () => true },
    options: three,
    script: {
      nodes: 4,
      options: { members: ['n1', 'n2', 'n3'] },
      steps: [
        'fire n4 election',
        'deliver n1<-n4 RequestVote',
        'deliver n2<-n4 RequestVote',
        'deliver n4<-n1 RequestVoteReply',
        'deliver n4<-n2 RequestVoteReply',
      ],
    },
  },
  {
    id: 'progress-reset-on-conf',
    description: 'A change of the configuration makes the leader forget what followers have.',
    violates: ['raft/monotonic-match-index'],
    needs: ['membership'],
    minNodes: 4,
    sources: ['databendlabs/openraft@56486a6'],
    rules: { progressKept: () => ({}) },
    options: three,
    requests: [{ type, add: 'n4' }],
    script: {
      nodes: 4,
      options: { members: ['n1', 'n2', 'n3'] },
      steps: [...n1LeadsThree, 'request n1 change-membership add=n4'],
    },
  },
  {
    id: 'startup-split-brain',
    description: 'Two halves of the servers are bootstrapped, each as a cluster of its own.',
    violates: [ES],
    needs: ['membership'],
    minNodes: 4,
    sources: ['atomix/copycat#51'],
    rules: {
      firstMembers: (_members, nodes, self) => {
        const half = nodes.length >> 1;
        return nodes.indexOf(self) < half ? nodes.slice(0, half) : nodes.slice(half);
      },
    },
    script: {
      nodes: 4,
      steps: [
        'fire n1 election',
        'fire n3 election',
        'deliver n2<-n1 RequestVote',
        'deliver n4<-n3 RequestVote',
        'deliver n1<-n2 RequestVoteReply',
        'deliver n3<-n4 RequestVoteReply',
      ],
    },
  },
];
