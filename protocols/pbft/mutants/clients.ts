/** Mutants of the client, and of reads outside the order: Castro and Liskov, §2, §4.1, §5.1. */
import { committed, LIVE, prepared, type PbftMutant } from './mutant.ts';

const LINEARIZABLE = 'history/linearizable';

/** A read-only request of c2's reaches three replicas; `old` says that nothing was written. */
function readBy(old: string, a: string, b: string): (string | object)[] {
  return [
    'c2 invoke',
    ...[old, a, b].map((node) => `deliver ${node}<-c2 get`),
    { lie: { message: `c2<-${old} ok`, field: 'response.value', value: null } },
    ...[old, a, b].map((node) => `deliver c2<-${node} ok`),
  ];
}

/** In view 0 of seven replicas n1 to n5, a quorum, are prepared; n1 and n2 execute. */
function executedByFive(): string[] {
  const five = ['n1', 'n2', 'n3', 'n4', 'n5'];
  const backups = five.slice(1);
  const others = (node: string) => five.filter((other) => other !== node);
  return [
    ...backups.map((node) => `deliver ${node}<-n1 PrePrepare`),
    ...five.flatMap((node) =>
      others(node)
        .filter((other) => other !== 'n1')
        .map((other) => `deliver ${node}<-${other} Prepare`),
    ),
    ...['n1', 'n2'].flatMap((node) =>
      others(node).map((other) => `deliver ${node}<-${other} Commit`),
    ),
  ];
}

export const clientMutants: readonly PbftMutant[] = [
  {
    id: 'pbft-client-one-reply',
    description: 'A client believes the first reply.',
    violates: [LINEARIZABLE],
    needs: ['liar', 'clients'],
    minNodes: 4,
    sources: ['Castro and Liskov §2, §4.1'],
    rules: { repliesNeeded: () => 1 },
    script: {
      nodes: 4,
      clients: 1,
      liars: ['n1'],
      steps: [
        'c1 invoke',
        'deliver n1<-c1 get',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n1', 'n2', 'n3'),
        { lie: { message: 'c1<-n1 ok', field: 'response.value', value: 666 } },
        'deliver c1<-n1 ok',
      ],
    },
  },
  {
    id: 'pbft-client-f-replies',
    description: 'A client believes f equal replies: all of them may be lies.',
    violates: [LINEARIZABLE],
    needs: ['liar', 'clients'],
    minNodes: 4,
    sources: ['Castro and Liskov §2, §4.1'],
    rules: { repliesNeeded: (faults) => faults },
    script: {
      // f = 2: each of the two liars alone is not believed.
      nodes: 7,
      // The client's first operation is a get.
      seed: 3,
      clients: 1,
      liars: ['n1', 'n2'],
      steps: [
        'c1 invoke',
        'deliver n1<-c1 get',
        ...executedByFive(),
        { lie: { message: 'c1<-n1 ok', field: 'response.value', value: 666 } },
        { lie: { message: 'c1<-n2 ok', field: 'response.value', value: 666 } },
        'deliver c1<-n1 ok',
        'deliver c1<-n2 ok',
      ],
    },
  },
  {
    id: 'pbft-readonly-f1',
    description: 'A read outside the order takes f + 1 equal replies: a liar and one that lags.',
    violates: [LINEARIZABLE],
    needs: ['liar', 'clients'],
    minNodes: 4,
    sources: ['Castro and Liskov §5.1'],
    rules: { readRepliesNeeded: (_nodes, faults) => faults + 1 },
    options: { readOnly: true },
    script: {
      nodes: 4,
      // A put of c1's, then a get of c2's.
      seed: 5,
      clients: 2,
      liars: ['n1'],
      options: { read_only: true },
      steps: [
        'c1 invoke',
        'deliver n1<-c1 put',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n2', 'n1', 'n3'),
        ...committed(0, 'n3', 'n1', 'n2'),
        'deliver c1<-n1 ok',
        'deliver c1<-n2 ok',
        'deliver c1<-n3 ok',
        ...readBy('n1', 'n4', 'n2').slice(0, -1),
      ],
    },
  },
  {
    id: 'pbft-readonly-write-f1',
    description: 'Reads go outside the order, and f + 1 replies still end a write.',
    violates: [LINEARIZABLE],
    needs: ['liar', 'clients'],
    minNodes: 4,
    sources: ['Berger et al., arXiv 2107.11144'],
    rules: { writeRepliesNeeded: (_nodes, faults) => faults + 1 },
    options: { readOnly: true },
    script: {
      nodes: 4,
      seed: 8,
      clients: 2,
      liars: ['n1'],
      options: { read_only: true },
      steps: [
        'c1 invoke',
        'deliver n1<-c1 put',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n2', 'n1', 'n3'),
        'deliver c1<-n1 ok',
        'deliver c1<-n2 ok',
        ...readBy('n1', 'n3', 'n4'),
      ],
    },
  },
  {
    id: 'pbft-readonly-liveness',
    description:
      'Clients wait for a quorum of replies, and nobody helps a replica that lags: when f others ' +
      'are silent, the client waits for ever.',
    violates: [LIVE],
    needs: ['crash', 'clients'],
    minNodes: 4,
    sources: ['Berger et al., arXiv 2107.11144'],
    rules: { helpsLaggards: false },
    options: { readOnly: true },
  },
];
