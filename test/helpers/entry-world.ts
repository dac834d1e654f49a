/** Clusters of any protocol in the table, for tests: what matters is said, the rest is ordinary. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { defaultClient, defaultClientOptions } from '../../protocols/common/client.ts';
import {
  defaultNetwork,
  timed,
  World,
  type Director,
  type Invariant,
  type NetworkConfig,
} from '../../sim/engine/index.ts';
import { performFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import {
  createWorkload,
  defaultWorkload,
  type WorkloadConfig,
} from '../../sim/history/workload.ts';
import { catalogue } from '../../sim/registry/index.ts';

export interface EntryWorld {
  readonly protocol: string;
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  readonly workload?: Partial<WorkloadConfig>;
  readonly mutants?: readonly string[];
  /** As a scenario writes them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly network?: Partial<NetworkConfig>;
  readonly diskSyncUs?: number;
  /** Ids of what clients are promised; default: linearizability. */
  readonly history?: readonly string[];
  readonly invariants?: readonly Invariant[];
  readonly director?: Director | null;
}

export function entryWorld(wanted: EntryWorld): World {
  const { clients = 0, nodes = 3, mutants = [], network = {}, diskSyncUs = 500 } = wanted;
  const entry = catalogue.protocols.get(wanted.protocol);
  if (entry === undefined) throw new Error(`there is no protocol ${wanted.protocol}`);
  const { history = ['history/linearizable'], workload = {} } = wanted;
  const facts = {
    nodes,
    latencyMs: (network.latencyUs ?? defaultNetwork.latencyUs) / 1000,
    syncMs: diskSyncUs / 1000,
    failureTolerance: 0,
    byzantine: false,
    deduplicate: true,
    dedupWindowMs: 300_000,
  };
  const options = entry.options(wanted.options ?? {}, facts, mutants);
  const protocol = entry.create(mutants);
  return new World(
    {
      seed: wanted.seed ?? '1',
      protocol,
      options,
      nodes,
      clients:
        clients === 0
          ? null
          : {
              count: clients,
              protocol: entry.client?.(options, mutants) ?? protocol.client ?? defaultClient,
              options: {
                ...defaultClientOptions,
                requestTimeoutMs: 300,
                requestsMayDuplicate: true,
              },
              workload: createWorkload({ ...defaultWorkload, ...workload, clients }),
              history: new Recorder(),
            },
      network: { ...defaultNetwork, ...network },
      disk: { syncUs: diskSyncUs },
      invariants:
        wanted.invariants ??
        entry.invariants.concat(historyInvariants.filter(({ id }) => history.includes(id))),
      performFault,
      director: wanted.director ?? null,
      initialDurable: null,
      careful: true,
    },
    timed,
  );
}
