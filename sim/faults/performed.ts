/** What performing a fault gives back, and how a kind of fault presents itself. */
import type { FaultAction, World } from '../engine/index.ts';
import type { Fault } from './fault.ts';

export interface Performed {
  /** What exactly was done: placeholders replaced by names, drawn shapes by what was drawn. */
  readonly done: FaultAction;
  /** The fault that ends it; null when it changed nothing or ends by itself. */
  readonly undo: Fault | null;
}

/** One kind of fault. */
export interface FaultKindEntry<F extends Fault = Fault> {
  /** One sentence, for `schism list`. */
  readonly title: string;
  /** How it ends: the last words of "… until …", or null when there is nothing to end. */
  readonly ends: string | null;
  /** Makes it happen. It never fails: what it cannot do (crash a node that is down) it leaves. */
  perform(world: World, fault: F): Performed;
}
