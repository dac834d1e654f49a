/**
 * Rounds: one action, then messages over the links that a mask leaves open, until none is left or a
 * quota is used up; what the mask holds back stays on its way. Bugs that lie 30 messages deep lie
 * few rounds deep. After the rounds of Bano et al., "Twins" (OPODIS 2021), and Winter et al.,
 * "Randomized testing of Byzantine fault tolerant algorithms" (ByzzFuzz, OOPSLA 2023).
 */
import { ChoiceClass, valueOf } from '../engine/index.ts';
import type { Enabled, PendingEvent, RunInfo, Strategy } from '../engine/index.ts';
import { Chance } from './chance.ts';
import { weighted, weightsOf } from './weights.ts';

/** What begins a round. */
const actions = weightsOf({
  client: 25,
  timer: 45,
  restart: 12,
  heal: 4,
  crash: 10,
  drop: 1,
  duplicate: 3,
  partition: 2,
  timeline: 4,
  lie: 4,
});

/** So often a round's mask has two sides, or single links open, in a million; else all are open. */
const SIDES_PPM = 350_000;
const LINKS_PPM = 250_000;
/** So often a round ends after a quota below this, however much is on its way. */
const QUOTA_PPM = 750_000;
const QUOTA = 7;

const FIRST = ['oldest', 'any', 'newest'] as const;

export class Rounds implements Strategy {
  readonly name = 'rounds';
  readonly order = 'untimed';
  readonly draw = valueOf;
  /** Rounds that have begun. */
  begun = 0;
  /** The present round has every link open and no quota. */
  isUnhindered = false;
  private readonly chance: Chance;
  private readonly most: number;
  /** Which message is first: the oldest, any, or the newest. */
  private readonly first: 'oldest' | 'any' | 'newest';
  private nodes = 0;
  /** By from * nodes + to: 1 while the link is open. */
  private open = new Uint8Array(0);
  /** Deliveries that this round still has. */
  private quota = 0;

  /** The run ends after `most` rounds. */
  constructor(seed: number, most = Infinity) {
    this.chance = new Chance(seed);
    this.most = most;
    this.first = FIRST[this.chance.below(FIRST.length)] as Rounds['first'];
  }

  begin({ nodes }: RunInfo): void {
    this.nodes = nodes;
    this.open = new Uint8Array(nodes * nodes);
  }

  choose(enabled: Enabled): number {
    if (this.quota > 0) {
      this.quota--;
      const delivery = this.openDelivery(enabled);
      if (delivery >= 0) return delivery;
    }
    if (this.begun === this.most) return -1;
    this.begun++;
    this.drawMask();
    this.quota = this.chance.happens(QUOTA_PPM) ? this.chance.below(QUOTA) : Infinity;
    this.isUnhindered = this.quota === Infinity && this.open.every((link) => link === 1);
    const action = weighted(enabled, actions, this.chance);
    return action < 0 ? this.chance.below(enabled.count) : action;
  }

  /** A delivery over an open link, or -1. */
  private openDelivery(enabled: Enabled): number {
    const count = enabled.ends[ChoiceClass.deliver] as number;
    if (count === 0) return -1;
    const first = this.first === 'any' ? this.chance.below(count) : 0;
    for (let i = 0; i < count; i++) {
      let at = first + i < count ? first + i : first + i - count;
      if (this.first === 'newest') at = count - 1 - at;
      if (this.passes(enabled.delivery(at))) return at;
    }
    return -1;
  }

  /** Writes and what clients send and get are no matter of links between nodes. */
  private passes({ from, actor }: PendingEvent): boolean {
    const { nodes } = this;
    if (from < 0 || from >= nodes || actor >= nodes) return true;
    return this.open[from * nodes + actor] === 1;
  }

  private drawMask(): void {
    const { chance, nodes, open } = this;
    const ticket = chance.below(1_000_000);
    if (ticket >= SIDES_PPM + LINKS_PPM) {
      open.fill(1);
      return;
    }
    const sides = chance.bits();
    for (let from = 0; from < nodes; from++) {
      for (let to = 0; to < nodes; to++) {
        // From 32 nodes on, sides repeat: all the same two sides.
        const together = (((sides >> (from & 31)) ^ (sides >> (to & 31))) & 1) === 0;
        open[from * nodes + to] = ticket < SIDES_PPM ? Number(together) : chance.below(2);
      }
    }
  }
}
