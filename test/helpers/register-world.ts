/** Register clusters for tests: what matters is said, the rest is ordinary. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { registerInvariants } from '../../invariants/quorum-register/index.ts';
import { defaultClientOptions } from '../../protocols/common/client.ts';
import { mutatedRegister } from '../../protocols/quorum-register/mutants.ts';
import { defaultOptions, type RegisterOptions } from '../../protocols/quorum-register/options.ts';
import { registerClient } from '../../protocols/quorum-register/requests.ts';
import {
  defaultNetwork,
  erase,
  timed,
  World,
  type Director,
  type Invariant,
  type NetworkConfig,
} from '../../sim/engine/index.ts';
import { performFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import { createWorkload, defaultWorkload } from '../../sim/history/workload.ts';

export interface RegisterWorld {
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  /** Operations of each client. */
  readonly limit?: number;
  readonly mutants?: readonly string[];
  readonly options?: Partial<RegisterOptions>;
  readonly network?: Partial<NetworkConfig>;
  readonly diskSyncUs?: number;
  readonly invariants?: readonly Invariant[];
  readonly director?: Director | null;
}

/** Linearizability of what clients see. */
export const linearizable = historyInvariants.filter(({ id }) => id === 'history/linearizable');

export function registerWorld(wanted: RegisterWorld = {}): World {
  const { clients = 0, limit = null } = wanted;
  return new World(
    {
      seed: wanted.seed ?? '1',
      protocol: erase(mutatedRegister(wanted.mutants ?? [])),
      options: Object.freeze({ ...defaultOptions, ...wanted.options }),
      nodes: wanted.nodes ?? 3,
      clients:
        clients === 0
          ? null
          : {
              count: clients,
              protocol: registerClient,
              options: {
                ...defaultClientOptions,
                requestTimeoutMs: 300,
                requestsMayDuplicate: true,
              },
              workload: createWorkload({ ...defaultWorkload, clients, limit }),
              history: new Recorder(),
            },
      network: { ...defaultNetwork, ...wanted.network },
      disk: { syncUs: wanted.diskSyncUs ?? 500 },
      invariants: wanted.invariants ?? [...registerInvariants, ...linearizable],
      performFault,
      director: wanted.director ?? null,
      initialDurable: null,
      careful: true,
    },
    timed,
  );
}
