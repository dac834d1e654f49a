/** How terms begin: extended Raft paper, §5.1; Ongaro's dissertation, §9.6 for Pre-Vote. */
import { mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { nameOf, NONE } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

export const stableTerm = raftInvariant(
  {
    id: 'raft/stable-term',
    title: 'a term begins only with a candidate: no server is in a term that nobody stood for',
    source: 'Raft (extended), §5.1; dissertation, §9.6: asking for pre-votes leaves the term alone',
  },
  (world) => new StableTerm(highestTerm(world), NONE, NONE),
);

class StableTerm implements Checker {
  /** The highest term that somebody stood for, or that was there at the beginning. */
  private begun: number;
  /** Who stood for it, after which event. */
  private node: number;
  private event: number;

  constructor(begun: number, node: number, event: number) {
    this.begun = begun;
    this.node = node;
    this.event = event;
  }

  onTerm({ world, node, state }: Change): Finding | null {
    const { role, currentTerm } = state;
    if (currentTerm <= this.begun) return null;
    if (role !== 'candidate' && role !== 'leader') return this.crept(world, node, state);
    this.begun = currentTerm;
    this.node = node;
    this.event = world.eventIndex;
    return null;
  }

  fork(): Checker {
    return new StableTerm(this.begun, this.node, this.event);
  }

  hash(): number {
    return mix(0, this.begun);
  }

  private crept(world: WorldView, node: number, { currentTerm, role }: RaftState): Finding {
    const name = nameOf(world, node);
    const { begun, event } = this;
    const last =
      this.node === NONE
        ? { text: `no server has stood for a term above ${begun}` }
        : {
            text: `${nameOf(world, this.node)} stood for term ${begun}, the highest so far`,
            node: nameOf(world, this.node),
            event,
          };
    return {
      message: `${name} is in term ${currentTerm}, for which no server has stood`,
      facts: [
        last,
        { text: `${name} is ${role} in term ${currentTerm}`, node: name, event: world.eventIndex },
      ],
    };
  }
}

function highestTerm(world: WorldView): number {
  let highest = 0;
  for (const { state } of world.nodes) {
    if (state !== null) highest = Math.max(highest, (state as RaftState).currentTerm);
  }
  return highest;
}
