/** From a checked scenario to a world that can run: pure, and the same for the same input. */
import {
  type Director,
  type HistorySink,
  type Invariant,
  type Limits,
  type NetworkConfig,
  nodeName,
  type PrefixStep,
  type WorldConfig,
} from '../engine/index.ts';
import { makeLiars, performFault } from '../faults/index.ts';
import { Recorder } from '../history/recorder.ts';
import type { Catalogue, ClusterFacts, InitialNode, ProtocolEntry } from './catalogue.ts';
import { clientsOf, largestLatencyMs } from './clients.ts';
import { liarsIn, mayLie } from './liars.ts';
import type { Names } from './nodes.ts';
import type { Scenario } from './schema.ts';
import { ppm } from './schema-common.ts';
import type { InitialNodeConfig } from './schema-schedule.ts';
import { chosenIds, knownInvariants } from './requirements.ts';
import { parseStep, type ScriptStep } from './script-grammar.ts';
import { scriptSteps } from './script.ts';
import { directorOf, faultOf } from './timeline.ts';

/** One word that counts for every invariant, or one for each that is named. */
export type Expectation =
  | { readonly type: 'all'; readonly outcome: 'holds' | 'violates' }
  | { readonly type: 'each'; readonly of: ReadonlyMap<string, 'holds' | 'violates'> };

export interface Prepared {
  readonly scenario: Scenario;
  readonly entry: ProtocolEntry;
  readonly world: WorldConfig;
  /** The script: to be performed by `runPrefix` before anything else. */
  readonly prefix: readonly PrefixStep[];
  /** The script as data, step for step what `prefix` does, for messages about a step. */
  readonly steps: readonly ScriptStep[];
  /** Whether the run goes on when the script has been performed. */
  readonly continues: boolean;
  readonly limits: Limits;
  readonly expectation: Expectation;
}

export interface PrepareOptions {
  /** The seed of the run; it overrides the scenario's own. */
  readonly seed: string;
  readonly catalogue: Catalogue;
  /** Takes down what clients see; null: nobody does; left out: a recorder. */
  readonly history?: HistorySink | null;
  /** Freezes messages on their way, so that a handler that changes one is found out. */
  readonly careful?: boolean;
}

/** The scenario must come from `loadScenario` with the same catalogue. */
export function prepare(scenario: Scenario, options: PrepareOptions): Prepared {
  const { catalogue, seed, history = new Recorder(), careful = false } = options;
  const entry = catalogue.protocols.get(scenario.protocol);
  if (entry === undefined) throw new Error(`there is no protocol ${scenario.protocol}`);
  const protocol = entry.create(scenario.mutants);
  const protocolOptions = entry.options(scenario.options, factsOf(scenario), scenario.mutants);
  const client =
    entry.client?.(protocolOptions, scenario.mutants) ?? protocol.client ?? catalogue.defaultClient;
  const director: Director | null = directorOf(scenario);
  const steps = stepsOf(scenario);
  return {
    scenario,
    entry,
    world: {
      seed,
      protocol,
      options: protocolOptions,
      nodes: scenario.cluster_config.nodes,
      clients: client === null ? null : clientsOf(scenario, client, history),
      network: networkOf(scenario),
      disk: { syncUs: Math.round(scenario.disk.sync_ms * 1000) },
      invariants: invariantsOf(scenario, entry, catalogue),
      performFault,
      director,
      adversary: mayLie(scenario.network_assumptions)
        ? makeLiars({ ...liarsIn(scenario), own: entry.lies ?? null })
        : null,
      initialDurable: initialOf(scenario, entry, protocolOptions),
      careful,
    },
    prefix: scriptSteps(steps, scenario.duration),
    steps,
    continues: scenario.after_schedule === 'continue',
    limits: { untilUs: scenario.duration, maxEvents: scenario.max_events },
    expectation: expectationOf(scenario),
  };
}

/** What default options are derived from. */
export function factsOf(scenario: Scenario): ClusterFacts {
  const { cluster_config: cluster, network_assumptions: network, retry } = scenario;
  const byzantine = mayLie(network);
  const divisor = byzantine ? 3 : 2;
  return {
    nodes: cluster.nodes,
    latencyMs: largestLatencyMs(scenario),
    syncMs: scenario.disk.sync_ms,
    failureTolerance: cluster.failure_tolerance ?? Math.floor((cluster.nodes - 1) / divisor),
    byzantine,
    deduplicate: retry.idempotency.required,
    dedupWindowMs: retry.idempotency.dedup_window_seconds * 1000,
  };
}

function networkOf(scenario: Scenario): NetworkConfig {
  const { network_assumptions: network, cluster_config: cluster, workload } = scenario;
  const { regions } = cluster;
  const config = {
    latencyUs: network.latency_ms * 1000,
    shape: network.shape,
    spread: Math.round(network.spread * 1000),
    lossPpm: ppm(network.loss),
    duplicatePpm: ppm(network.duplicate),
    fifo: network.fifo,
  };
  if (regions === undefined) return { ...config, regions: null, regionLatencyUs: null };
  const matrix = network.region_latency_ms ?? {};
  const between = (from: string, to: string) =>
    (matrix[from]?.[to] ?? matrix[to]?.[from] ?? network.latency_ms) * 1000;
  const inTurn = (count: number) => Array.from({ length: count }, (_, i) => i % regions.length);
  return {
    ...config,
    regions: [...inTurn(cluster.nodes), ...inTurn(workload?.clients ?? 0)],
    regionLatencyUs: regions.map((from) => regions.map((to) => between(from, to))),
    regionNames: regions,
  };
}

function invariantsOf(scenario: Scenario, entry: ProtocolEntry, catalogue: Catalogue): Invariant[] {
  const chosen = chosenIds(scenario, entry, catalogue);
  return knownInvariants(entry, catalogue).filter(({ id }) => chosen.includes(id));
}

function initialOf(
  scenario: Scenario,
  entry: ProtocolEntry,
  options: unknown,
): (object | null)[] | null {
  const { initial, cluster_config: cluster } = scenario;
  if (initial === undefined) return null;
  return Array.from({ length: cluster.nodes }, (_, i) => {
    const node = initial[nodeName(i)];
    return node === undefined ? null : (entry.initialDurable?.(initialNode(node), options) ?? null);
  });
}

function initialNode(config: InitialNodeConfig): InitialNode {
  const {
    log: written,
    term,
    voted_for,
  } = Array.isArray(config) ? { log: config, term: undefined, voted_for: undefined } : config;
  const log = written.map((entry) =>
    typeof entry === 'number'
      ? { term: entry, command: null }
      : { term: entry.term, command: entry.command ?? null },
  );
  return { term: term ?? log.at(-1)?.term ?? 0, votedFor: voted_for ?? null, log };
}

function stepsOf(scenario: Scenario): ScriptStep[] {
  const names: Names = {
    nodes: scenario.cluster_config.nodes,
    regions: scenario.cluster_config.regions ?? [],
    clients: scenario.workload?.clients ?? 0,
  };
  return scenario.schedule.map((step) => {
    if (typeof step !== 'string') return { type: 'fault', fault: faultOf(step) };
    const parsed = parseStep(step, names);
    if (typeof parsed === 'string') throw new Error(`unchecked step "${step}": ${parsed}`);
    return parsed;
  });
}

function expectationOf({ expect }: Scenario): Expectation {
  if (typeof expect === 'string') return { type: 'all', outcome: expect };
  return { type: 'each', of: new Map(Object.entries(expect)) };
}
