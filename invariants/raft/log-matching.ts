/** Log Matching: extended Raft paper, Figure 3. */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { Positions } from '../positions.ts';
import { describeEntry, isSameEntry, lowestBase, nameOf, NONE } from './cluster.ts';
import { raftInvariant, type Change, type Checker } from './watch.ts';

/**
 * The one entry that an index and a term may have. Its predecessor's term names the entry before it
 * in the same way, so that two logs that share an entry share, by induction, all before it.
 */
interface Link {
  readonly entry: Entry;
  readonly previousTerm: number;
  /** Who was first seen with it, after which event. */
  readonly node: number;
  readonly event: number;
  /** An entry of another term at the same index. */
  readonly other: Link | null;
  /** 0 until it is asked for. */
  hash: number;
}

export const logMatching = raftInvariant(
  {
    id: 'raft/log-matching',
    title:
      'if two logs contain an entry with the same index and term, then they are identical up to it',
    source: 'Raft (extended), Figure 3, §5.3; §7 for the snapshot that a log continues',
  },
  () => new LogMatching(new Positions()),
);

class LogMatching implements Checker {
  private readonly links: Positions<Link>;

  constructor(links: Positions<Link>) {
    this.links = links;
  }

  onCompaction({ world, node, state }: Change): Finding | null {
    this.links.forget(lowestBase(world));
    return compareWithSnapshot(world, node, state);
  }

  /** Reads the entries that are new since the last look. */
  onLog({ world, node, state, before }: Change): Finding | null {
    const { log } = state;
    // A restarted server has the log of its disk: another history of changes.
    const first = before.incarnation === NONE ? log.firstIndex : log.firstChange(before);
    let previousTerm = log.termAt(first - 1);
    for (let index = first; index <= log.lastIndex; index++) {
      const entry = log.at(index) as Entry; // firstIndex <= first
      const finding = this.compare(world, node, index, entry, previousTerm);
      if (finding !== null) return finding;
      previousTerm = entry.term;
    }
    return null;
  }

  fork(): Checker {
    return new LogMatching(this.links.fork());
  }

  hash(): number {
    let sum = 0;
    this.links.each((index, newest) => {
      for (let link: Link | null = newest; link !== null; link = link.other) {
        link.hash ||= finish(hashPlain(mix(index, link.previousTerm), link.entry));
        sum = (sum + link.hash) | 0;
      }
    });
    return sum;
  }

  private compare(
    world: WorldView,
    node: number,
    index: number,
    entry: Entry,
    previousTerm: number,
  ): Finding | null {
    if (index <= this.links.floor) return null;
    const newest = this.links.get(index) ?? null;
    let link = newest;
    while (link !== null && link.entry.term !== entry.term) link = link.other;
    if (link === null) {
      const event = world.eventIndex;
      this.links.set(index, { entry, previousTerm, node, event, other: newest, hash: 0 });
      return null;
    }
    if (link.previousTerm !== previousTerm) {
      const facts = [
        [link.node, link.event, `behind term ${link.previousTerm} at index ${index - 1}`] as const,
        [node, world.eventIndex, `behind term ${previousTerm} at index ${index - 1}`] as const,
      ];
      return differ(world, index, entry, facts, 'predecessor');
    }
    if (isSameEntry(link.entry, entry)) return null;
    const facts = [
      [link.node, link.event, describeEntry(link.entry)] as const,
      [node, world.eventIndex, describeEntry(entry)] as const,
    ];
    return differ(world, index, entry, facts, 'content');
  }
}

function differ(
  world: WorldView,
  index: number,
  { term }: Entry,
  facts: readonly (readonly [node: number, event: number, what: string])[],
  witness: string,
): Finding {
  const names = facts.map(([node]) => nameOf(world, node));
  const who = names[0] === names[1] ? `${names[0]}, at two times,` : `${names[0]} and ${names[1]}`;
  const what = witness === 'content' ? 'with different contents' : 'behind different entries';
  return {
    message: `${who} have an entry with index ${index} and term ${term} ${what}`,
    facts: facts.map(([, event, fact], i) => ({
      text: `${names[i]} has index ${index} term ${term}: ${fact}`,
      node: names[i] as string,
      event,
    })),
    witness,
  };
}

/** §7: a snapshot stands for the log up to its last entry, so the log behind it continues it. */
function compareWithSnapshot(world: WorldView, node: number, state: RaftState): Finding | null {
  const { snapshot, log } = state;
  if (snapshot === null) return null;
  const { lastIncludedIndex, lastIncludedTerm } = snapshot;
  const term = log.termAt(lastIncludedIndex);
  if (term === NONE || term === lastIncludedTerm) return null;
  const name = nameOf(world, node);
  const event = world.eventIndex;
  return {
    message: `the log of ${name} does not continue its snapshot at index ${lastIncludedIndex}`,
    facts: [
      { text: `the snapshot of ${name} ends with term ${lastIncludedTerm}`, node: name, event },
      { text: `the log of ${name} has term ${term} there`, node: name, event },
    ],
    witness: 'snapshot',
  };
}
