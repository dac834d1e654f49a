/** Worlds of the pinger: a timeline of crashes, pauses and cuts, one invariant that may break. */
import {
  crash,
  defaultDisk,
  defaultNetwork,
  erase,
  pause,
  resume,
} from '../../sim/engine/index.ts';
import { timed, World, type FaultAction } from '../../sim/engine/index.ts';
import type { Invariant, NodeStatus, Observer, Rule, Strategy } from '../../sim/engine/index.ts';
import type { WorldConfig } from '../../sim/engine/index.ts';
import { Recorder, type About } from '../../sim/trace/recorder.ts';
import { joinParts } from '../../sim/trace/write.ts';
import { run, type RunResult } from '../../sim/engine/index.ts';
import { pinger, pingerClient, type PingerState } from './pinger.ts';

export interface PingerSetup {
  readonly seed: string;
  readonly nodes?: number;
  readonly clients?: number;
  readonly faults?: readonly (readonly [atMs: number, action: FaultAction])[];
  /** The number of stored values that counts as a violation. */
  readonly limit?: number;
  readonly lossPpm?: number;
  readonly syncUs?: number;
  readonly strategy?: Strategy;
}

export const about: About = {
  engine: '0.0.0-test',
  file: 'some/where/pinger.yaml',
  text: 'protocol: pinger\n',
  mutants: [],
};

/** Two nodes, one client, a cut, a crash with restart. */
export const stormy: NonNullable<PingerSetup['faults']> = [
  [30, { kind: 'cut', node: 'n2' }],
  [60, { kind: 'crash', node: '{first}' }],
  [90, { kind: 'mend' }],
  [110, { kind: 'restart', node: 'n1' }],
  [150, { kind: 'pause', node: 'n2' }],
  [190, { kind: 'resume', node: 'n2' }],
];

export function pingerWorld(setup: PingerSetup, observer: Observer | null = null): World {
  return makePinger(setup, setup.strategy ?? timed, observer);
}

/** As `replayTrace` wants it. */
export function makePinger(
  setup: PingerSetup,
  strategy: Strategy,
  observer: Observer | null,
): World {
  const clients = setup.clients ?? 1;
  const config: WorldConfig = {
    seed: setup.seed,
    protocol: erase(pinger),
    options: { everyMs: 5 },
    nodes: setup.nodes ?? 3,
    clients:
      clients === 0
        ? null
        : {
            count: clients,
            protocol: pingerClient,
            options: null,
            workload: {
              next: (_client, sequence) => ({ type: 'put', key: 'x', value: sequence }),
              pauseUs: (_client, _sequence, choose) => 2000 + choose(9000),
              fork() {
                return this;
              },
            },
            history: null,
          },
    network: { ...defaultNetwork, latencyUs: 3000, lossPpm: setup.lossPpm ?? 0 },
    disk: { ...defaultDisk, syncUs: setup.syncUs ?? 500 },
    invariants: [fewValues(setup.limit ?? Infinity)],
    performFault,
    director: timeline(setup.faults ?? []),
    initialDurable: null,
    careful: false,
  };
  return new World(config, strategy, observer);
}

export interface Recorded {
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly result: RunResult;
  readonly world: World;
}

/** Runs the pinger for so many virtual milliseconds and records it. */
export function recordPinger(setup: PingerSetup, forMs: number, maxEvents = 100_000): Recorded {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, setup.strategy ?? timed, (part) => parts.push(part));
  const world = makePinger(setup, recorder.strategy, recorder);
  recorder.begin(world);
  const result = run(world, { untilUs: forMs * 1000, maxEvents });
  const hash = recorder.finish(result.reason);
  return { bytes: joinParts(parts), hash, result, world };
}

/** Broken as soon as a node stores more than `limit` values. */
function fewValues(limit: number): Invariant {
  return {
    id: 'pinger/few-values',
    title: 'no node stores more than a few values',
    source: 'this test',
    create: () => ({
      afterEvent({ nodes, eventIndex }, index) {
        const node = nodes[index];
        const stored = (node?.state as PingerState | null)?.values.length ?? 0;
        if (node === undefined || stored <= limit) return null;
        const text = `${node.id} stores ${stored} values`;
        return { message: text, facts: [{ text, node: node.id, event: eventIndex }] };
      },
      fork() {
        return this;
      },
    }),
  };
}

function timeline(faults: NonNullable<PingerSetup['faults']>): WorldConfig['director'] {
  return {
    begin(world) {
      for (const [atMs, action] of faults) world.scheduleFault(atMs * 1000, action);
    },
    afterEvent() {},
    pending: 0,
    hash: () => 0,
    fork() {
      return this;
    },
  };
}

function performFault(world: World, action: FaultAction): FaultAction {
  const name = action['node'];
  const id = name === '{first}' || typeof name !== 'string' ? 'n1' : name;
  const index = world.actorIndex.get(id) ?? -1;
  const status: NodeStatus | undefined = world.nodes[index]?.status;
  if (action.kind === 'crash') crash(world, index);
  else if (action.kind === 'restart' && status === 'down') world.start(index);
  else if (action.kind === 'pause') pause(world, index);
  else if (action.kind === 'resume') resume(world, index);
  else if (action.kind === 'cut') world.network.add(cut(index));
  else if (action.kind === 'mend') world.network.remove(() => true);
  return action['node'] === undefined ? action : { ...action, node: id };
}

function cut(node: number): Rule {
  return {
    name: `cut-n${node + 1}`,
    judge: ({ from, to }) => (from === node || to === node ? { kind: 'drop' } : { kind: 'pass' }),
    fork() {
      return this;
    },
  };
}
