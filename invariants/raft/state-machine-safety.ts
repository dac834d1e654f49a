/** State Machine Safety: extended Raft paper, Figure 3. */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import { Positions } from '../positions.ts';
import { describeEntry, isSameEntry, lowestBase, nameOf } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

/** What was first applied at an index; of what came in a snapshot only the term is known. */
interface Applied {
  readonly term: number;
  readonly entry: Entry | null;
  readonly node: number;
  readonly event: number;
  /** 0 until it is asked for. */
  hash: number;
}

export const stateMachineSafety = raftInvariant(
  {
    id: 'raft/state-machine-safety',
    title: 'no two servers ever apply different log entries for the same index',
    source: 'Raft (extended), Figure 3, §5.4.3; §7 for snapshots',
  },
  () => new StateMachineSafety(new Positions()),
);

class StateMachineSafety implements Checker {
  private readonly applied: Positions<Applied>;

  constructor(applied: Positions<Applied>) {
    this.applied = applied;
  }

  onCompaction({ world }: Change): null {
    this.applied.forget(lowestBase(world));
    return null;
  }

  onLastApplied({ world, node, state, before }: Change): Finding | null {
    const { log, lastApplied } = state;
    let index = before.lastApplied + 1;
    // Applied and compacted in one event, or installed as a snapshot: the last term stands for all.
    if (index <= log.baseIndex) {
      index = log.baseIndex;
      const finding = this.compare(world, node, index, log.baseTerm, null);
      if (finding !== null) return finding;
      index++;
    }
    // Behind the end of the log there is nothing that could have been applied.
    for (const last = Math.min(lastApplied, log.lastIndex); index <= last; index++) {
      const entry = log.at(index) as Entry; // firstIndex <= index <= lastIndex
      const finding = this.compare(world, node, index, entry.term, entry);
      if (finding !== null) return finding;
    }
    return null;
  }

  fork(): Checker {
    return new StateMachineSafety(this.applied.fork());
  }

  hash(): number {
    let sum = 0;
    this.applied.each((index, applied) => {
      applied.hash ||= finish(hashPlain(mix(index, applied.term), applied.entry));
      sum = (sum + applied.hash) | 0;
    });
    return sum;
  }

  private compare(
    world: WorldView,
    node: number,
    index: number,
    term: number,
    entry: Entry | null,
  ): Finding | null {
    const first = this.applied.get(index);
    if (first !== undefined && first.entry === entry && entry !== null) return null;
    const second = { term, entry, node, event: world.eventIndex, hash: 0 };
    if (first === undefined || (first.entry === null && first.term === term)) {
      this.applied.set(index, second);
      return null;
    }
    return isSame(first, second) ? null : differ(world, index, first, second);
  }
}

function isSame(first: Applied, second: Applied): boolean {
  if (first.term !== second.term) return false;
  if (first.entry === null || second.entry === null) return true;
  return isSameEntry(first.entry, second.entry);
}

function differ(world: WorldView, index: number, first: Applied, second: Applied): Finding {
  const names = [nameOf(world, first.node), nameOf(world, second.node)];
  const who = names[0] === names[1] ? `${names[0]}, in two lives,` : `${names[0]} and ${names[1]}`;
  return {
    message: `${who} applied different entries at index ${index}`,
    facts: [first, second].map(({ term, entry, node, event }) => ({
      text:
        entry === null
          ? `${nameOf(world, node)} continues a snapshot that ends at index ${index} (term ${term})`
          : `${nameOf(world, node)} applied index ${index} (${describeEntry(entry)})`,
      node: nameOf(world, node),
      event,
    })),
  };
}
