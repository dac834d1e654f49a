/** Log shipping in order: one entry has one past. */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/replication/messages.ts';
import { describeAt, isSameEntry } from '../acknowledged.ts';
import { nameOf, stateOf } from './cluster.ts';

export const sameLog: Invariant = {
  id: 'replication/same-log',
  title: 'two logs with an entry of one epoch at one position are equal up to it',
  source: 'Liskov and Cowling 2012, §4.1: backups process Prepare messages in order',
  create: () => new SameLog(new Map(), new Map()),
};

interface Link {
  readonly entry: Entry;
  readonly previousTerm: number;
  readonly node: number;
  readonly event: number;
}

interface Cursor {
  readonly incarnation: number;
  readonly truncations: number;
  readonly lastIndex: number;
}

/** O(changed entries) after an event. */
class SameLog implements Monitor {
  /** By position and epoch: `4/2`. */
  private readonly links: Map<string, Link>;
  private readonly cursors: Map<number, Cursor>;

  constructor(links: Map<string, Link>, cursors: Map<number, Cursor>) {
    this.links = links;
    this.cursors = cursors;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    if (state === null) return null;
    const { log } = state;
    const incarnation = world.nodes[node]?.incarnation ?? 0;
    const before = this.cursors.get(node);
    const first = before?.incarnation === incarnation ? log.firstChange({ ...before }) : 1;
    const { truncations, lastIndex } = log;
    this.cursors.set(node, { incarnation, truncations, lastIndex });
    for (let index = first; index <= lastIndex; index++) {
      const entry = log.at(index) as Entry; // Nothing is compacted.
      const key = `${index}/${entry.term}`;
      const previousTerm = log.termAt(index - 1);
      const link = this.links.get(key);
      if (link === undefined) {
        this.links.set(key, { entry, previousTerm, node, event: world.eventIndex });
      } else if (link.previousTerm !== previousTerm || !isSameEntry(link.entry, entry)) {
        return differ(world, node, index, link, entry);
      }
    }
    return null;
  }

  fork(): SameLog {
    return new SameLog(new Map(this.links), new Map(this.cursors));
  }

  hash(): number {
    let sum = 0;
    for (const { entry, previousTerm } of this.links.values()) {
      sum = (sum + mix(mix(entry.term, previousTerm), entry.request?.sequence ?? 0)) | 0;
    }
    return finish(sum);
  }
}

function differ(world: WorldView, node: number, index: number, link: Link, entry: Entry): Finding {
  const [one, other] = [nameOf(world, link.node), nameOf(world, node)];
  return {
    message: `${one} and ${other} differ at or before position ${index} of epoch ${entry.term}`,
    facts: [
      { text: `${one} had ${describeAt(index, link.entry)}`, node: one, event: link.event },
      { text: `${other} has ${describeAt(index, entry)}`, node: other, event: world.eventIndex },
    ],
  };
}
