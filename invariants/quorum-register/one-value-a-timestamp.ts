/** Timestamps name writes: Lynch and Shvartsman 1997, where every write chooses one of its own. */
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Version } from '../../protocols/quorum-register/messages.ts';
import { compareTimestamps, nameOf, stateOf } from './replicas.ts';

export const oneValueATimestamp: Invariant = {
  id: 'quorum-register/one-value-a-timestamp',
  title: 'no two replicas hold different values of a key under one timestamp',
  source: 'Lynch and Shvartsman 1997, §4: timestamps are unique',
  create: () => new OneValueATimestamp(new Map()),
};

/** O(keys × nodes) after an event that changed a register, else O(1). */
class OneValueATimestamp implements Monitor {
  /** By node: the version of its registers when it was last looked at. */
  private readonly looked: Map<number, number>;

  constructor(looked: Map<number, number>) {
    this.looked = looked;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const registers = stateOf(world, node)?.registers;
    if (registers === undefined || this.looked.get(node) === registers.version) return null;
    this.looked.set(node, registers.version);
    for (let other = 0; other < world.nodes.length; other++) {
      const theirs = other === node ? undefined : stateOf(world, other)?.registers;
      if (theirs === undefined) continue;
      for (const [key, version] of registers.entries()) {
        const their = theirs.get(key);
        if (their === undefined || compareTimestamps(their, version) !== 0) continue;
        if (JSON.stringify(their.value) === JSON.stringify(version.value)) continue;
        return differ(world, key, [node, version], [other, their]);
      }
    }
    return null;
  }

  fork(): OneValueATimestamp {
    return new OneValueATimestamp(new Map(this.looked));
  }
}

function differ(
  world: WorldView,
  key: string,
  ...[one, two]: readonly [readonly [number, Version], readonly [number, Version]]
): Finding {
  const names = `${nameOf(world, one[0])} and ${nameOf(world, two[0])}`;
  const timestamp = `${one[1].counter}.${one[1].node}`;
  return {
    message: `${names} hold different values of ${key} under the timestamp ${timestamp}`,
    facts: [one, two].map(([node, { value }], i) => ({
      text: `${nameOf(world, node)} holds ${key}=${JSON.stringify(value)} under ${timestamp}`,
      node: nameOf(world, node),
      ...(i === 0 ? { event: world.eventIndex } : {}),
    })),
  };
}
