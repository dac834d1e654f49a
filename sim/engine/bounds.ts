/** The classes of choices, and what a search allows of each. */
import type { Choices } from './choices.ts';
import type { FaultAction } from './event.ts';
import type { World } from './world.ts';

/** The classes of choices in the order in which they are listed: the benign ones first. */
export const ChoiceClass = {
  /** A message arrives, or a write completes. */
  deliver: 0,
  /** A client begins an operation or loses patience; a request is put into a node's hands. */
  client: 1,
  /** A timer of a node fires. */
  timer: 2,
  restart: 3,
  /** The cuts in the network end. */
  heal: 4,
  crash: 5,
  /** A message on its way is lost. */
  drop: 6,
  /** A message on its way arrives once more, later. */
  duplicate: 7,
  partition: 8,
  /** The next fault of the scenario's own timeline. */
  timeline: 9,
  /** A byzantine node lies in a message on its way, or about itself. */
  lie: 10,
} as const;
export type ChoiceClass = (typeof ChoiceClass)[keyof typeof ChoiceClass];

export const choiceClasses = 11;

/**
 * What a search adds to what is pending, and what it leaves out. Counts hold until `afterEvent`.
 */
export interface Bounds {
  begin(world: World): void;
  /** Called after each event, with its actor (-1: a fault). */
  afterEvent(world: World, actor: number): void;
  /** Whether a node's timers may fire. */
  mayFire(node: number): boolean;
  /** Whether a client may begin an operation. */
  mayInvoke(): boolean;
  /**
   * How many faults of a class there are to choose from; so many messages are on their way (for
   * lies: of byzantine nodes).
   */
  count(choiceClass: ChoiceClass, messages: number): number;
  fault(world: World, choiceClass: ChoiceClass, index: number, choices: Choices): FaultAction;
  /** The node that a fault touches; -1 when it is more than one. */
  nodeOf(choiceClass: ChoiceClass, index: number, choices: Choices): number;
  /** A choice of this class is about to happen. */
  taken(choiceClass: ChoiceClass): void;
}
