/** What the engine needs to know of clients: who they are, what they do next, who takes notes. */
import type { Command, Completion, ClientProtocol, Plain } from './protocol.ts';

/** Decides what clients do. It may keep a memory; then it copies it in fork(). */
export interface Workload {
  /** What sort of operations these are, for checkers. */
  readonly kind?: string;
  /** The client's next command, or null when it has finished. `choose` draws in [0, bound). */
  next(client: number, sequence: number, choose: (bound: number) => number): Command | null;
  /**
   * Microseconds from now, the end of the client's operation number `sequence` (0: the beginning of
   * the run), to its next. An open loop asks the time, for its operations begin at fixed moments.
   */
  pauseUs(
    client: number,
    sequence: number,
    choose: (bound: number) => number,
    nowUs: number,
  ): number;
  /** Tells a workload that reacts to answers how an operation ended. */
  ended?(client: number, command: Command, completion: Completion): void;
  /** A 32-bit hash of the memory, if it has one. */
  hash?(lane: number): number;
  fork(): Workload;
}

/** Takes down what clients see. */
export interface HistorySink {
  invoked(client: number, sequence: number, command: Command, at: number, event: number): void;
  completed(
    client: number,
    sequence: number,
    completion: Completion,
    at: number,
    event: number,
  ): void;
  /** A 32-bit hash of what clients have seen in which order: a checker will judge by it. */
  hash?(lane: number): number;
  fork(): HistorySink;
}

export interface ClientsConfig {
  readonly count: number;
  readonly protocol: ClientProtocol;
  readonly options: Plain;
  readonly workload: Workload;
  readonly history: HistorySink | null;
}

/** Workload and history are a world's own. */
export function forkClients(config: ClientsConfig | null): ClientsConfig | null {
  if (config === null) return null;
  const history = config.history?.fork() ?? null;
  return { ...config, workload: config.workload.fork(), history };
}
