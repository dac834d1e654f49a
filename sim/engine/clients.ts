/** What the engine needs to know of clients: who they are, what they do next, who takes notes. */
import type { Command, Completion, ClientProtocol, Plain } from './protocol.ts';

/** Decides what clients do. It may keep a memory; then it copies it in fork(). */
export interface Workload {
  /** The client's next command, or null when it has finished. `choose` draws in [0, bound). */
  next(client: number, sequence: number, choose: (bound: number) => number): Command | null;
  /** Microseconds from the end of one operation to the beginning of the next. */
  pauseUs(client: number, sequence: number, choose: (bound: number) => number): number;
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
