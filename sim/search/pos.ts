/**
 * POS: every event has a random priority of its own, and those that race with the one that happens
 * draw anew. It samples each partial order with a probability exponentially better than a random
 * walk's. Yuan, Yang and Gu, "Partial order aware concurrency sampling" (CAV 2018). Two events race
 * when they happen to the same actor.
 */
import { ChoiceClass, type Enabled } from '../engine/index.ts';
import { Prioritized } from './prioritized.ts';

export class Pos extends Prioritized {
  readonly name = 'pos';

  protected priorityOf(): number {
    return this.chance.bits() >>> 0;
  }

  protected beforeChoice(enabled: Enabled): void {
    const { lastActor } = this;
    if (lastActor < 0) return;
    const deliveries = enabled.ends[ChoiceClass.deliver] as number;
    for (let i = 0; i < deliveries; i++) {
      const event = enabled.delivery(i);
      if (event.actor === lastActor) this.set(event, this.priorityOf());
    }
  }
}
