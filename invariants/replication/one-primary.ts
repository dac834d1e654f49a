/** The fencing token is worth something only while one node bears it. */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { nameOf, stateOf } from './cluster.ts';

export const onePrimary: Invariant = {
  id: 'replication/one-primary-an-epoch',
  title: 'no two nodes are the primary of one epoch',
  source: 'Budhiraja et al. 1993, Pb1; Liskov and Cowling 2012, §4.2',
  create: () => new OnePrimary(new Map()),
};

interface Led {
  readonly node: number;
  readonly event: number;
}

/** O(1) after an event. */
class OnePrimary implements Monitor {
  private readonly byEpoch: Map<number, Led>;

  constructor(byEpoch: Map<number, Led>) {
    this.byEpoch = byEpoch;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state?.role !== 'primary') return null;
    const { epoch } = state;
    const led = this.byEpoch.get(epoch);
    if (led === undefined) this.byEpoch.set(epoch, { node, event: world.eventIndex });
    if (led === undefined || led.node === node) return null;
    const facts = [led, { node, event: world.eventIndex }].map((one) => ({
      text: `${nameOf(world, one.node)} is the primary of epoch ${epoch}`,
      node: nameOf(world, one.node),
      event: one.event,
    }));
    const names = `${nameOf(world, led.node)} and ${nameOf(world, node)}`;
    return { message: `${names} are both the primary of epoch ${epoch}`, facts };
  }

  fork(): OnePrimary {
    return new OnePrimary(new Map(this.byEpoch));
  }

  hash(place: (node: number) => number = (node) => node): number {
    let sum = 0;
    for (const [epoch, { node }] of this.byEpoch) sum = (sum + mix(epoch, place(node))) | 0;
    return finish(sum);
  }
}
