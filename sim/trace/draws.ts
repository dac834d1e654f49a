/**
 * Draws in a trace. The seed alone explains the values of an ordinary run (`valueOf`); only values
 * that a searching strategy gave instead are kept, so that a replay needs no strategy at all.
 */
import { valueOf, type DrawKey, type Strategy } from '../engine/index.ts';

export type TracedDraw = [key: DrawKey, value: number];

/** The same strategy; `note` hears of every draw that the seed does not explain. */
export function watchDraws(strategy: Strategy, note: (draw: TracedDraw) => void): Strategy {
  return {
    name: strategy.name,
    order: strategy.order,
    begin: (run) => strategy.begin(run),
    choose: (enabled, step) => strategy.choose(enabled, step),
    draw(key, bound) {
      const value = strategy.draw(key, bound);
      if (value !== valueOf(key, bound)) note([key, value]);
      return value;
    },
    end: (outcome) => strategy.end?.(outcome),
  };
}

/** Gives the draws of a trace again, event by event. */
export class ReplayStrategy implements Strategy {
  readonly name = 'replay';
  readonly order: Strategy['order'];
  private known = new Map<DrawKey, number>();

  constructor(order: Strategy['order']) {
    this.order = order;
  }

  /** The values to give during the next event. */
  load(draws: readonly TracedDraw[] | undefined): void {
    this.known = new Map(draws);
  }

  begin(): void {}

  choose(): number {
    return 0;
  }

  draw(key: DrawKey, bound: number): number {
    const value = this.known.get(key);
    return value === undefined || value >= bound ? valueOf(key, bound) : value;
  }
}
