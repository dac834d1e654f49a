/** A node's plain state in words that all protocols share: role, epoch, log, marks. */
import type { TracedNode } from '../../trace/format.ts';

export interface Projection {
  readonly status: TracedNode['status'];
  /** '' when the state names none. */
  readonly role: string;
  /** Term, view or ballot; -1: the state names none. */
  readonly epoch: number;
  readonly leads: boolean;
}

/** Fields under which protocols keep what is called the epoch in `observe()`. */
const EPOCHS = ['currentTerm', 'view', 'ballot', 'epoch', 'term', 'round'] as const;
const ROLES = ['role', 'mode', 'phase', 'status'] as const;
const LEADING = new Set(['leader', 'primary', 'coordinator', 'head', 'sequencer']);

/** First segments of the paths below `state` that a projection depends on. */
export const projectedFields: ReadonlySet<string> = new Set([...EPOCHS, ...ROLES, 'leading']);

export function projectionOf({ status, state }: TracedNode): Projection {
  if (!isFields(state)) return { status, role: '', epoch: -1, leads: false };
  const role = ROLES.map((field) => state[field]).find((value) => typeof value === 'string') ?? '';
  const epoch = EPOCHS.map((field) => numberIn(state[field])).find((value) => value >= 0) ?? -1;
  const leads = LEADING.has(role) || state['leading'] === true;
  return { status, role, epoch, leads };
}

/** A ballot may be a number or a record that counts rounds. */
function numberIn(value: unknown): number {
  if (typeof value === 'number') return value;
  if (!isFields(value)) return -1;
  const inner = value['number'] ?? value['round'] ?? value['counter'];
  return typeof inner === 'number' ? inner : -1;
}

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of a state; undefined: there is nothing. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[step];
  }
  return at;
}
