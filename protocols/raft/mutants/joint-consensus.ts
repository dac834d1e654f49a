/** Mutants of joint consensus (Raft paper §6) and of learners and transfers (D §4.2, §3.10). */
import {
  enterJoint,
  isJoint,
  membersOf,
  refusals,
  type Change,
  type Configuration,
} from '../configuration.ts';
import { configurationAt } from '../membership-log.ts';
import { membershipRules } from '../membership-rules.ts';
import { configurationOf } from '../state.ts';
import { n1LeadsThree, type RaftMutant } from './mutant.ts';

const ES = 'raft/election-safety';
const LC = 'raft/leader-completeness';
const CHANGE = 'raft/configuration-change';

const type = 'change-membership';
const three = { members: ['n1', 'n2', 'n3'] };

export const jointConsensusMutants: readonly RaftMutant[] = [
  {
    id: 'reconfig-one-step',
    description: 'Any number of servers change at once, without a joint configuration.',
    violates: [CHANGE, ES],
    needs: ['membership'],
    minNodes: 5,
    sources: ['Raft §6, Figure 10'],
    rules: { nextConfiguration: inOneStep },
    options: three,
    requests: [{ type, add: 'n4,n5' }],
    script: {
      nodes: 5,
      options: { members: ['n1', 'n2', 'n3'] },
      steps: [...n1LeadsThree, 'request n1 change-membership add=n4,n5'],
    },
  },
  {
    id: 'joint-union-quorum',
    description: 'In a joint configuration a majority of all its servers together suffices.',
    violates: [ES, LC],
    needs: ['membership'],
    minNodes: 5,
    sources: ['microsoft/CCF#3837', 'microsoft/CCF#3948', 'microsoft/CCF PR#4018'],
    rules: {
      majorities: ({ voters, outgoing }) => [
        [...voters, ...outgoing.filter((server) => !voters.includes(server))],
      ],
    },
    options: three,
    requests: [{ type, add: 'n4,n5', remove: 'n2,n3', joint: 'explicit' }],
    script: {
      nodes: 5,
      options: { members: ['n1', 'n2', 'n3'], max_entries: 1 },
      steps: [
        ...n1LeadsThree,
        'request n1 change-membership add=n4,n5 remove=n2,n3',
        'deliver n4<-n1 AppendEntries',
        'deliver n1<-n4 AppendEntriesReply',
        'deliver n4<-n1 AppendEntries prev=0/0',
        'deliver n1<-n4 AppendEntriesReply',
        'deliver n4<-n1 AppendEntries prev=1/1',
        'fire n4 election',
        'deliver n1<-n4 RequestVote',
        'deliver n5<-n4 RequestVote',
        'deliver n4<-n1 RequestVoteReply',
        'deliver n4<-n5 RequestVoteReply',
        'fire n2 election',
        'deliver n3<-n2 RequestVote',
        'deliver n2<-n3 RequestVoteReply',
      ],
    },
  },
  {
    id: 'joint-first-config-only',
    description: 'In a joint configuration an entry is committed by a majority of C_old alone.',
    violates: [LC],
    needs: ['membership', 'crash'],
    minNodes: 5,
    sources: ['databendlabs/openraft@6c0ccaf'],
    rules: {
      majorities: ({ voters, outgoing }, agreement) => {
        if (outgoing.length === 0) return [voters];
        return agreement === 'commit' ? [outgoing] : [voters, outgoing];
      },
    },
    options: three,
    requests: [{ type, add: 'n4,n5', remove: 'n2,n3', joint: 'auto' }],
  },
  {
    id: 'joint-leave-twice',
    description:
      'A leader forgets behind other entries that it is leaving the joint configuration.',
    violates: [CHANGE],
    needs: ['membership'],
    minNodes: 4,
    sources: ['etcd-io/raft@bd3c759', 'etcd-io/etcd#12582'],
    rules: {
      jointToLeave: (state) => {
        const { configuration } = configurationAt(state, state.commitIndex);
        if (!isJoint(configuration) || !configuration.autoLeave) return null;
        const last = state.log.at(state.log.lastIndex)?.configuration ?? configuration;
        return isJoint(last) ? configuration : null;
      },
    },
    options: three,
    requests: [{ type, add: 'n4', joint: 'auto' }],
  },
  {
    id: 'learner-counted',
    description: 'The acknowledgement of a learner counts towards the majority.',
    violates: [LC],
    needs: ['membership'],
    minNodes: 4,
    sources: ['RedisLabs/raft@c4de21e'],
    rules: {
      matchesIn: (state, group) => {
        const { learners } = configurationOf(state);
        return membershipRules.matchesIn(state, [...group, ...learners]);
      },
    },
    options: three,
    requests: [{ type, learn: 'n4' }],
  },
  {
    id: 'learner-campaigns',
    description: 'A learner whose election timer fires becomes a candidate.',
    violates: ['raft/leader-in-configuration'],
    needs: ['membership'],
    minNodes: 4,
    sources: ['hashicorp/raft#483 (@656e6c0)', 'hashicorp/raft#526 (@6b4e320)'],
    rules: { mayCampaign: (state, self) => membersOf(configurationOf(state)).includes(self) },
    options: three,
    requests: [{ type, learn: 'n4' }],
  },
  {
    id: 'transfer-to-learner',
    description: 'Leadership is handed to a learner, which never takes it.',
    violates: ['raft/transfer-target'],
    needs: ['membership', 'transfer'],
    minNodes: 4,
    sources: ['etcd-io/raft@8b0d0e9 (etcd-io/etcd#11417)', 'tikv/raft-rs#165'],
    rules: { mayTransferTo: (state, to) => membersOf(configurationOf(state)).includes(to) },
    options: three,
    requests: [
      { type, learn: 'n4' },
      { type: 'transfer-leadership', to: 'n4' },
    ],
    script: {
      nodes: 4,
      options: { members: ['n1', 'n2', 'n3'] },
      steps: [
        ...n1LeadsThree,
        'request n1 change-membership learn=n4',
        'request n1 transfer-leadership to=n4',
      ],
    },
  },
];

/** What a joint configuration would lead to in the end, at once. */
function inOneStep(
  configuration: Configuration,
  changes: readonly Change[],
): ReturnType<typeof enterJoint> {
  if (isJoint(configuration)) return refusals.joint;
  const joint = enterJoint(configuration, changes, false);
  return typeof joint === 'string' ? joint : { ...joint, outgoing: [] };
}
