/** Election Safety: extended Raft paper, Figure 3. */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import { lowestTerm, nameOf } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

/** Who was first seen to lead a term, and after which event. */
interface Election {
  readonly node: number;
  readonly event: number;
}

export const electionSafety = raftInvariant(
  {
    id: 'raft/election-safety',
    title: 'at most one leader is elected in a term',
    source: 'Raft (extended), Figure 3, §5.2',
  },
  () => new ElectionSafety(new Map()),
);

class ElectionSafety implements Checker {
  /** Elections by term, as far back as somebody may still be elected. */
  private readonly elections: Map<number, Election>;

  constructor(elections: Map<number, Election>) {
    this.elections = elections;
  }

  onElected({ world, node, state }: Change): Finding | null {
    const term = state.currentTerm;
    const first = this.elections.get(term);
    const second = { node, event: world.eventIndex };
    if (first === undefined) {
      this.forget(lowestTerm(world));
      this.elections.set(term, second);
      return null;
    }
    if (first.node === node) return null;
    const who = `${nameOf(world, first.node)} and ${nameOf(world, node)}`;
    return {
      message: `${who} were both elected leader of term ${term}`,
      facts: [first, second].map((election) => ({
        text: `${nameOf(world, election.node)} became leader of term ${term}`,
        node: nameOf(world, election.node),
        event: election.event,
      })),
    };
  }

  fork(): Checker {
    return new ElectionSafety(new Map(this.elections));
  }

  hash(place = (node: number) => node): number {
    let sum = 0;
    for (const [term, { node }] of this.elections) {
      sum = (sum + finish(mix(term, place(node)))) | 0;
    }
    return sum;
  }

  private forget(belowTerm: number): void {
    for (const term of this.elections.keys()) if (term < belowTerm) this.elections.delete(term);
  }
}
