/** Leader Append-Only: extended Raft paper, Figure 3. */
import type { Finding } from '../../sim/engine/monitor.ts';
import type { Log } from '../../protocols/common/log.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import { describeEntry, isSameEntry, nameOf, perNode } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

/** A leader's log as it was last seen. Immutable: forks share it. */
interface Kept {
  readonly log: Log<Entry>;
  readonly event: number;
}

export const leaderAppendOnly = raftInvariant(
  {
    id: 'raft/leader-append-only',
    title: 'a leader never overwrites or deletes entries in its log; it only appends new ones',
    source: 'Raft (extended), Figure 3, §5.3',
  },
  (world) => new LeaderAppendOnly(perNode(world, null)),
);

class LeaderAppendOnly implements Checker {
  /** By server; out of date for those that do not lead. */
  private readonly kept: (Kept | null)[];

  constructor(kept: (Kept | null)[]) {
    this.kept = kept;
  }

  onElected(change: Change): null {
    this.keep(change);
    return null;
  }

  onLeaderLog(change: Change): Finding | null {
    const { node, state, before } = change;
    const kept = this.kept[node] as Kept; // Since it was elected.
    this.keep(change);
    let index = state.log.firstChange(before);
    // An entry may be replaced by its equal.
    while (index <= before.lastIndex && isSameEntry(kept.log.at(index), state.log.at(index))) {
      index++;
    }
    return index > before.lastIndex ? null : removed(change, kept, index);
  }

  fork(): Checker {
    return new LeaderAppendOnly(this.kept.slice());
  }

  private keep({ world, node, state }: Change): void {
    this.kept[node] = { log: state.log.fork(), event: world.eventIndex };
  }
}

function removed({ world, node, state }: Change, kept: Kept, index: number): Finding {
  const name = nameOf(world, node);
  const old = kept.log.at(index);
  const entry = state.log.at(index);
  const verb = entry === undefined ? 'deleted' : 'overwrote';
  const { currentTerm } = state;
  return {
    message: `${name}, leader of term ${currentTerm}, ${verb} index ${index} of its own log`,
    facts: [
      { text: `${name} led with ${has(old)} at index ${index}`, node: name, event: kept.event },
      {
        text: `${name} leads with ${has(entry)} at index ${index}`,
        node: name,
        event: world.eventIndex,
      },
    ],
    witness: verb,
  };
}

function has(entry: Entry | undefined): string {
  return entry === undefined ? 'nothing' : `an entry (${describeEntry(entry)})`;
}
