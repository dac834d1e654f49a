/** Who leads, who stood for election, who did not notice that somebody else leads. */
import type { Observation, PendingEvent, WorldView } from '../../engine/index.ts';
import { count, list, ranges } from './words.ts';

/** What changed about leadership in one event. */
export type Change =
  | { readonly type: 'elected'; readonly text: string; readonly details: string[] }
  | { readonly type: 'deposed'; readonly text: string };

export class Elections {
  /** The epoch that each node leads, or null. */
  private readonly leads: (number | null)[];
  /** The epoch in which each node last stood. */
  private readonly stood: number[];
  /** Attempts since the last election that somebody won. */
  private attempts: { readonly node: string; readonly epoch: number }[] = [];
  private readonly won = new Set<number>();
  private votes: readonly string[] = [];
  private readonly word: string;

  constructor(nodes: number, word: string) {
    this.leads = Array.from({ length: nodes }, () => null);
    this.stood = Array.from({ length: nodes }, () => -1);
    this.word = word;
  }

  /** Remembers which votes a candidate has; afterwards, as a leader, it has none. */
  before(world: WorldView, event: PendingEvent): void {
    const state: { votesGranted?: unknown } | null = world.nodes[event.actor]?.state ?? null;
    const votes = state?.votesGranted;
    this.votes = Array.isArray(votes) ? (votes as string[]).slice() : [];
  }

  /** Looks at a node after an event; null when nothing about leadership changed. */
  see(world: WorldView, node: number, seen: Observation | null, from: number): Change | null {
    const before = this.leads[node] ?? null;
    const now = seen !== null && seen.leads ? seen.epoch : null;
    this.leads[node] = now;
    const name = world.nodeIds[node] as string;
    if (seen !== null && now === null) this.stand(node, name, seen);
    if (now === before) return null;
    if (now !== null) return this.elected(world, node, now, from);
    // A node that went down did not step down.
    if (seen === null) return null;
    const teller = world.nodeIds[from];
    const why =
      seen.epoch > (before ?? 0)
        ? `hears of ${this.word} ${seen.epoch}${teller === undefined ? '' : ` from ${teller}`} and `
        : '';
    return { type: 'deposed', text: `${name} ${why}steps down` };
  }

  /** The attempts that nobody won, in a sentence; null when there were none. */
  failed(): string | null {
    const { word } = this;
    // Who did not know that a term was won may stand in it once more.
    const attempts = this.attempts.filter(({ epoch }) => !this.won.has(epoch));
    this.attempts = [];
    if (attempts.length === 0) return null;
    const epochs = [...new Set(attempts.map(({ epoch }) => epoch))].sort((a, b) => a - b);
    const names = [...new Set(attempts.map(({ node }) => node))].sort(byName);
    const times = attempts.length > names.length ? ` (${count(attempts.length, 'attempt')})` : '';
    const which = `${word}${epochs.length === 1 ? '' : 's'} ${ranges(epochs)}`;
    return `nobody wins ${which}: ${list(names)} stood for election${times}`;
  }

  private stand(node: number, name: string, { role, epoch }: Observation): void {
    if (role !== 'candidate' || this.stood[node] === epoch) return;
    this.stood[node] = epoch;
    this.attempts.push({ node: name, epoch });
  }

  private elected(world: WorldView, node: number, epoch: number, from: number): Change {
    const name = world.nodeIds[node] as string;
    const last = world.nodeIds[from] ?? name;
    const counted = [...this.votes, last];
    const state = world.nodes[node]?.state ?? null;
    const seen = state === null ? null : world.protocol.observe(state);
    const nodes = new Set(seen?.electorates?.flat() ?? world.nodeIds).size;
    const votes =
      this.votes.length === 0 && nodes > 1
        ? ''
        : `, with ${counted.length} of ${nodes} votes (${counted.toSorted(byName).join(' ')})`;
    this.won.add(epoch);
    const failed = this.failed();
    const details = failed === null ? [] : [`before that, ${failed}`];
    const stale = this.leads.flatMap((other, i) =>
      other !== null && other < epoch && i !== node
        ? [`${world.nodeIds[i]} (${this.word} ${other})`]
        : [],
    );
    if (stale.length > 0) {
      details.push(`${list(stale)} does not know yet: two leaders now, in different ${this.word}s`);
    }
    return {
      type: 'elected',
      text: `${name} becomes leader of ${this.word} ${epoch}${votes}`,
      details,
    };
  }
}

function byName(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
