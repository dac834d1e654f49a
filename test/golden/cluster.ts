/** The cluster that a conversation talks to: a world in which nothing happens by itself. */
import {
  crash,
  defaultNetwork,
  drop,
  erase,
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
import { Log } from '../../protocols/common/log.ts';
import { raft } from '../../protocols/raft/index.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import { defaultOptions, type RaftOptions } from '../../protocols/raft/options.ts';
import type { RaftRules } from '../../protocols/raft/rules.ts';
import type { RaftState } from '../../protocols/raft/state.ts';

/** What a test may put in place of the paper's protocol. */
export interface ClusterSettings {
  readonly rules?: RaftRules;
  readonly invariants?: readonly Invariant[];
}

/** What the line `cluster …` of a conversation says. */
export interface ClusterPlan {
  readonly nodes: number;
  readonly syncMs: number;
  readonly options: RaftOptions;
}

export type Durable = Pick<RaftState, 'currentTerm' | 'votedFor' | 'log' | 'snapshot'>;

/** Clients of a conversation only lend their names: the script speaks for them. */
export const clientCount = 3;

const flags: Readonly<Record<string, Partial<RaftOptions>>> = {
  prevote: { preVote: true },
  checkquorum: { checkQuorum: true },
};

const numbers: Readonly<Record<string, keyof RaftOptions>> = {
  batch_ms: 'batchMs',
  max_entries: 'maxEntriesPerAppend',
  snapshot_every: 'snapshotThreshold',
  trailing: 'trailingEntries',
  chunk: 'snapshotChunkSize',
};

/** `nodes=3 prevote checkquorum sync_ms=0 batch_ms=0 max_entries=64 snapshot_every=0 …` */
export function parseCluster(words: readonly string[]): ClusterPlan {
  let nodes = 3;
  let syncMs = 0;
  let options: RaftOptions = { ...defaultOptions, snapshotThreshold: 0 };
  for (const word of words) {
    const [name, value] = word.split('=') as [string, string | undefined];
    const count = Number(value);
    const option = numbers[name];
    if (value === undefined && flags[name] !== undefined) options = { ...options, ...flags[name] };
    else if (value === undefined || !Number.isInteger(count)) throw new Error(unknown(word));
    else if (name === 'nodes') nodes = count;
    else if (name === 'sync_ms') syncMs = count;
    else if (option !== undefined) options = { ...options, [option]: count };
    else throw new Error(unknown(word));
  }
  return { nodes, syncMs, options };
}

/** `terms=1,1,4 term=6 voted=n2`: the log's terms, currentTerm (the last of them), votedFor. */
export function parseDurable(words: readonly string[]): Durable {
  const given = new Map(words.map((word) => word.split('=') as [string, string]));
  const terms = (given.get('terms') ?? '').split(',').filter((term) => term !== '');
  const entries = terms.map((term, i) => initialEntry(i + 1, Number(term)));
  return {
    currentTerm: Number(given.get('term') ?? entries[entries.length - 1]?.term ?? 0),
    votedFor: given.get('voted') ?? null,
    log: new Log(entries),
    snapshot: null,
  };
}

export function createWorld(
  plan: ClusterPlan,
  initial: ReadonlyMap<string, Durable>,
  settings: ClusterSettings,
  observer: Observer,
): World {
  const names = Array.from({ length: plan.nodes }, (_, i) => `n${i + 1}`);
  const config: WorldConfig = {
    seed: 'golden',
    protocol: erase(raft(settings.rules)),
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
    initialDurable: names.map((name) => initial.get(name) ?? null),
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

/** Every entry that a conversation begins with is a request of its own. */
function initialEntry(index: number, term: number): Entry {
  const command = { type: 'put', key: 'x', value: `${index}/${term}` };
  return { term, request: { client: `of-term-${term}`, sequence: index, command, stamp: 0 } };
}

function unknown(word: string): string {
  const known = ['nodes=3', 'sync_ms=0', ...Object.keys(flags)];
  for (const name of Object.keys(numbers)) known.push(`${name}=…`);
  return `unknown option "${word}"; there are ${known.join(', ')}`;
}

const noWorkload: Workload = { next: () => null, pauseUs: () => 0, fork: () => noWorkload };

const silentClient: ClientProtocol = {
  start: () => null,
  onOperation() {},
  onResponse() {},
  onTimer() {},
};
