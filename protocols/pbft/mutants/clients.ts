/** Mutants of the client: Castro and Liskov, §2 and §4.1. */
import { committed, prepared, type PbftMutant } from './mutant.ts';

const LINEARIZABLE = 'history/linearizable';

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
];
