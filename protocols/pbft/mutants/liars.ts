/** Mutants that take a liar to show: Castro and Liskov, §3, §4.2 and §4.4. */
import type { Vote } from '../messages.ts';
import {
  AGREEMENT,
  CHECKPOINTS,
  COMMITTED,
  committed,
  KEPT,
  NEW_VIEW,
  prepared,
  VALIDITY,
  view1WithoutN1,
  view2WithoutN2,
  type PbftMutant,
} from './mutant.ts';

/** n1 lives twice: one instance gives number 1 to a request of n2's, the other to another. */
const twoStories = [{ twin: ['n1'] }, 'request n1 put x 1', { twin: ['n1'] }, 'request n1 put x 2'];

/** n2 hears the first story, n3 and n4 the second. */
const equivocation = [
  ...twoStories,
  'deliver n2<-n1 PrePrepare',
  'drop n3<-n1 PrePrepare',
  'drop n4<-n1 PrePrepare',
  'deliver n3<-n1 PrePrepare',
  'deliver n4<-n1 PrePrepare',
  'deliver n2<-n3 Prepare',
  'deliver n3<-n4 Prepare',
  'deliver n4<-n3 Prepare',
  'deliver n2<-n3 Commit',
  'deliver n2<-n4 Commit',
  'deliver n3<-n2 Commit',
  'deliver n3<-n4 Commit',
];

/** The votes of a replica that changes its mind: the last counts. */
function replaceVote<V extends Vote>(votes: readonly V[], vote: V): readonly V[] {
  return [...votes.filter(({ replica }) => replica !== vote.replica), vote];
}

/** What n4 claims to have prepared in view 1: a null request, which n2 has not signed. */
const madeUp = [
  {
    prePrepare: {
      view: 1,
      sequence: 1,
      digest: 'null',
      replica: 'n2',
      signature: { signer: 'n4', tag: 1 },
    },
    prepares: [],
  },
];

