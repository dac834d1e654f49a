/** What a conversation must know of a protocol: words for its options, states and changes. */
import type { AnyProtocol } from '../../sim/engine/index.ts';

/** `Memory` is what has to be kept of a state before an event to tell what the event changed. */
export interface Dialect<State extends object = object, Memory = unknown> {
  /** The protocol with these rules; the paper's when there are none. */
  protocol(rules?: object): AnyProtocol;
  /** Options of a cluster of which nothing else is said. */
  options(nodes: readonly string[]): object;
  /** Words of the line `cluster …` that set options: `prevote`. */
  readonly flags: Readonly<Record<string, object>>;
  /** Words with a number, and the options that they set: `batch_ms=5`. */
  readonly numbers: Readonly<Record<string, string>>;
  /** Words with names, and how they become options: `members=n1,n2`. */
  readonly names: Readonly<Record<string, (names: readonly string[]) => object>>;
  /** Commands beside the key-value store's, with named fields: `transfer-leadership to=n2`. */
  readonly commands: readonly string[];
  /** The timer that `timeout n1` fires, and whose restarts are told. */
  readonly timeout: string;
  /** `log n1 …` before the first event: what the disk of n1 holds. */
  parseDisk(words: readonly string[]): object;
  /** `leader term=1 votedFor=n1`: told of a node whenever it changes. */
  summary(state: State): string;
  /** What `state` says beyond the summary, on the same line; then lines of their own. */
  details(state: State): readonly string[];
  remember(state: State): Memory;
  /** What has happened to a node since, one change a line: `commits 3`. */
  changes(before: Memory, state: State): string[];
  /** What a restarted node got back from its disk. */
  awakening(state: State): string;
  /** A line of `log`, without the name of the node. */
  logLine(state: State): string;
  /** The entries of `log n1`, one a line. */
  logEntries(state: State): string[];
  /** What the state machine holds. */
  values(state: State): readonly (readonly [key: string, value: unknown])[];
}
