/** What readers of history files answer: a history, or all that is wrong with the text. */
import type { History } from '../operation.ts';

/** One thing that is wrong: where, and what was expected instead. */
export interface Problem {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** Values may stand so deep inside of one another; those of histories stand about five deep. */
export const DEEPEST = 500;

/** The formats that can be read. */
export type FormatName = 'etcd-log' | 'edn' | 'jepsen-json' | 'json-lines';

export interface ReadHistory {
  readonly format: FormatName;
  readonly history: History;
  /** The model that the operations speak of; null when they do not tell. */
  readonly model: string | null;
  /** When not empty, the history is not to be used. */
  readonly problems: readonly Problem[];
}
