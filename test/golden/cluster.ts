/** The cluster that a conversation talks to: a world in which nothing happens by itself. */
import {
  crash,
  defaultNetwork,
  drop,
  EventKind,
  pass,
  timed,
  World,
  type ClientProtocol,
  type FaultAction,
  type Invariant,
  type Observer,
  type PendingEvent,
  type Rule,
  type Workload,
  type WorldConfig,
} from '../../sim/engine/index.ts';
import type { Dialect } from './dialect.ts';

/** The protocol that answers, what a test may put in place of its rules, and what must hold. */
export interface ClusterSettings {
  readonly dialect: Dialect;
  readonly rules?: object;
  readonly invariants?: readonly Invariant[];
}

/** What the line `cluster …` of a conversation says. */
export interface ClusterPlan {
  readonly nodes: number;
  readonly syncMs: number;
  readonly options: object;
}

/** Clients of a conversation only lend their names: the script speaks for them. */
export const clientCount = 3;

/** `nodes=3 sync_ms=0` and the dialect's own words: `prevote batch_ms=0 …` */
export function parseCluster(words: readonly string[], dialect: Dialect): ClusterPlan {
  const { flags, numbers, names } = dialect;
  let nodes = 3;
  let syncMs = 0;
  let changed: object = {};
  for (const word of words) {
    const [name, value] = word.split('=') as [string, string | undefined];
    const count = Number(value);
    const option = numbers[name];
    const toOptions = names[name];
    if (value === undefined && flags[name] !== undefined) changed = { ...changed, ...flags[name] };
    else if (value !== undefined && toOptions !== undefined) {
      changed = { ...changed, ...toOptions(value.split(',')) };
    } else if (value === undefined || !Number.isInteger(count)) throw new Error(unknown(word));
    else if (name === 'nodes') nodes = count;
    else if (name === 'sync_ms') syncMs = count;
    else if (option !== undefined) changed = { ...changed, [option]: count };
    else throw new Error(unknown(word));
  }
  return { nodes, syncMs, options: { ...dialect.options(nodeNames(nodes)), ...changed } };

  function unknown(word: string): string {
    const known = ['nodes=3', 'sync_ms=0', ...Object.keys(flags)];
    for (const name of [...Object.keys(numbers), ...Object.keys(names)]) known.push(`${name}=…`);
    return `unknown option "${word}"; there are ${known.join(', ')}`;
  }
}

export function createWorld(
  plan: ClusterPlan,
  initial: ReadonlyMap<string, object>,
  settings: ClusterSettings,
  observer: Observer,
): World {
  const config: WorldConfig = {
    seed: 'golden',
    protocol: settings.dialect.protocol(settings.rules),
    options: plan.options,
    nodes: plan.nodes,
    clients: {
      count: clientCount,
      protocol: silentClient,
      options: null,
      workload: noWorkload,
      history: null,
    },
    network: { ...defaultNetwork, latencyUs: 0, shape: 'fixed' },
    disk: { syncUs: plan.syncMs * 1000 },
    invariants: settings.invariants ?? [],
    performFault,
    director: null,
    initialDurable: nodeNames(plan.nodes).map((name) => initial.get(name) ?? null),
    careful: true,
  };
  const world = new World(config, timed, observer);
  forget(world, EventKind.invoke);
  return world;
}

/**
 * From now on nothing that is sent passes between these nodes and the others; no nodes: heals.
 * Clients reach everyone.
 */
export function cut(world: World, side: readonly number[]): void {
  const isClient = (actor: number) => actor >= world.nodes.length;
  const rule: Rule = {
    name: 'cut',
    judge: ({ from, to }) =>
      isClient(to) || side.includes(from) === side.includes(to) ? pass : drop,
    fork: () => rule,
  };
  world.network.add(rule);
}

/** Takes all pending events of a kind out of the world. */
export function forget(world: World, kind: EventKind): void {
  for (const event of pendingEvents(world)) if (event.kind === kind) world.schedule.remove(event);
}

/** Everything that is pending, the oldest first. */
export function pendingEvents(world: World): PendingEvent[] {
  const events: PendingEvent[] = [];
  world.schedule.each((event) => void events.push(event));
  return events.sort((a, b) => a.id - b.id);
}

/** Crashes and restarts are events, so that invariants look at what they leave. */
function performFault(world: World, action: FaultAction): FaultAction {
  const { node } = action as { readonly kind: string; readonly node: string };
  const index = world.nodeIds.indexOf(node);
  if (action.kind === 'crash') crash(world, index);
  else world.start(index);
  return action;
}

function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

const noWorkload: Workload = { next: () => null, pauseUs: () => 0, fork: () => noWorkload };

const silentClient: ClientProtocol = {
  start: () => null,
  onOperation() {},
  onResponse() {},
  onTimer() {},
};
