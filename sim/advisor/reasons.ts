/** Why something is recommended: a rule with a name and a source. */
import type { Situation } from './situation.ts';

/** What a reason decides; `alternative`: what was considered and not taken. */
export type Decides =
  'situation' | 'protocol' | 'quorum_size' | 'timeout_ms' | 'heartbeat_ms' | 'alternative';

/** One line of the rationale. */
export interface Reason {
  /** The name of the rule. */
  readonly rule: string;
  readonly decides: Decides;
  /** A sentence. */
  readonly because: string;
  /** Paper and section, or the manual. */
  readonly source: string;
}

/** A rule that gives a value of a situation, with its reason. */
export interface ValueRule {
  readonly rule: string;
  readonly source: string;
  value(situation: Situation): number;
  because(situation: Situation): string;
}

/** What a rule decides here, and why. */
export function apply(
  rule: ValueRule,
  decides: Decides,
  situation: Situation,
): { readonly value: number; readonly reason: Reason } {
  const because = rule.because(situation);
  const reason = { rule: rule.rule, decides, because, source: rule.source };
  return { value: rule.value(situation), reason };
}
