/** How fast the consensus protocols run with all invariants on, and how many messages they need. */
import { run, type World } from '../../sim/engine/index.ts';
import { entryWorld } from '../helpers/entry-world.ts';

/** Messages between nodes for one command, a leader being there and nothing lost. */
const textbook: Readonly<Record<string, (n: number) => number>> = {
  /** AppendEntries and its reply; the commit index travels with the next ones. */
  raft: (n) => 2 * (n - 1),
  /** Accept, accepted, learn. */
  'multi-paxos': (n) => 3 * (n - 1),
  /** Pre-prepare, prepares of all but the primary, commits of all (Castro, Liskov 1999, §4.2). */
  pbft: (n) => n - 1 + (n - 1) * (n - 1) + n * (n - 1),
};

const SIZES = [4, 7, 31, 100];
/** Events of one measurement; of large clusters more, or they would not get far. */
const EVENTS = 100_000;
const EVENTS_PER_NODE = 3000;
/** One replica more than 3 × 100. */
const LARGE = 301;

interface Row {
  readonly protocol: string;
  readonly nodes: number;
  readonly events: number;
  readonly events_per_cpu_second: number;
  readonly decided: number;
  /** Heartbeats and checkpoints included; batches make it fewer. */
  readonly messages_per_command: number | null;
  readonly textbook: number;
  readonly violation: string | null;
}

export function protocolsBench(): object {
  const names = Object.keys(textbook);
  const rows = names.flatMap((protocol) => SIZES.map((nodes) => measure(protocol, nodes)));
  return { rows, pbft_one_request: oneRequest(LARGE) };
}

function measure(protocol: string, nodes: number): Row {
  const world = entryWorld({ protocol, nodes, clients: 3 });
  const maxEvents = Math.max(EVENTS, EVENTS_PER_NODE * nodes);
  let messages = 0;
  world.observer = {
    onSend({ from, to }) {
      if (from < nodes && to < nodes) messages++;
    },
    afterEvent() {},
  };
  const seconds = cpuSeconds(() => run(world, { untilUs: 600_000_000, maxEvents }));
  const { events } = world.counters;
  const decided = decidedIn(world);
  return {
    protocol,
    nodes,
    events,
    events_per_cpu_second: Math.round(events / seconds),
    decided,
    messages_per_command: decided === 0 ? null : Math.round((10 * messages) / decided) / 10,
    textbook: textbook[protocol]?.(nodes) ?? 0,
    violation: world.violation?.message ?? null,
  };
}

/** From the beginning until every replica has executed a request. */
function oneRequest(nodes: number): object {
  const world = entryWorld({ protocol: 'pbft', nodes, clients: 1 });
  const everywhere = () =>
    world.nodes.every(({ state }) => state !== null && world.protocol.observe(state).decided > 0);
  const seconds = cpuSeconds(() => {
    while (!everywhere() && world.violation === null && world.counters.events < 1_000_000) {
      run(world, { untilUs: 600_000_000, maxEvents: 2000 });
    }
  });
  const { events } = world.counters;
  return { nodes, events, cpu_seconds: Math.round(100 * seconds) / 100, done: everywhere() };
}

function decidedIn(world: World): number {
  const seen = world.nodes.map(({ state }) =>
    state === null ? 0 : world.protocol.observe(state).decided,
  );
  return Math.max(...seen);
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
