/** A workload: what clients ask (operations) and when they ask it (arrivals). */
import type { Workload } from '../engine/clients.ts';
import { mix } from '../engine/hash.ts';
import type { Command, Completion } from '../engine/protocol.ts';
import { createArrivals, defaultArrivals } from './arrivals.ts';
import type { Arrivals, ArrivalsConfig } from './arrivals.ts';
import { appendOperations, type AppendConfig } from './workloads/append.ts';
import { bankOperations, type BankConfig } from './workloads/bank.ts';
import { counterOperations, type CounterConfig } from './workloads/counter.ts';
import { listAppendOperations, type ListAppendConfig } from './workloads/list-append.ts';
import type { Choose, Operations } from './workloads/operations.ts';
import { defaultRegister, Registers } from './workloads/registers.ts';
import type { MapConfig, RegisterConfig } from './workloads/registers.ts';

export type OperationsConfig =
  RegisterConfig | MapConfig | AppendConfig | CounterConfig | ListAppendConfig | BankConfig;

export type WorkloadConfig = {
  readonly clients: number;
  readonly operations: OperationsConfig;
  readonly arrivals: ArrivalsConfig;
  /** Operations of each client; null: as many as time allows. */
  readonly limit: number | null;
  /** So many operations of each client may be updates, the rest are reads; null: all may be. */
  readonly updates?: number | null;
};

export const defaultWorkload: WorkloadConfig = Object.freeze({
  clients: 1,
  operations: defaultRegister,
  arrivals: defaultArrivals,
  limit: null,
});

export function createWorkload(config: WorkloadConfig): Workload {
  const { clients, limit, updates } = config;
  const arrivals = createArrivals(config.arrivals, clients);
  const mixed = createOperations(config.operations, clients);
  const reads = createOperations({ ...config.operations, readPercent: 100 }, clients);
  const last = { operation: limit ?? Infinity, update: updates ?? Infinity };
  return new MixedWorkload(config.operations.kind, mixed, reads, arrivals, last);
}

export function createOperations(config: OperationsConfig, clients: number): Operations {
  switch (config.kind) {
    case 'register':
    case 'map':
      return new Registers(config, clients);
    case 'append':
      return appendOperations(config);
    case 'counter':
      return counterOperations(config);
    case 'list-append':
      return listAppendOperations(config, clients);
    case 'bank':
      return bankOperations(config);
  }
}

/** The sequence numbers of a client's last operation, and of the last that may be an update. */
interface Last {
  readonly operation: number;
  readonly update: number;
}

class MixedWorkload implements Workload {
  readonly kind: OperationsConfig['kind'];
  private readonly operations: Operations;
  private readonly reads: Operations;
  private readonly arrivals: Arrivals;
  private readonly last: Last;

  constructor(
    kind: OperationsConfig['kind'],
    operations: Operations,
    reads: Operations,
    arrivals: Arrivals,
    last: Last,
  ) {
    this.kind = kind;
    this.operations = operations;
    this.reads = reads;
    this.arrivals = arrivals;
    this.last = last;
  }

  next(client: number, sequence: number, choose: Choose): Command | null {
    if (sequence > this.last.operation) return null;
    const operations = sequence > this.last.update ? this.reads : this.operations;
    return operations.next(client, sequence, choose);
  }

  pauseUs(client: number, sequence: number, choose: Choose, nowUs: number): number {
    return this.arrivals.pauseUs(client, sequence, choose, nowUs);
  }

  ended(client: number, command: Command, completion: Completion): void {
    this.operations.ended?.(client, command, completion);
  }

  hash(lane: number): number {
    return mix(this.arrivals.hash(lane), this.operations.hash?.(lane) ?? 0);
  }

  fork(): MixedWorkload {
    const [operations, reads] = [this.operations.fork(), this.reads.fork()];
    return new MixedWorkload(this.kind, operations, reads, this.arrivals.fork(), this.last);
  }
}
