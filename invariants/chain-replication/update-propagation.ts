/** The Update Propagation Invariant: van Renesse and Schneider 2004, §2. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { ChainState } from '../../protocols/chain-replication/state.ts';
import { describeAt, isSameEntry } from '../acknowledged.ts';
import { stateOf } from './servers.ts';

export const updatePropagation: Invariant = {
  id: 'chain-replication/update-propagation',
  title: 'within a chain the history of a server is a prefix of the history of its predecessor',
  source: 'van Renesse and Schneider 2004, §2',
  create: () => new UpdatePropagation(new Map()),
};

/** How far a server's history was compared with its predecessor's, and in whose lives. */
interface Compared {
  readonly epoch: number;
  readonly lives: string;
  readonly lastIndex: number;
}

/** O(new updates) after an event; O(history) when the chain has changed, or a server restarted. */
class UpdatePropagation implements Monitor {
  private readonly compared: Map<number, Compared>;

  constructor(compared: Map<number, Compared>) {
    this.compared = compared;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state === null) return null;
    const { chain } = state.configuration;
    const place = chain.indexOf(state.self);
    if (place < 0) return null;
    const [before = '', after = ''] = [chain[place - 1], chain[place + 1]];
    return (
      this.comparePair(world, world.nodeIds.indexOf(before), node) ??
      this.comparePair(world, node, world.nodeIds.indexOf(after))
    );
  }

  fork(): UpdatePropagation {
    return new UpdatePropagation(new Map(this.compared));
  }

  private comparePair(world: WorldView, before: number, node: number): Finding | null {
    const [predecessor, state] = [stateOf(world, before), stateOf(world, node)];
    if (predecessor === null || state === null) return null;
    const { epoch } = state.configuration;
    // Who has not heard of the new chain yet has no place in it.
    if (predecessor.configuration.epoch !== epoch) return null;
    const { lastIndex } = state.log;
    const lives = [before, node].map((one) => `${one}/${world.nodes[one]?.incarnation}`).join();
    const last = this.compared.get(node);
    const isSame = last?.epoch === epoch && last.lives === lives;
    this.compared.set(node, { epoch, lives, lastIndex });
    return compare(world, node, state, before, predecessor, isSame ? last.lastIndex + 1 : 1);
  }
}

function compare(
  world: WorldView,
  node: number,
  { log, configuration }: ChainState,
  before: number,
  predecessor: ChainState,
  from: number,
): Finding | null {
  for (let index = from; index <= log.lastIndex; index++) {
    const [own, theirs] = [log.at(index), predecessor.log.at(index)];
    if (isSameEntry(own, theirs)) continue;
    const [name = '', other = ''] = [world.nodeIds[node], world.nodeIds[before]];
    const has = `${name} has ${describeAt(index, own)}`;
    return {
      message: `${has}, and ${other}, before it in epoch ${configuration.epoch}, has not`,
      facts: [
        { text: has, node: name, event: world.eventIndex },
        { text: `${other} has ${describeAt(index, theirs)}`, node: other },
      ],
    };
  }
  return null;
}
