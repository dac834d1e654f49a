/**
 * PCT: random priorities and d - 1 points at which the highest is lowered below all others. It
 * finds a bug of depth d with a probability that is polynomial in the length of a run. Burckhardt
 * et
 * al., "A randomized scheduler with probabilistic guarantees of finding bugs" (ASPLOS 2010); for
 * messages instead of threads in chains, as Ozkan et al., "Randomized testing of distributed
 * systems with probabilistic guarantees" (PCTCP, OOPSLA 2018). Our chains are simpler than theirs:
 * the first message that an event sends continues the event's chain, every other begins one.
 */
import type { Enabled } from '../engine/index.ts';
import { Prioritized } from './prioritized.ts';

/** The depths from which one is drawn for each run. */
const DEPTHS: readonly number[] = [2, 3, 4, 5];

export class Pct extends Prioritized {
  readonly name = 'pct';
  /** The bug's depth that this run is made for. */
  readonly depth: number;
  /** How often a priority was lowered. */
  changes = 0;
  private readonly changeAt: readonly number[];
  private continues = false;

  constructor(seed: number, horizon: number) {
    super(seed, horizon);
    this.depth = DEPTHS[this.chance.below(DEPTHS.length)] as number;
    this.changeAt = Array.from({ length: this.depth - 1 }, () => this.chance.below(horizon));
  }

  protected priorityOf(): number {
    // One child continues the chain of the event that has just happened.
    if (!this.continues || this.current === -1) return this.chance.bits() >>> 0;
    this.continues = false;
    return this.current;
  }

  protected beforeChoice(enabled: Enabled, step: number): void {
    this.continues = true;
    if (!this.changeAt.includes(step)) return;
    const best = this.highest(enabled);
    if (best < 0) return;
    this.changes++;
    // Below every priority that is drawn, and above those that were lowered before.
    this.set(enabled.delivery(best), this.changes - this.depth - 1);
  }
}
