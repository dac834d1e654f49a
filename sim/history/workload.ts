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
};

export const defaultWorkload: WorkloadConfig = Object.freeze({
  clients: 1,
  operations: defaultRegister,
  arrivals: defaultArrivals,
  limit: null,
});

export function createWorkload(config: WorkloadConfig): Workload {
  const { clients, limit } = config;
  const operations = createOperations(config.operations, clients);
  const arrivals = createArrivals(config.arrivals, clients);
  return new MixedWorkload(config.operations.kind, operations, arrivals, limit ?? Infinity);
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

class MixedWorkload implements Workload {
  readonly kind: OperationsConfig['kind'];
  private readonly operations: Operations;
  private readonly arrivals: Arrivals;
  private readonly limit: number;

  constructor(
    kind: OperationsConfig['kind'],
    operations: Operations,
    arrivals: Arrivals,
    limit: number,
  ) {
    this.kind = kind;
    this.operations = operations;
    this.arrivals = arrivals;
    this.limit = limit;
  }

  next(client: number, sequence: number, choose: Choose): Command | null {
    return sequence > this.limit ? null : this.operations.next(client, sequence, choose);
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
    return new MixedWorkload(this.kind, this.operations.fork(), this.arrivals.fork(), this.limit);
  }
}
