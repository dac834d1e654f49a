/** Mutants of flow control (etcd/raft; dissertation §10.2.1), and of what a log no longer has. */
import { n1Leads, type RaftMutant } from './mutant.ts';

const LIVE = 'raft/liveness';

export const flowMutants: readonly RaftMutant[] = [
  {
    id: 'inflight-leak',
    description: 'A full window forgets its oldest message, so that another one may leave.',
    violates: ['raft/inflight-window'],
    needs: ['loss'],
    minNodes: 3,
    sources: ['etcd-io/raft@42419da (etcd-io/etcd#14633)'],
    rules: { inflightKept: (inflight) => inflight.slice(1) },
    options: { maxInflight: 2 },
    script: {
      nodes: 3,
      options: { max_entries: 1, max_inflight: 1 },
      steps: [
        ...n1Leads,
        'deliver n2<-n1 AppendEntries prev=0/0',
        'deliver n1<-n2 AppendEntriesReply',
        'request n1 put x 1',
        'request n1 put x 2',
        'fire n1 heartbeat',
        'deliver n2<-n1 AppendEntries prev=1/1 +0',
        'deliver n1<-n2 AppendEntriesReply',
      ],
    },
  },
  {
    id: 'probe-stuck',
    description: 'A lost probe is never sent again: the answer to a heartbeat does not resume it.',
    violates: [LIVE],
    needs: ['loss'],
    minNodes: 2,
    sources: ['etcd-io/raft#52 (@85e68cf, @49bac48)'],
    rules: { heartbeatAnswerResumes: false },
    options: { maxInflight: 2 },
  },
  {
    id: 'replicate-purged',
    description: 'A leader goes on sending entries where its log no longer has them.',
    violates: ['raft/log-matching', LIVE],
    needs: ['snapshot', 'loss'],
    minNodes: 3,
    sources: ['openraft@26dc883'],
    rules: { needsSnapshot: () => false },
  },
];
