/** Mutants of leader leases: dissertation §6.4.1. */
import type { RaftMutant } from './mutant.ts';

const LIN = 'history/linearizable';

/** Clients that take part, and messages that are fast beside a lease. */
const onClocks = { nodes: 3, clients: 2, latencyMs: 1 };

const n3Leads = [
  'fire n3 election',
  'deliver n2<-n3 RequestVote',
  'deliver n3<-n2 RequestVoteReply',
  'deliver n2<-n3 AppendEntries',
  'deliver n3<-n2 AppendEntriesReply',
  'deliver n1<-n3 AppendEntries',
];

const renewsLease = [
  'fire n3 heartbeat',
  'deliver n2<-n3 AppendEntries prev=1/1',
  'deliver n3<-n2 AppendEntriesReply',
];

const n1IsElected = [
  'deliver n2<-n1 RequestVote term=2',
  'deliver n1<-n2 RequestVoteReply term=2',
  'deliver n2<-n1 AppendEntries term=2',
  'deliver n1<-n2 AppendEntriesReply term=2',
];

const writes = [
  'c2 invoke',
  'deliver n1<-c2 put',
  'deliver n2<-n1 AppendEntries term=2 prev=2/2 +1',
  'deliver n1<-n2 AppendEntriesReply match=3',
  'deliver c2<-n1 ok',
];

const reads = ['c1 invoke', 'deliver n3<-c1 get', 'deliver c1<-n3 ok'];

/** The new leader n1 has taken a write; the old one, n3, knows nothing of it. */
const writesAndReads = [...writes, ...reads];

export const leaseMutants: readonly RaftMutant[] = [
  {
    id: 'lease-clock-skew',
    description: 'A lease is as long as an election timeout, as if all clocks ran alike.',
    violates: [LIN],
    needs: ['clients', 'clocks', 'partition'],
    minNodes: 3,
    sources: ['dissertation §6.4.1', 'etcd-io/raft ReadOnlyLeaseBased'],
    rules: { leaseMs: ({ electionTimeoutMinMs }) => electionTimeoutMinMs },
    options: { reads: 'lease', clockBoundMs: 75 },
    script: {
      ...onClocks,
      seed: 53,
      options: { clock_bound_ms: 75 },
      faults: [{ at: '0s', 'clock-drift': { nodes: 'n3', ppm: -400_000 } }],
      steps: [
        'fault clock-drift',
        ...n3Leads,
        ...renewsLease,
        'fire n1 election',
        ...n1IsElected,
        ...writesAndReads,
      ],
    },
  },
  {
    id: 'lease-without-checkquorum',
    description: 'A lease never runs out, and nothing makes a leader that is cut off step down.',
    violates: [LIN],
    needs: ['clients', 'partition'],
    minNodes: 3,
    sources: ['tikv/raft-rs#141'],
    rules: { leaseRuns: () => true },
    options: { reads: 'lease' },
    script: {
      ...onClocks,
      seed: 53,
      steps: [...n3Leads, ...renewsLease, 'fire n1 election', ...n1IsElected, ...writesAndReads],
    },
  },
  {
    id: 'lease-no-vote-guard',
    description: 'Servers vote although they have heard from a leader within its lease.',
    violates: [LIN],
    needs: ['clients', 'partition'],
    minNodes: 3,
    sources: ['dissertation §6.4.1, §4.2.3', 'etcd-io/raft CheckQuorum'],
    rules: { keepsPromise: () => false },
    options: { reads: 'lease' },
    script: {
      ...onClocks,
      seed: 2,
      steps: [...n3Leads, 'fire n1 election', ...renewsLease, ...n1IsElected, ...writesAndReads],
    },
  },
  {
    id: 'lease-survives-transfer',
    description: 'A leader keeps its lease after it has told another server to be elected.',
    violates: [LIN],
    needs: ['clients', 'transfer'],
    minNodes: 3,
    sources: ['openraft#1747', 'openraft PR#1748'],
    rules: { leaseEndsWithTimeoutNow: false },
    options: { reads: 'lease' },
    requests: [
      { type: 'transfer-leadership', to: 'n2' },
      { type: 'transfer-leadership', to: 'n1' },
    ],
    script: {
      ...onClocks,
      seed: 2,
      steps: [
        ...n3Leads,
        'deliver n3<-n1 AppendEntriesReply',
        ...renewsLease,
        'request n3 transfer-leadership to=n1',
        'deliver n1<-n3 TimeoutNow',
        ...n1IsElected,
        ...writesAndReads,
      ],
    },
  },
  {
    id: 'lease-phantom-contact',
    description: 'Any answer renews the lease, even one that says there is a newer term.',
    violates: [LIN],
    needs: ['clients', 'partition'],
    minNodes: 3,
    sources: ['hashicorp/raft#666'],
    rules: { countsRound: () => true, learnsTermFromReply: false },
    options: { reads: 'lease' },
    script: {
      ...onClocks,
      seed: 53,
      steps: [
        ...n3Leads,
        'fire n1 election',
        ...n1IsElected,
        'fire n3 heartbeat',
        ...writes,
        'deliver n2<-n3 AppendEntries term=1 prev=1/1',
        'deliver n3<-n2 AppendEntriesReply refused',
        ...reads,
      ],
    },
  },
  {
    id: 'lease-not-reset-on-restart',
    description: 'A server that restarts has forgotten that it may not vote yet.',
    violates: [LIN],
    needs: ['clients', 'crash', 'partition'],
    minNodes: 3,
    sources: ['dissertation §6.4.1'],
    rules: { promisesAfterRestart: false },
    options: { reads: 'lease' },
    script: {
      ...onClocks,
      seed: 2,
      steps: [
        ...n3Leads,
        'fire n1 election',
        ...renewsLease,
        'crash n2',
        'restart n2',
        ...n1IsElected,
        ...writesAndReads,
      ],
    },
  },
];
