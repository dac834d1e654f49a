/** Recovery point and latency of the modes of replication, under the same load and faults. */
import { Log } from '../../protocols/common/log.ts';
import { run, type Observer, World, timed } from '../../sim/engine/index.ts';
import { Plan, type Fault } from '../../sim/faults/index.ts';
import type { Recorder, ClientHistory } from '../../sim/history/recorder.ts';
import { entryWorld } from '../helpers/entry-world.ts';

const SEEDS = 20;
/** Microseconds. */
const [FAULT_AT, HEALED_AT, END] = [1_000_000, 3_000_000, 4_000_000];

interface Mode {
  readonly protocol: string;
  readonly nodes: number;
  readonly options: Readonly<Record<string, unknown>>;
}

const modes: Readonly<Record<string, Mode>> = {
  synchronous: of({ acknowledgement: 'synchronous' }),
  'semi-synchronous': of({ acknowledgement: 'semi-synchronous' }),
  'semi-synchronous, fallback after 200 ms': of({ fallback_ms: 200 }),
  asynchronous: of({ acknowledgement: 'asynchronous' }),
  chain: { protocol: 'chain-replication', nodes: 4, options: {} },
};

function of(options: Mode['options']): Mode {
  return { protocol: 'replication', nodes: 3, options };
}

const faults: Readonly<Record<string, Fault | null>> = {
  'no fault': null,
  'primary crashes, 2 s': { kind: 'crash', nodes: ['n1'] },
  'primary cut off from nodes, 2 s': { kind: 'isolate', nodes: ['n1'] },
  'backup crashes, 2 s': { kind: 'crash', nodes: ['n3'] },
};

interface Row {
  readonly mode: string;
  readonly fault: string;
  readonly acknowledged_writes: number;
  /** Acknowledged writes that no node has when all is healed, over all seeds. */
  readonly lost_writes: number;
  readonly lost_writes_max: number;
  readonly latency_ms_p50: number;
  readonly latency_ms_p99: number;
  /** The longest time in which no write was acknowledged, at the median of the seeds. */
  readonly pause_ms: number;
  readonly messages_per_write: number;
}

export function replicationBench(): object {
  const rows = Object.keys(faults).flatMap((fault) =>
    Object.keys(modes).map((mode) => measure(mode, fault)),
  );
  return {
    setting: {
      seeds: SEEDS,
      clients: 6,
      one_way_latency_ms: 5,
      disk_sync_ms: 0.5,
      virtual_seconds: END / 1_000_000,
    },
    rows,
  };
}

function measure(mode: string, fault: string): Row {
  const runs = Array.from({ length: SEEDS }, (_, i) => play(`${i + 1}`, mode, fault));
  const latencies = runs.flatMap((one) => one.latenciesMs).toSorted((a, b) => a - b);
  const lost = runs.map((one) => one.lost);
  const pauses = runs.map((one) => one.pauseMs).toSorted((a, b) => a - b);
  const messages = runs.reduce((sum, one) => sum + one.messages, 0);
  return {
    mode,
    fault,
    acknowledged_writes: latencies.length,
    lost_writes: lost.reduce((sum, count) => sum + count, 0),
    lost_writes_max: Math.max(...lost),
    latency_ms_p50: quantile(latencies, 0.5),
    latency_ms_p99: quantile(latencies, 0.99),
    pause_ms: quantile(pauses, 0.5),
    messages_per_write: Math.round((10 * messages) / latencies.length) / 10,
  };
}

function play(seed: string, mode: string, fault: string) {
  const { protocol, nodes, options } = modes[mode] as Mode;
  const chosen = faults[fault] ?? null;
  let messages = 0;
  const observer: Observer = {
    afterEvent() {},
    onSend: ({ from, to }) => void (from < nodes && to < nodes && messages++),
  };
  const { config } = entryWorld({
    protocol,
    nodes,
    options,
    seed: `bench-${seed}`,
    clients: 6,
    workload: {
      operations: { kind: 'register', readPercent: 0, casPercent: 0, distinctValues: null },
    },
    network: { latencyUs: 5_000 },
    invariants: [],
    director: new Plan({ faults: [], healAtUs: HEALED_AT }),
  });
  const world = new World({ ...config, careful: false }, timed, observer);
  if (chosen !== null) {
    world.scheduleFault(FAULT_AT, { ...chosen, forUs: HEALED_AT - FAULT_AT });
  }
  run(world, { untilUs: END, maxEvents: 1_000_000 });
  const recorder = world.clientsConfig?.history as Recorder;
  const done = recorder.history().filter(({ outcome }) => outcome === 'ok');
  return {
    latenciesMs: done.map(({ invokedAt, completedAt }) => ((completedAt ?? 0) - invokedAt) / 1000),
    lost: lostWrites(world, done),
    pauseMs: longestPauseMs(done),
    messages,
  };
}

/** Those that are in the log of nobody: every value is written once. */
function lostWrites(world: World, done: ClientHistory): number {
  const stored = new Set<unknown>();
  for (const { state } of world.nodes) {
    const { log } = (state ?? {}) as { readonly log?: unknown };
    if (!(log instanceof Log)) continue;
    for (const entry of log.slice(1, log.lastIndex)) {
      const { request } = entry as { request?: { command: { value?: unknown } } | null };
      stored.add(request?.command.value);
    }
  }
  return done.filter(({ input }) => !stored.has(input['value'])).length;
}

function longestPauseMs(done: ClientHistory): number {
  const times = done.map(({ completedAt }) => completedAt ?? 0).toSorted((a, b) => a - b);
  let longest = END - (times[times.length - 1] ?? 0);
  for (let i = 1; i < times.length; i++) {
    longest = Math.max(longest, (times[i] as number) - (times[i - 1] as number));
  }
  return longest / 1000;
}

function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 10) / 10;
}
