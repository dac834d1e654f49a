/** A world of echo nodes under a timeline, with everything that it did written down. */
import { defaultDisk, defaultNetwork, run, timed, World } from '../../sim/engine/index.ts';
import type {
  Completion,
  Director,
  DiskConfig,
  FaultAction,
  LogEvent,
  NetworkConfig,
  SendRecord,
  WorldConfig,
} from '../../sim/engine/index.ts';
import { eventIdentity } from '../../sim/engine/index.ts';
import { performFault, Timeline, type Fault, type TimelineEntry } from '../../sim/faults/index.ts';
import { echo, echoClient, type EchoState } from './echo.ts';

export interface EchoSetup {
  readonly nodes?: number;
  readonly seed?: string;
  readonly everyMs?: number;
  readonly network?: Partial<NetworkConfig>;
  readonly disk?: DiskConfig;
  /** 1: a client that increments at the first node all the time. */
  readonly clients?: 0 | 1;
  readonly timeline?: readonly TimelineEntry[];
  readonly director?: Director;
}

export interface Notes {
  readonly events: string[];
  readonly sends: SendRecord[];
  readonly faults: FaultAction[];
  readonly logs: LogEvent[];
  readonly completions: Completion[];
}

export interface EchoRun {
  readonly world: World;
  readonly notes: Notes;
}

/** Latency fixed at 10 ms, 5 nodes, a ping to everybody each 50 ms, unless the setup says other. */
export function echoWorld(setup: EchoSetup = {}): EchoRun {
  const config: WorldConfig = {
    seed: setup.seed ?? 'echo',
    protocol: echo,
    options: { everyMs: setup.everyMs ?? 50 },
    nodes: setup.nodes ?? 5,
    clients:
      setup.clients === 1
        ? { count: 1, protocol: echoClient, options: null, workload: increments, history: null }
        : null,
    network: { ...defaultNetwork, shape: 'fixed', ...setup.network },
    disk: setup.disk ?? defaultDisk,
    invariants: [],
    performFault,
    director: setup.director ?? new Timeline(setup.timeline ?? []),
    initialDurable: null,
    careful: true,
  };
  const notes: Notes = { events: [], sends: [], faults: [], logs: [], completions: [] };
  const world: World = new World(config, timed, null);
  observe(world, notes);
  return { world, notes };
}

/** Writes down what the world does from now on. */
export function observe(world: World, notes: Notes): void {
  world.observer = {
    afterEvent: (_view, { at, event }) => {
      notes.events.push(`${at} ${eventIdentity(world, event)}`);
    },
    onSend: (send) => notes.sends.push(send),
    onFault: (done) => notes.faults.push(done),
    onLog: (_node, event) => notes.logs.push(event),
    onOutcome: (_client, _sequence, completion) => notes.completions.push(completion),
  };
}

export function runUntil(world: World, ms: number): void {
  const { violation } = run(world, { untilUs: ms * 1000, maxEvents: 5_000_000 });
  if (violation !== null) throw new Error(violation.message);
}

/** Performs a fault now, as one event. */
export function inject({ world }: EchoRun, fault: Fault): void {
  world.perform(world.scheduleFault(world.now, fault));
}

/** The state of a node that is not down; `name` as in n1. */
export function stateOf(world: World, name: string): EchoState {
  const { state } = world.nodes[world.actorIndex.get(name) as number] as { state: object | null };
  if (state === null) throw new Error(`${name} is down`);
  return state as EchoState;
}

/** `n1>n2` for each directed link on which a message sent now gets through, in order. */
export function openLinks({ world, notes }: EchoRun): string[] {
  const before = notes.sends.length;
  const { nodes, nodeIds } = world;
  for (const { index: from } of nodes) {
    for (const { index: to } of nodes) {
      if (from !== to) world.transmit(0, from, to, { type: 'Ping' });
    }
  }
  const probes = notes.sends.splice(before);
  return probes
    .filter(({ dropped }) => dropped === null)
    .map(({ from, to }) => `${nodeIds[from]}>${nodeIds[to]}`);
}

const increments = {
  next: () => ({ type: 'increment' }),
  pauseUs: () => 5_000,
  fork: () => increments,
};
