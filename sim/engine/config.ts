/** What a world is made from, and who directs its faults. */
import type { Adversary } from './adversary.ts';
import type { ClientsConfig } from './clients.ts';
import type { DiskConfig } from './disk.ts';
import type { FaultAction } from './event.ts';
import type { Invariant } from './monitor.ts';
import type { NetworkConfig } from './network.ts';
import type { AnyProtocol } from './protocol.ts';
import type { World } from './world.ts';

/** Watches a world and schedules faults: timelines with conditions, random fault plans. */
export interface Director {
  begin(world: World): void;
  /** `actor` is the one that the event happened to; -1 for a fault. */
  afterEvent(world: World, actor: number): void;
  /** Faults that have begun and not ended, or are certain to come. */
  readonly pending: number;
  /** A 32-bit hash of what it remembers. */
  hash(): number;
  fork(): Director;
}

export interface WorldConfig {
  readonly seed: string;
  readonly protocol: AnyProtocol;
  readonly options: unknown;
  readonly nodes: number;
  readonly clients: ClientsConfig | null;
  readonly network: NetworkConfig;
  readonly disk: DiskConfig;
  readonly invariants: readonly Invariant[];
  /** Performs a fault on a world and returns what exactly it did (names resolved). */
  readonly performFault: (world: World, action: FaultAction) => FaultAction;
  readonly director: Director | null;
  /** Who may lie, as it is before the run begins; left out: nobody. */
  readonly adversary?: Adversary | null;
  /** What disks hold before the first start, per node; null: nothing. */
  readonly initialDurable: readonly (object | null)[] | null;
  /** Freezes every message on its way, so that a handler that changes one is found out. */
  readonly careful: boolean;
}

export interface Counters {
  events: number;
  sent: number;
  dropped: number;
  byKind: Int32Array;
}
