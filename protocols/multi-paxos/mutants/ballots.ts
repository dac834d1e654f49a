/** Mutants of ballots and of phase 1: Paxos Made Simple §2.2, §2.4, §2.5. */
import { ballotOf } from '../ballot.ts';
import { AGREEMENT, INTEGRITY, LIVENESS, n1Leads, type MultiPaxosMutant } from './mutant.ts';

const KEPT = 'multi-paxos/promise-kept';
const LEADER = 'multi-paxos/one-leader-a-ballot';
const PROPOSAL = 'multi-paxos/one-proposal-a-ballot';

export const ballotMutants: readonly MultiPaxosMutant[] = [
  {
    id: 'paxos-promise-not-persisted',
    description: 'An acceptor does not write its promises to disk, so a restart forgets them.',
    violates: [KEPT, INTEGRITY, AGREEMENT],
    needs: ['crash', 'reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.5'],
    rules: { persistsPromises: false },
    script: { nodes: 3, steps: [...n1Leads, 'crash n2', 'restart n2'] },
  },
  {
    id: 'paxos-promise-before-fsync',
    description: 'An acceptor sends its promise before the disk has it.',
    violates: [KEPT, INTEGRITY, AGREEMENT],
    needs: ['crash', 'disk'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.5', 'Paxos Made Live §5.1'],
    rules: { promiseWaitsForDisk: false },
  },
  {
    id: 'paxos-promise-unchecked',
    description: 'An acceptor promises any ballot, lower ones than before as well.',
    violates: ['multi-paxos/monotonic-promise', KEPT, INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.2, phase 1 (b)'],
    rules: { mayPromise: () => true },
    script: {
      nodes: 3,
      steps: [
        'fire n1 election',
        'fire n3 election',
        'deliver n2<-n3 Prepare',
        'deliver n2<-n1 Prepare',
      ],
    },
  },
  {
    id: 'paxos-ballot-reuse',
    description: 'A proposer that restarts does not remember which ballots it has used.',
    violates: [LEADER, PROPOSAL, AGREEMENT],
    needs: ['crash'],
    minNodes: 3,
    sources: ['Tencent/phxpaxos#145', 'drmingdrmer/consensus-essence (round-number reversion)'],
    rules: { nextRound: ({ round }) => round + 1 },
    durable: ['promised', 'accepted', 'snapshot'],
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'crash n1',
        'restart n1',
        'fire n1 election',
        'deliver n2<-n1 Prepare',
        'deliver n1<-n2 Promised',
      ],
    },
  },
  {
    id: 'paxos-ballot-not-unique',
    description: 'A ballot is only a round, so two proposers may use the same one.',
    violates: [LEADER, PROPOSAL, AGREEMENT],
    needs: [],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.2'],
    rules: { ballotOf: (round) => ballotOf(round, 0) },
    script: {
      nodes: 3,
      steps: [
        'fire n1 election',
        'fire n3 election',
        'deliver n2<-n1 Prepare',
        'deliver n2<-n3 Prepare',
        'deliver n1<-n2 Promised',
        'deliver n3<-n2 Promised',
      ],
    },
  },
  {
    id: 'paxos-stale-promise',
    description: 'A promise for an earlier ballot of the same proposer is counted for the present.',
    violates: [KEPT, INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['luohaha/MyPaxos#18, #19'],
    rules: { countsPromise: (state, ballot) => ballot <= state.ballot },
    script: {
      nodes: 3,
      steps: [
        'fire n1 election',
        'deliver n2<-n1 Prepare',
        'fire n1 election',
        'deliver n1<-n2 Promised',
      ],
    },
  },
  {
    id: 'paxos-amnesia-rejoin',
    description: 'A replica that comes back without its disk promises and accepts at once.',
    violates: [KEPT, INTEGRITY, AGREEMENT],
    needs: ['crash'],
    minNodes: 3,
    sources: ['Paxos Made Live §5.1', 'Michael et al., DISC 2017', 'palantir/atlasdb#1504'],
    durable: ['round'],
  },
  {
    id: 'paxos-dueling',
    description: 'A proposer that was pre-empted begins its next campaign almost at once.',
    violates: [LIVENESS],
    needs: [],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.4'],
    rules: { electionTimeout: () => [4, 4] },
  },
  {
    id: 'paxos-nack-missing',
    description: 'An acceptor ignores a ballot that is too low, and its proposer never learns why.',
    violates: [LIVENESS],
    needs: ['partition'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.4', 'Tencent/phxpaxos, documentation'],
    rules: { answersRejections: false, nextRound: ({ round }) => round + 1 },
  },
];
