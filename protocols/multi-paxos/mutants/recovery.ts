/** Mutants of what a new leader finds in phase 1: Paxos Made Simple §2.2 (P2c) and §3. */
import {
  AGREEMENT,
  INTEGRITY,
  LIVENESS,
  n1Chooses,
  n1Leads,
  type MultiPaxosMutant,
} from './mutant.ts';

/** n3 campaigns with a ballot above those of n1, and is promised by n2. */
const n3Leads = [
  'fire n3 election',
  'deliver n2<-n3 Prepare',
  'deliver n3<-n2 Promised ballot=1.n3',
];

export const recoveryMutants: readonly MultiPaxosMutant[] = [
  {
    id: 'paxos-p1-ignores-accepted',
    description: 'A new leader proposes its own values, whatever promises have reported.',
    violates: [INTEGRITY, AGREEMENT],
    needs: [],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.2, P2c'],
    rules: { adopts: () => false },
    script: { nodes: 3, steps: [...n1Chooses, ...n3Leads, 'request n3 put x 2'] },
  },
  {
    id: 'paxos-p1-any-accepted',
    description: 'A new leader takes the first value that is reported, not that of highest ballot.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.2, P2c', 'Michael et al., DISC 2017'],
    rules: { adopts: (best) => best === undefined },
  },
  {
    id: 'paxos-promised-accepted-one-field',
    description: 'One field holds what was promised and what was accepted, so old values look new.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['reorder', 'partition'],
    minNodes: 3,
    sources: ['CASSANDRA-6023', 'burcuku/explorer-server (cas6023)'],
    rules: { reportedBallot: ({ ballot }, promised) => Math.max(ballot, promised) },
  },
  {
    id: 'paxos-gap-filled-blindly',
    description: 'Phase 1 asks only for slots behind the own last one; gaps before it are filled.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Paxos Made Simple §3'],
    rules: { firstSlotAsked: ({ decided, accepted }) => Math.max(decided, accepted.last) + 1 },
  },
  {
    id: 'paxos-gap-not-filled',
    description: 'A new leader proposes nothing in the gaps that it finds.',
    violates: [LIVENESS],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Paxos Made Simple §3', 'dslabs, handling of logs with holes'],
    rules: { fillsGaps: false },
  },
  {
    id: 'paxos-log-merge-offset',
    description: 'Reports are merged by their place in the list, not by their slots.',
    violates: ['multi-paxos/validity', INTEGRITY, AGREEMENT],
    needs: [],
    minNodes: 3,
    sources: ['Cjen1/OCons PR#21 (found by Jepsen)'],
    rules: { slotOfReport: (_report, first, nth) => first + nth },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'request n1 put x 1',
        'request n1 put x 2',
        'deliver n2<-n1 Accept ballot=1.n1 slot=2',
        'fire n3 election',
        'deliver n2<-n3 Prepare',
        'deliver n3<-n2 Promised ballot=1.n3',
      ],
    },
  },
  {
    id: 'flexible-quorum-disjoint',
    description: 'Quorums of phase 1 are so small that they need not meet those of phase 2.',
    violates: [INTEGRITY, AGREEMENT],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Howard, Malkhi and Spiegelman, Flexible Paxos, 2016', 'fpaxos/raft.tla'],
    rules: { prepareQuorum: (_options, acceptors) => acceptors - ((acceptors >> 1) + 1) },
    script: { nodes: 3, steps: [...n1Chooses, 'fire n3 election', 'request n3 put x 2'] },
  },
];
