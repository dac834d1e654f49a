/**
 * How fast the engine is: the bare loop, Raft with and without invariants, recorded, 1000 nodes.
 */
import { raftInvariants } from '../../invariants/raft/index.ts';
import { scaledOptions } from '../../protocols/raft/options.ts';
import {
  EventKind,
  kindNames,
  run,
  timed,
  type Invariant,
  type World,
} from '../../sim/engine/index.ts';
import { Schedule } from '../../sim/engine/schedule.ts';
import { Recorder } from '../../sim/trace/index.ts';
import { raftWorld } from '../helpers/raft-world.ts';

/** Events per CPU second, and what they were. */
interface Rate {
  readonly eventsPerCpuSecond: number;
  readonly events: number;
  readonly cpuSeconds: number;
}

const PENDING = 50;
const ROUNDS = 5;

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The best of some rounds: the others were disturbed by the machine. */
function best(events: number, work: () => void): Rate {
  work();
  let seconds = Infinity;
  for (let round = 0; round < ROUNDS; round++) seconds = Math.min(seconds, cpuSeconds(work));
  return { eventsPerCpuSecond: Math.round(events / seconds), events, cpuSeconds: seconds };
}

/** The same queue and event records with nothing to do: an event only makes the next one. */
function bareLoop(events: number): void {
  const schedule = new Schedule();
  let now = 0;
  for (let i = 0; i < PENDING; i++) {
    schedule.add(EventKind.message, i * 97, 0, 0, null, '', '', -1);
  }
  for (let i = 0; i < events; i++) {
    const event = schedule.peek();
    if (event === null) return;
    schedule.remove(event);
    now = event.at;
    schedule.add(EventKind.message, now + 1000 + ((i * 7919) % 4001), 0, 0, null, '', '', i);
  }
}

/** Five nodes, 1 % loss, two clients in a closed loop; compaction on, no history. */
function cluster(invariants: readonly Invariant[], recorder: Recorder | null = null): World {
  return raftWorld({
    seed: 'bench',
    nodes: 5,
    clients: 2,
    network: { lossPpm: 10_000 },
    invariants,
    observer: recorder,
    careful: false,
    ...(recorder === null ? {} : { strategy: recorder.strategy }),
  });
}

function continueFor(world: World, maxEvents: number): void {
  const { violation } = run(world, { untilUs: Number.MAX_SAFE_INTEGER, maxEvents });
  if (violation !== null) throw new Error(`${violation.invariant}: ${violation.message}`);
}

/** The share of each kind of event. */
function mixOf(world: World): Record<string, number> {
  const { byKind, events } = world.counters;
  return Object.fromEntries(
    kindNames.map((name, kind) => [name, Math.round((1000 * (byKind[kind] ?? 0)) / events) / 1000]),
  );
}

/** A cluster that has found its leader and goes on where the round before left off. */
function raftRate(events: number, invariants: readonly Invariant[]): [Rate, World] {
  const world = cluster(invariants);
  return [best(events, () => continueFor(world, events)), world];
}

function recordedRate(events: number): Rate {
  return best(events, () => {
    let bytes = 0;
    const about = { engine: 'bench', file: 'bench.yaml', text: '', mutants: [] };
    const recorder = new Recorder(about, timed, (chunk) => {
      bytes += chunk.length;
    });
    const world = cluster(raftInvariants, recorder);
    recorder.begin(world);
    continueFor(world, events);
    if (bytes === 0) throw new Error('nothing was recorded');
  });
}

/** Resident memory after each of ten slices of a long run, in MiB: a slope would be a leak. */
function memory(events: number): readonly number[] {
  const world = cluster(raftInvariants);
  return Array.from({ length: 10 }, () => {
    continueFor(world, events / 10);
    global.gc?.();
    return Math.round(process.memoryUsage().heapUsed / 0x100000);
  });
}

/**
 * The specification's largest cluster, for eight virtual seconds: it elects, commits and follows.
 */
function thousandNodes(): object {
  const latencyUs = 10_000;
  let world: World | null = null;
  let events = 0;
  const seconds = cpuSeconds(() => {
    const options = scaledOptions(1000, latencyUs / 1000, 0.5);
    world = raftWorld({ seed: 'big', nodes: 1000, clients: 1, options, network: { latencyUs } });
    events = run(world, { untilUs: 8_000_000, maxEvents: 5_000_000 }).events;
  });
  const decided = (world as World | null)?.nodes.map(({ state }) =>
    state === null ? 0 : (world as unknown as World).protocol.observe(state).decided,
  ) ?? [0];
  return {
    events,
    cpuSeconds: seconds,
    heapMiB: Math.round(process.memoryUsage().heapUsed / 0x100000),
    decidedAtMost: Math.max(...decided),
    decidedAtLeast: Math.min(...decided),
  };
}

/** Runs all rows; `events` scales them. Figures: events per CPU second of this process. */
export function engineBench(events = 1_000_000): Record<string, unknown> {
  const bare = best(events * 3, () => bareLoop(events * 3));
  const [raft5, world] = raftRate(events, raftInvariants);
  const [without] = raftRate(events, []);
  const recorded = recordedRate(Math.floor(events / 20));
  return {
    bare: bare.eventsPerCpuSecond,
    raft5: raft5.eventsPerCpuSecond,
    raft5_without_invariants: without.eventsPerCpuSecond,
    raft5_recorded: recorded.eventsPerCpuSecond,
    ratios: {
      raft5_to_bare: ratio(raft5, bare),
      raft5_to_without_invariants: ratio(raft5, without),
      recorded_to_raft5: ratio(recorded, raft5),
    },
    raft5_mix: mixOf(world),
    heapMiB_over_10_million_events: memory(events * 10),
    raft1000: thousandNodes(),
  };
}

function ratio(a: Rate, b: Rate): number {
  return Math.round((1000 * a.eventsPerCpuSecond) / b.eventsPerCpuSecond) / 1000;
}
