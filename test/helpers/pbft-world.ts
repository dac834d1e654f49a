/** PBFT clusters for tests: what matters is said, the rest is ordinary. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { pbftInvariants } from '../../invariants/pbft/index.ts';
import { defaultClientOptions } from '../../protocols/common/client.ts';
import { mutatedPbft, pbftMutants } from '../../protocols/pbft/mutants/index.ts';
import { defaultOptions, type PbftOptions } from '../../protocols/pbft/options.ts';
import {
  defaultNetwork,
  erase,
  timed,
  World,
  type ClientProtocol,
  type Director,
  type HistorySink,
  type Invariant,
  type NetworkConfig,
  type Observer,
} from '../../sim/engine/index.ts';
import { performFault } from '../../sim/faults/index.ts';
import { createWorkload, defaultWorkload } from '../../sim/history/workload.ts';

export interface PbftWorld {
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  /** Operations of each client. */
  readonly limit?: number | null;
  readonly history?: HistorySink | null;
  readonly mutants?: readonly string[];
  readonly options?: Partial<PbftOptions>;
  readonly network?: Partial<NetworkConfig>;
  readonly diskSyncUs?: number;
  readonly invariants?: readonly Invariant[];
  readonly director?: Director | null;
  readonly observer?: Observer | null;
  /** Whether messages are frozen on their way; default true. */
  readonly careful?: boolean;
}

/** Linearizability of what clients see. */
export const linearizable = historyInvariants.filter(({ id }) => id === 'history/linearizable');

/** Mutants bring the options that they need; `options` may change them again. */
export function pbftWorld(wanted: PbftWorld = {}): World {
  const { clients = 0, limit = null, mutants = [] } = wanted;
  const needed = pbftMutants.filter(({ id }) => mutants.includes(id));
  const options = Object.assign({}, defaultOptions, ...needed.map((mutant) => mutant.options));
  const protocol = mutatedPbft(mutants);
  return new World(
    {
      seed: wanted.seed ?? '1',
      protocol: erase(protocol),
      options: Object.freeze({ ...options, ...wanted.options }),
      nodes: wanted.nodes ?? 4,
      clients:
        clients === 0
          ? null
          : {
              count: clients,
              protocol: protocol.client as ClientProtocol,
              options: { ...defaultClientOptions, requestTimeoutMs: 300 },
              workload: createWorkload({ ...defaultWorkload, clients, limit }),
              history: wanted.history ?? null,
            },
      network: { ...defaultNetwork, ...wanted.network },
      disk: { syncUs: wanted.diskSyncUs ?? 500 },
      invariants: wanted.invariants ?? pbftInvariants,
      performFault,
      director: wanted.director ?? null,
      initialDurable: null,
      careful: wanted.careful ?? true,
    },
    timed,
    wanted.observer ?? null,
  );
}
