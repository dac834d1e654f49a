/** A failure in words, and how a rehearsal tries it. */
import type { ScenarioInput } from '../scenario/index.ts';

/** A fault as a scenario writes it, without its time. */
export type Fault = Omit<NonNullable<ScenarioInput['faults']>[number], 'at' | 'when' | 'for'>;

/**
 * How a rehearsal tries it. `goes on`: clients are served again while it lasts. `stops`: nobody is
 * served while it lasts, and clients are again when it is over.
 */
export interface Trial {
  readonly faults: readonly Fault[];
  readonly promise: 'goes on' | 'stops';
  /** Nodes lie; left out: they do not, whatever is assumed, so that no more fails than this. */
  readonly lies?: boolean;
}

export interface FailureScenario {
  readonly scenario: string;
  readonly behavior: string;
  readonly recovery: string;
  /** Null: a rehearsal does not try it. */
  readonly trial: Trial | null;
}

/** n1, n2, … */
export function firstNodes(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}
