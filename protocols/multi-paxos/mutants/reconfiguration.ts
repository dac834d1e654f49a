/** Mutants of configurations, snapshots and leases: PMS §3, end; Paxos Made Live §5. */
import { AGREEMENT, INTEGRITY, n1Chooses, type MultiPaxosMutant } from './mutant.ts';

const QUORUM = 'multi-paxos/chosen-by-quorum';
const CONFIGURATION = 'multi-paxos/configuration-of-slot';
const LINEARIZABLE = 'history/linearizable';

const type = 'change-membership';
const three = { acceptors: ['n1', 'n2', 'n3'], window: 2 };

export const reconfigurationMutants: readonly MultiPaxosMutant[] = [
  {
    id: 'paxos-reconfig-no-alpha',
    description: 'A new configuration is used in the very next slot, though others are under way.',
    violates: [CONFIGURATION, QUORUM, INTEGRITY, AGREEMENT],
    needs: ['membership'],
    minNodes: 4,
    sources: ['Paxos Made Simple §3, end', 'Lamport et al., Reconfiguring a State Machine, 2010'],
    rules: { activeFrom: (slot) => slot + 1 },
    options: three,
    requests: [{ type, add: 'n4' }],
  },
  {
    id: 'paxos-window-ignored',
    description: 'A leader proposes in any slot, beyond those whose configuration is known, too.',
    violates: [QUORUM, CONFIGURATION, INTEGRITY, AGREEMENT],
    needs: ['membership'],
    minNodes: 4,
    sources: ['Paxos Made Simple §3, end'],
    rules: { lastSlotOpen: ({ decided }) => decided + 1000 },
    options: three,
    requests: [{ type, add: 'n4,n5', remove: 'n1' }],
  },
  {
    id: 'paxos-reconfig-state-lost',
    description: 'A leader proposes to new acceptors without phase 1 among them.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['membership'],
    minNodes: 4,
    sources: ['scylladb/scylladb#5251'],
    rules: { preparesNewConfigurations: false },
    options: { acceptors: ['n1', 'n2', 'n3'], window: 1 },
    requests: [{ type, add: 'n4,n5', remove: 'n1,n2' }],
  },
  {
    id: 'paxos-snapshot-without-configuration',
    description: 'A snapshot does not hold the configuration, so the first one comes back.',
    violates: [CONFIGURATION, QUORUM, AGREEMENT],
    needs: ['membership', 'snapshot', 'crash'],
    minNodes: 3,
    sources: ['RedisLabs/redisraft@bec180f, in the words of Paxos'],
    rules: { configurationsOfSnapshot: () => [] },
    requests: [{ type, remove: 'n3' }],
  },
  {
    id: 'paxos-prune-early',
    description: 'An acceptor forgets what it accepted as soon as it has learned what is chosen.',
    violates: [INTEGRITY, AGREEMENT],
    needs: [],
    minNodes: 3,
    sources: ['scylladb/scylladb#6154, #6149'],
    rules: { forgetsWhenLearned: true },
    script: {
      nodes: 3,
      steps: [
        ...n1Chooses,
        'deliver n2<-n1 Learn',
        'fire n3 election',
        'deliver n2<-n3 Prepare',
        'deliver n3<-n2 Promised ballot=1.n3',
        'request n3 put x 2',
      ],
    },
  },
  {
    id: 'vr-getstate-truncates',
    description: 'A snapshot that arrives takes away what was accepted behind it as well.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['snapshot', 'partition'],
    minNodes: 3,
    sources: ['Vanlightly/vsr-tlaplus (GetState), in the words of Paxos'],
    rules: { keepsAcceptedBehindSnapshot: false },
  },
  {
    id: 'paxos-stale-snapshot',
    description: 'A snapshot is taken although more is decided already.',
    violates: ['multi-paxos/monotonic-decided'],
    needs: ['snapshot', 'reorder'],
    minNodes: 3,
    sources: ['as Raft’s stale-snapshot-rewinds'],
    rules: { wantsSnapshot: () => true },
  },
  {
    id: 'paxos-master-lease-skew',
    description: 'A master counts on its lease to the last moment, though clocks differ in speed.',
    violates: [LINEARIZABLE],
    needs: ['clients', 'clock', 'partition'],
    minNodes: 3,
    sources: ['Paxos Made Live §5.2'],
    rules: { masterLeaseMs: ({ leaseMs }) => leaseMs },
    options: { reads: 'lease' },
  },
  {
    id: 'paxos-lease-before-recovery',
    description: 'A new master answers reads before it has learned what was chosen before it.',
    violates: [LINEARIZABLE],
    needs: ['clients', 'crash'],
    minNodes: 3,
    sources: ['Paxos Made Live §5.2', 'as Raft’s reads before an entry of the own term'],
    rules: { hasRecovered: () => true },
    options: { reads: 'lease' },
  },
];
