/** Checkpoints: Castro and Liskov, §4.3. */
import type { Finding } from '../../sim/engine/monitor.ts';
import type { NodeView } from '../../sim/engine/view.ts';
import type { CertifiedCheckpoint, OwnCheckpoint } from '../../protocols/pbft/state.ts';
import { Positions } from '../positions.ts';
import { correctQuorum, hashOf, knowledgeOf, nameOf } from './replicas.ts';
import { pbftInvariant, type Change, type Checker } from './watch.ts';

/** So many numbers below the highest are remembered for replicas that lag behind. */
const REMEMBERED = 4096;

interface Taken {
  readonly digest: string;
  readonly node: number;
  readonly event: number;
}

export const checkpointAgreement = pbftInvariant(
  {
    id: 'pbft/checkpoint-agreement',
    title: 'correct replicas have one state at one checkpoint, and it is what they prove',
    source: 'Castro and Liskov 1999, §4.3',
  },
  () => new CheckpointAgreement(new Positions()),
);

class CheckpointAgreement implements Checker {
  private readonly taken: Positions<Taken>;

  constructor(taken: Positions<Taken>) {
    this.taken = taken;
  }

  onCheckpoint(change: Change, { sequence, digest }: OwnCheckpoint): Finding | null {
    return this.compare(change, sequence, digest);
  }

  onStable(change: Change, { sequence, digest }: CertifiedCheckpoint): Finding | null {
    return this.compare(change, sequence, digest);
  }

  fork(): Checker {
    return new CheckpointAgreement(this.taken.fork());
  }

  hash(): number {
    const entries: [number, string][] = [];
    this.taken.each((at, { digest }) => entries.push([at, digest]));
    return hashOf(entries);
  }

  private compare({ world, node }: Change, sequence: number, digest: string): Finding | null {
    const first = this.taken.get(sequence);
    const second = { digest, node, event: world.eventIndex };
    if (first === undefined) {
      this.taken.set(sequence, second);
      this.taken.forget(sequence - REMEMBERED);
      return null;
    }
    if (first.digest === digest) return null;
    const who = `${nameOf(world, first.node)} and ${nameOf(world, node)}`;
    return {
      message: `${who} have different states at checkpoint ${sequence}`,
      facts: [first, second].map((one) => ({
        text: `${nameOf(world, one.node)} has ${one.digest} at checkpoint ${sequence}`,
        node: nameOf(world, one.node),
        event: one.event,
      })),
    };
  }
}

export const stableCheckpoint = pbftInvariant(
  {
    id: 'pbft/stable-checkpoint',
    title: 'a quorum without its liars has taken what a correct replica takes for stable',
    source: 'Castro and Liskov 1999, §4.3: so that others can fetch it',
  },
  () => stableChecker,
);

const stableChecker: Checker = {
  onStable({ world, node }, { sequence, digest }) {
    const holders = world.correctNodes.filter((one) => hasTaken(one, sequence, digest));
    const needed = correctQuorum(world);
    if (holders.length >= needed) return null;
    const name = nameOf(world, node);
    const who = holders.map(({ id }) => id).join(', ') || 'nobody';
    const what = `${name} takes checkpoint ${sequence} for stable`;
    return {
      message: `${what}, which only ${who} has: it takes ${needed} correct replicas`,
      facts: [{ text: what, node: name, event: world.eventIndex }],
    };
  },
  fork: () => stableChecker,
};

/** Or it has gone on from there. */
function hasTaken(replica: NodeView, sequence: number, digest: string): boolean {
  const { checkpoints = [], stable } = knowledgeOf(replica);
  return (
    (stable?.sequence ?? 0) > sequence ||
    checkpoints.some((one) => one.sequence === sequence && one.digest === digest) ||
    checkpoints.some((one) => one.sequence > sequence)
  );
}
