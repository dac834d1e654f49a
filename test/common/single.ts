/** The smallest protocol with clients: one node owns the store, the others refuse. */
import type { ClientsConfig } from '../../sim/engine/clients.ts';
import {
  defaultNetwork,
  erase,
  run,
  timed,
  World,
  type NetworkConfig,
  type Protocol,
  type RunResult,
} from '../../sim/engine/index.ts';
import type { Request } from '../../sim/engine/protocol.ts';
import { Recorder, type ClientHistory } from '../../sim/history/recorder.ts';
import {
  createWorkload,
  defaultWorkload,
  type WorkloadConfig,
} from '../../sim/history/workload.ts';
import {
  defaultClient,
  defaultClientOptions,
  type ClientOptions,
} from '../../protocols/common/client.ts';
import { Machine } from '../../protocols/common/state-machine.ts';

export interface SingleOptions {
  /** Who owns the store; null: everybody refuses. */
  readonly owner: string | null;
  /** Whom the others name as owner. */
  readonly hint: string | null;
  readonly deduplicate: boolean;
}

export interface SingleState {
  readonly self: string;
  readonly options: SingleOptions;
  machine: Machine;
  /** Every request that reached the owner, in order. */
  readonly received: Request[];
  /** Requests that reached anybody. */
  asked: number;
}

type NoMessage = { readonly type: never };

const single: Protocol<SingleState, NoMessage, never, SingleOptions> = {
  name: 'single',
  paper: 'none',
  durable: [],
  start: (_durable, options, effects) => ({
    self: effects.self,
    options,
    machine: Machine.empty(options),
    received: [],
    asked: 0,
  }),
  onMessage: {},
  onTimer: {},
  onRequest(state, request, effects) {
    const { owner, hint } = state.options;
    state.asked++;
    if (state.self !== owner) {
      const hinted = hint === null ? {} : { hint };
      effects.respond(request, { type: 'error', code: 'LEADER_NOT_FOUND', ...hinted });
      return;
    }
    state.received.push(request);
    effects.respond(request, state.machine.apply(request, effects.now()));
  },
  observe: ({ self, options }) => ({
    role: 'node',
    epoch: 0,
    leads: self === options.owner,
    leader: options.owner,
    decided: 0,
    applied: 0,
    log: null,
  }),
};

export interface Setup {
  readonly seed: string;
  readonly nodes?: number;
  readonly options?: Partial<SingleOptions>;
  readonly client?: Partial<ClientOptions>;
  readonly network?: Partial<NetworkConfig>;
  readonly workload?: Partial<WorkloadConfig>;
  readonly untilMs?: number;
}

export interface Finished {
  readonly result: RunResult;
  readonly history: ClientHistory;
  readonly recorder: Recorder;
  readonly world: World;
  readonly states: readonly SingleState[];
}

export function createWorld(setup: Setup): { readonly world: World; readonly recorder: Recorder } {
  const workload = { ...defaultWorkload, ...setup.workload };
  const recorder = new Recorder();
  const clients: ClientsConfig = {
    count: workload.clients,
    protocol: defaultClient,
    options: { ...defaultClientOptions, ...setup.client },
    workload: createWorkload(workload),
    history: recorder,
  };
  const world = new World(
    {
      seed: setup.seed,
      protocol: erase(single),
      options: { owner: 'n1', hint: null, deduplicate: true, ...setup.options },
      nodes: setup.nodes ?? 1,
      clients,
      network: { ...defaultNetwork, ...setup.network },
      disk: { syncUs: 0 },
      invariants: [],
      performFault: (_world, action) => action,
      director: null,
      initialDurable: null,
      careful: true,
    },
    timed,
  );
  return { world, recorder };
}

/** Runs clients against the store until they have finished. */
export function runClients(setup: Setup): Finished {
  const { world, recorder } = createWorld(setup);
  const untilUs = (setup.untilMs ?? 600_000) * 1000;
  const result = run(world, { untilUs, maxEvents: 1_000_000 });
  const states = world.nodes.map(({ state }) => state as SingleState);
  return { result, history: recorder.history(), recorder, world, states };
}
