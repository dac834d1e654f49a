/** Raft clusters for tests and benchmarks: what matters is said, the rest is ordinary. */
import { raftInvariants } from '../../invariants/raft/index.ts';
import { defaultClient, defaultClientOptions } from '../../protocols/common/client.ts';
import { mutatedRaft, raftMutants } from '../../protocols/raft/mutants/index.ts';
import { defaultOptions, type RaftOptions } from '../../protocols/raft/options.ts';
import {
  defaultNetwork,
  erase,
  timed,
  World,
  type Director,
  type HistorySink,
  type Invariant,
  type NetworkConfig,
  type Observer,
  type Strategy,
} from '../../sim/engine/index.ts';
import { performFault } from '../../sim/faults/index.ts';
import { createWorkload, defaultWorkload } from '../../sim/history/workload.ts';
import type { OperationsConfig } from '../../sim/history/workload.ts';

export interface RaftWorld {
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  /** What the clients do; default: one register. */
  readonly operations?: OperationsConfig | undefined;
  readonly history?: HistorySink | null;
  readonly mutants?: readonly string[];
  readonly options?: Partial<RaftOptions>;
  readonly network?: Partial<NetworkConfig>;
  readonly diskSyncUs?: number;
  readonly invariants?: readonly Invariant[];
  readonly director?: Director | null;
  readonly observer?: Observer | null;
  readonly strategy?: Strategy;
  /** Whether messages are frozen on their way; default true. */
  readonly careful?: boolean;
}

/** Options that scripts of mutants set, as scenarios write them. */
const written: Readonly<Record<string, keyof RaftOptions>> = {
  max_entries: 'maxEntriesPerAppend',
  pre_vote: 'preVote',
  snapshot_threshold: 'snapshotThreshold',
  snapshot_chunk: 'snapshotChunkSize',
};

/** What a script says of options, for `raftWorld`. */
export function scriptOptions(options: Readonly<Record<string, unknown>> = {}): object {
  return Object.fromEntries(Object.entries(options).map(([word, set]) => [written[word], set]));
}

/** Mutants bring the options that they need; `options` may change them again. */
export function raftWorld(wanted: RaftWorld = {}): World {
  const mutants = wanted.mutants ?? [];
  const needed = raftMutants.filter(({ id }) => mutants.includes(id));
  const options = Object.assign({}, defaultOptions, ...needed.map((mutant) => mutant.options));
  const clients = wanted.clients ?? 0;
  const operations = wanted.operations ?? defaultWorkload.operations;
  return new World(
    {
      seed: wanted.seed ?? '1',
      protocol: erase(mutatedRaft(mutants)),
      options: Object.freeze({ ...options, ...wanted.options }),
      nodes: wanted.nodes ?? 3,
      clients:
        clients === 0
          ? null
          : {
              count: clients,
              protocol: defaultClient,
              options: defaultClientOptions,
              workload: createWorkload({ ...defaultWorkload, clients, operations }),
              history: wanted.history ?? null,
            },
      network: { ...defaultNetwork, ...wanted.network },
      disk: { syncUs: wanted.diskSyncUs ?? 500 },
      invariants: wanted.invariants ?? raftInvariants,
      performFault,
      director: wanted.director ?? null,
      initialDurable: null,
      careful: wanted.careful ?? true,
    },
    wanted.strategy ?? timed,
    wanted.observer ?? null,
  );
}
