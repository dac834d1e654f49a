/** The specification's arithmetic of clusters. */
import { brokenRules } from '../scenario/index.ts';

/** floor(n/2) + 1: any two sets of so many nodes share one (specification, "Debug Checklist"). */
export function calculateQuorum(nodes: number): number {
  return Math.floor(nodes / 2) + 1;
}

export interface ClusterQuestion {
  readonly nodes: number;
  /** f: how many nodes may fail at a time. */
  readonly failureTolerance: number;
  /** Whether nodes may lie. Default: no. */
  readonly byzantine?: boolean;
}

export interface ClusterAnswer {
  readonly valid: boolean;
  /** Present when it is not: the specification's messages of all rules that are broken. */
  readonly error?: string;
}

/** Whether so many nodes can tolerate so many failures, by the specification's two rules. */
export function validateCluster(question: ClusterQuestion): ClusterAnswer {
  const { nodes, failureTolerance: failures, byzantine = false } = question;
  const broken = brokenRules({ nodes, failures, byzantine });
  if (broken.length === 0) return { valid: true };
  return { valid: false, error: broken.map(({ error }) => error).join('; ') };
}
