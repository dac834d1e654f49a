/** What the doctor says about one question of the specification's debug checklist. */

export interface Evidence {
  /** Whether it was read in the scenario or seen in a run. */
  readonly by: 'analysis' | 'run';
  readonly text: string;
}

/** `does not apply`: there is nothing of that kind in this scenario. */
export type Answer = 'yes' | 'no' | 'unknown' | 'does not apply';

export interface Finding {
  readonly name: 'quorum' | 'clocks' | 'partition' | 'fencing' | 'idempotency' | 'recovery';
  /** In the words of the specification. */
  readonly question: string;
  readonly answer: Answer;
  readonly evidence: readonly Evidence[];
}

export function read(text: string): Evidence {
  return { by: 'analysis', text };
}

export function seen(text: string): Evidence {
  return { by: 'run', text };
}

export function finding(
  name: Finding['name'],
  question: string,
  answer: Answer,
  evidence: readonly Evidence[],
): Finding {
  return { name, question, answer, evidence };
}
