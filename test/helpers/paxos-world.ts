/** Clusters of Multi-Paxos for tests: what matters is said, the rest is ordinary. */
import { multiPaxosInvariants } from '../../invariants/multi-paxos/index.ts';
import { defaultClient, defaultClientOptions } from '../../protocols/common/client.ts';
import { multiPaxosMutants, mutatedMultiPaxos } from '../../protocols/multi-paxos/mutants/index.ts';
import { defaultOptions, type MultiPaxosOptions } from '../../protocols/multi-paxos/options.ts';
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
} from '../../sim/engine/index.ts';
import { performFault } from '../../sim/faults/index.ts';
import { createWorkload, defaultWorkload } from '../../sim/history/workload.ts';

export interface PaxosWorld {
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  readonly history?: HistorySink | null;
  readonly mutants?: readonly string[];
  readonly options?: Partial<MultiPaxosOptions>;
  readonly network?: Partial<NetworkConfig>;
  readonly diskSyncUs?: number;
  readonly invariants?: readonly Invariant[];
  readonly director?: Director | null;
  readonly observer?: Observer | null;
  /** Whether messages are frozen on their way; default true. */
  readonly careful?: boolean;
}

/** Mutants bring the options that they need; `options` may change them again. */
export function paxosWorld(wanted: PaxosWorld = {}): World {
  const { mutants = [], clients = 0 } = wanted;
  const needed = multiPaxosMutants.filter(({ id }) => mutants.includes(id));
  const options = Object.assign({}, defaultOptions, ...needed.map((mutant) => mutant.options));
  return new World(
    {
      seed: wanted.seed ?? '1',
      protocol: erase(mutatedMultiPaxos(mutants)),
      options: Object.freeze({ ...options, ...wanted.options }),
      nodes: wanted.nodes ?? 3,
      clients:
        clients === 0
          ? null
          : {
              count: clients,
              protocol: defaultClient,
              options: { ...defaultClientOptions, requestTimeoutMs: 400 },
              workload: createWorkload({ ...defaultWorkload, clients }),
              history: wanted.history ?? null,
            },
      network: { ...defaultNetwork, ...wanted.network },
      disk: { syncUs: wanted.diskSyncUs ?? 500 },
      invariants: wanted.invariants ?? multiPaxosInvariants,
      performFault,
      director: wanted.director ?? null,
      initialDurable: null,
      careful: wanted.careful ?? true,
    },
    timed,
    wanted.observer ?? null,
  );
}