export const liarMutants: readonly PbftMutant[] = [
  {
    id: 'pbft-cert-ignores-digest',
    description: 'Votes count for a view and number, whatever digest they are for.',
    violates: [AGREEMENT],
    needs: ['liar'],
    minNodes: 4,
    sources: ['caojohnny/pbft-java: isCommittedLocal', 'sawtooth-pbft@beb1bc2'],
    rules: { matches: (vote, order) => vote.view === order.view },
    script: { nodes: 4, liars: ['n1'], steps: equivocation },
  },
  {
    id: 'pbft-null-digest',
    description: 'All batches have one digest.',
    violates: [AGREEMENT],
    needs: ['liar'],
    minNodes: 4,
    sources: ['caojohnny/pbft-java: NoopDigester', 'a ByzzFuzz study: 46 of 420 failures'],
    rules: { digest: () => '' },
    script: { nodes: 4, liars: ['n1'], steps: equivocation },
  },
  {
    id: 'pbft-preprepare-twice',
    description: 'A second pre-prepare for one view and number takes the place of the first.',
    violates: [AGREEMENT],
    needs: ['liar'],
    minNodes: 4,
    sources: ['Castro and Liskov §4.2'],
    rules: { isFree: () => true, addVote: replaceVote },
    script: {
      nodes: 4,
      liars: ['n1'],
      steps: [
        ...twoStories,
        'deliver n2<-n1 PrePrepare',
        'deliver n3<-n1 PrePrepare',
        'deliver n4<-n1 PrePrepare',
        'deliver n2<-n4 Prepare',
        'deliver n3<-n4 Prepare',
        'deliver n4<-n2 Prepare',
        'deliver n4<-n2 Commit',
        'deliver n4<-n3 Commit',
        'deliver n2<-n1 PrePrepare',
        'deliver n3<-n1 PrePrepare',
        'drop n2<-n3 Prepare',
        'drop n3<-n2 Prepare',
        'drop n1<-n2 Prepare',
        'drop n1<-n3 Prepare',
        'deliver n2<-n3 Prepare',
        'deliver n3<-n2 Prepare',
        'deliver n1<-n2 Prepare',
        'deliver n1<-n3 Prepare',
        'drop n2<-n3 Commit',
        'deliver n2<-n3 Commit',
        'deliver n2<-n1 Commit',
      ],
    },
  },
  {
    id: 'pbft-unauthenticated-request',
    description: 'Nobody asks whether a client has signed its request.',
    violates: [VALIDITY],
    needs: ['liar'],
    minNodes: 4,
    sources: ['Castro and Liskov §4.1'],
    rules: { isAuthentic: () => true },
    script: {
      nodes: 4,
      liars: ['n2'],
      steps: [
        'request n2 put x 1',
        { lie: { message: 'n1<-n2 Request', field: 'request.command.value', value: 666 } },
        'deliver n1<-n2 Request',
        ...prepared(0, 'n1', 'n3', 'n4'),
        ...committed(0, 'n1', 'n3', 'n4'),
      ],
    },
  },
  {
    id: 'pbft-signer-vs-relay',
    description: 'A vote is taken for that of whoever it names, without its signature.',
    violates: [COMMITTED],
    needs: ['liar'],
    minNodes: 4,
    sources: ['sawtooth-pbft@e7b4ba2'],
    rules: { isVoteAuthentic: () => true },
    script: {
      nodes: 4,
      liars: ['n4'],
      steps: [
        'request n1 put x 1',
        'deliver n2<-n1 PrePrepare',
        'deliver n4<-n1 PrePrepare',
        'deliver n2<-n4 Prepare',
        'deliver n4<-n2 Prepare',
        { lie: { message: 'n2<-n4 Commit', field: 'replica', value: 'n3', also: true } },
        'deliver n2<-n4 Commit',
        'deliver n2<-n4 Commit',
      ],
    },
  },
  {
    id: 'pbft-vc-not-verified',
    description: 'What a VIEW-CHANGE claims is believed without its certificates.',
    violates: [AGREEMENT],
    needs: ['liar'],
    minNodes: 4,
    sources: ['caojohnny/pbft-java'],
    rules: { checksViewChange: () => false },
    script: {
      nodes: 4,
      liars: ['n4'],
      steps: [
        'request n1 put x 1',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n2', 'n1', 'n3'),
        ...view2WithoutN2.flatMap((step) =>
          step === 'deliver n3<-n4 ViewChange view=2'
            ? [
                {
                  lie: {
                    message: 'n3<-n4 ViewChange view=2',
                    how: 'lying-view-change',
                    field: 'prepared',
                    value: madeUp,
                  },
                },
                step,
              ]
            : [step],
        ),
        ...prepared(2, 'n3', 'n1', 'n4').slice(2),
        ...committed(2, 'n3', 'n1', 'n4'),
      ],
    },
  },
  {
    id: 'pbft-nv-not-verified',
    description: 'A backup believes a NEW-VIEW without making O itself.',
    violates: [NEW_VIEW],
    needs: ['liar'],
    minNodes: 4,
    sources: ['caojohnny/pbft-java: acceptNewView', 'boscore/bos PR#166'],
    rules: { checksNewView: () => false },
    script: {
      nodes: 4,
      liars: ['n2'],
      steps: [
        'request n1 put x 1',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...view1WithoutN1.flatMap((step) =>
          step === 'deliver n3<-n2 NewView'
            ? [{ lie: { message: 'n3<-n2 NewView', field: 'prePrepares', value: [] } }, step]
            : step === 'deliver n4<-n2 NewView'
              ? []
              : [step],
        ),
      ],
    },
  },
  {
    id: 'pbft-gc-before-nv-verified',
    description: 'A NEW-VIEW makes a replica discard its log before it is checked.',
    violates: [KEPT],
    needs: ['liar'],
    minNodes: 4,
    sources: ['caojohnny/pbft-java: gcNewView'],
    rules: { discardsBeforeChecking: true },
    script: {
      nodes: 4,
      liars: ['n2'],
      steps: [
        'request n1 put x 1',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...view1WithoutN1.flatMap((step) =>
          step === 'deliver n3<-n2 NewView'
            ? [
                { lie: { message: 'n3<-n2 NewView', field: 'viewChanges.0.stable', value: 1 } },
                step,
              ]
            : step === 'deliver n4<-n2 NewView'
              ? []
              : [step],
        ),
      ],
    },
  },
  {
    id: 'pbft-state-transfer-weak',
    description: 'A state is taken from one replica, though its digest is not the certified one.',
    violates: [CHECKPOINTS],
    needs: ['liar'],
    minNodes: 4,
    sources: ['bft-smart@0201857f'],
    rules: { isStateCertified: () => true },
    script: {
      nodes: 4,
      liars: ['n1'],
      options: { checkpoint_interval: 1 },
      steps: [
        'request n1 put x 1',
        ...prepared(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n1', 'n2', 'n3'),
        ...committed(0, 'n2', 'n1', 'n3'),
        ...committed(0, 'n3', 'n1', 'n2'),
        'deliver n1<-n2 Checkpoint',
        'deliver n1<-n3 Checkpoint',
        'deliver n4<-n1 Checkpoint',
        'deliver n4<-n2 Checkpoint',
        'deliver n4<-n3 Checkpoint',
        'fire n4 fetch',
        'deliver n1<-n4 FetchState',
        { lie: { message: 'n4<-n1 State', field: 'snapshot.values.0.1', value: 666 } },
        'deliver n4<-n1 State',
      ],
    },
  },
];
