/** Mutants of phase 2 and of learning: Paxos Made Simple §2.2, §2.3, §2.5, §3. */
import { AGREEMENT, INTEGRITY, n1Chooses, n1Leads, type MultiPaxosMutant } from './mutant.ts';

const QUORUM = 'multi-paxos/chosen-by-quorum';
const BALLOT = 'multi-paxos/monotonic-ballot';
const LINEARIZABLE = 'history/linearizable';

/** n1 has proposed in slot 1, and n2 promises n3 before the proposal arrives. */
const overtaken = [
  ...n1Leads,
  'request n1 put x 1',
  'fire n3 election',
  'deliver n2<-n3 Prepare',
  'deliver n2<-n1 Accept',
];

export const acceptanceMutants: readonly MultiPaxosMutant[] = [
  {
    id: 'paxos-accept-not-persisted',
    description: 'An acceptor does not write to disk what it accepts.',
    violates: [QUORUM, INTEGRITY, AGREEMENT],
    needs: ['crash'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.5', 'palantir/atlasdb#1504'],
    rules: { persistsAcceptances: false },
    script: { nodes: 3, steps: n1Chooses },
  },
  {
    id: 'paxos-accept-before-fsync',
    description: 'An acceptor says that it has accepted before its disk has it.',
    violates: [QUORUM, INTEGRITY, AGREEMENT],
    needs: ['crash', 'disk'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.5'],
    rules: { acceptanceWaitsForDisk: false },
  },
  {
    id: 'paxos-own-copy-before-fsync',
    description: 'A leader counts its own acceptance before its disk has it.',
    violates: [QUORUM, INTEGRITY, AGREEMENT],
    needs: ['crash', 'disk'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.5', 'Ongaro, dissertation §10.2.1, inverted'],
    rules: { ownAnswersWaitForDisk: false },
  },
  {
    id: 'paxos-accept-keeps-promise',
    description: 'Accepting a ballot does not promise it, so a lower one may follow.',
    violates: [BALLOT, INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['apache/cassandra PR#1327 (CASSANDRA-17162)', 'brooker.co.za, on Paxos accept'],
    rules: { promisedAfterAccept: (promised) => promised },
    script: {
      nodes: 3,
      steps: [
        'fire n1 election',
        'deliver n3<-n1 Prepare',
        'deliver n1<-n3 Promised',
        'request n1 put x 1',
        'deliver n2<-n1 Accept',
      ],
    },
  },
  {
    id: 'paxos-accept-unchecked',
    description: 'An acceptor accepts whatever it is asked to, below its promise as well.',
    violates: [BALLOT, INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.2, P1a'],
    rules: { mayAccept: () => true },
    script: { nodes: 3, steps: overtaken },
  },
  {
    id: 'paxos-accept-wrong-key',
    description: 'An acceptor compares a ballot with what it accepted there, not with its promise.',
    violates: [BALLOT, INTEGRITY, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['scylladb/scylladb#6139'],
    rules: {
      mayAccept: ({ accepted }, ballot, slot) => ballot >= (accepted.get(slot)?.ballot ?? 0),
    },
    script: { nodes: 3, steps: overtaken },
  },
  {
    id: 'paxos-learner-mixes-ballots',
    description: 'Acceptances of one slot are counted together, under whatever ballots.',
    violates: [QUORUM, AGREEMENT],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §2.3', 'IronFleet RSL benchmark (InconsistentLogs)'],
    rules: { countsAccepted: () => true },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'request n1 put x 1',
        'deliver n2<-n1 Accept',
        'fire n3 election',
        'deliver n1<-n3 Prepare',
        'fire n1 election',
        'deliver n3<-n1 Prepare ballot=2.n1',
        'deliver n1<-n3 Promised ballot=2.n1',
        'deliver n1<-n2 Accepted ballot=1.n1',
      ],
    },
  },
  {
    id: 'paxos-acceptance-counted-twice',
    description: 'Acceptances are counted by message, so a repeated one counts twice.',
    violates: [QUORUM, INTEGRITY, AGREEMENT],
    needs: ['duplicate'],
    minNodes: 4,
    sources: ['ktoso/akka-raft#45, in the words of Paxos'],
    rules: { addAcceptance: (accepted, acceptor) => [...accepted, acceptor] },
  },
  {
    id: 'paxos-nonmember-counted',
    description: 'Whoever answers counts, whether it belongs to the acceptors or not.',
    violates: [QUORUM, INTEGRITY, AGREEMENT],
    needs: ['membership'],
    minNodes: 4,
    sources: ['Specula case study, n2paxos'],
    rules: { asked: (_acceptors, nodes) => nodes, counted: (_acceptors, nodes) => nodes.length },
    options: { acceptors: ['n1', 'n2', 'n3'] },
  },
  {
    id: 'paxos-apply-out-of-order',
    description: 'A slot is applied as soon as it is decided, whatever lies before it.',
    violates: ['multi-paxos/log-prefix'],
    needs: ['reorder'],
    minNodes: 3,
    sources: ['Paxos Made Simple §3'],
    rules: { appliesUpTo: ({ chosen }) => chosen.last },
    script: {
      nodes: 3,
      steps: [
        ...n1Leads,
        'request n1 put x 1',
        'request n1 put x 2',
        'deliver n2<-n1 Accept ballot=1.n1 slot=2',
        'deliver n1<-n2 Accepted ballot=1.n1 slot=2',
      ],
    },
  },
  {
    id: 'paxos-catch-up-unchosen',
    description: 'A node that is asked what is chosen tells what it has accepted.',
    violates: [QUORUM, AGREEMENT],
    needs: ['partition'],
    minNodes: 3,
    sources: ['CASSANDRA-12126, for learners'],
    rules: { chosenForCatchUp: ({ accepted }, from, to) => accepted.range(from, to) },
    script: {
      nodes: 3,
      steps: [
        ...n1Chooses,
        'request n1 put x 2',
        'fire n1 heartbeat',
        'deliver n3<-n1 Heartbeat ballot=1.n1 decided=1',
        'fire n1 heartbeat',
        'deliver n3<-n1 Heartbeat ballot=1.n1 decided=1',
        'deliver n1<-n3 CatchUp',
        'deliver n3<-n1 CaughtUp',
      ],
    },
  },
  {
    id: 'paxos-read-no-round',
    description: 'A read answers with a value that is accepted, but not yet chosen.',
    violates: [LINEARIZABLE],
    needs: ['clients'],
    minNodes: 3,
    sources: ['CASSANDRA-12126', 'scylladb/scylladb#6299'],
    rules: {
      dirtyRead({ accepted, decided }, key) {
        const writes = accepted
          .range(decided + 1, accepted.last)
          .filter(({ value: { request } }) => request?.command['key'] === key)
          .filter(({ value: { request } }) => request?.command.type === 'put');
        return writes.at(-1)?.value ?? null;
      },
    },
  },
];
