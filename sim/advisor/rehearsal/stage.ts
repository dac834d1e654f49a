/** On which stage a recommendation is rehearsed: scenarios made of it. */
import { catalogue } from '../../registry/index.ts';
import type { ScenarioInput } from '../../scenario/index.ts';
import type { Advice } from '../advise.ts';
import type { Trial } from '../trial.ts';
import { participants, type ProtocolName } from '../protocols.ts';
import { roundTripMs } from '../situation.ts';

/** How a protocol of the registry is told what was recommended. */
export interface Stage {
  /** Its name in the registry. */
  readonly protocol: string;
  options(advice: Advice): Readonly<Record<string, unknown>>;
  /** What clients are promised here, where that is less than the protocol's best. */
  readonly level?: NonNullable<ScenarioInput['consistency_requirement']>;
  /** Invariants of the protocol that this configuration does not promise. */
  readonly without?: readonly string[];
  /** What shows that the promise was put to the test; left out: the checker of the level. */
  readonly proof?: readonly string[];
  /** Attempts of a client before it gives an operation up; left out: the specification's ten. */
  readonly attempts?: number;
}

/** A protocol that is not here cannot be rehearsed. */
const stages: Readonly<Partial<Record<ProtocolName, Stage>>> = {
  raft: {
    protocol: 'raft',
    options: ({ configuration: { timeout_ms: timeout, heartbeat_ms: heartbeat } }) => ({
      election_timeout_ms: [timeout, 2 * timeout],
      heartbeat_ms: heartbeat,
    }),
  },
  pbft: {
    protocol: 'pbft',
    options: ({ configuration: { timeout_ms: timeout, heartbeat_ms: heartbeat } }) => ({
      view_change_ms: timeout,
      status_ms: heartbeat,
    }),
  },
  'synchronous-replication': {
    protocol: 'replication',
    options: (advice) => ({ acknowledgement: 'synchronous', ...failoverOf(advice) }),
  },
  'semi-synchronous-replication': {
    protocol: 'replication',
    options: (advice) => ({
      acknowledgement: 'semi-synchronous',
      wait_for: Math.max(1, advice.configuration.quorum_size - 1),
      ...failoverOf(advice),
    }),
    level: 'sequential',
  },
  'asynchronous-replication': {
    protocol: 'replication',
    options: (advice) => ({ acknowledgement: 'asynchronous', ...failoverOf(advice) }),
    level: 'eventual',
    // RPO > 0: a crash of the primary may lose what it had acknowledged.
    without: ['replication/acknowledged-survives'],
    // Clients go on writing, so there are no last reads to compare; the logs are.
    proof: ['replication/same-log'],
  },
  'quorum-register': {
    protocol: 'quorum-register',
    options: ({ configuration: { quorum_size: quorum, timeout_ms: timeout } }) => ({
      read_quorum: quorum,
      write_quorum: quorum,
      resend_ms: timeout,
    }),
    // A write is retried only at its coordinator: a client of one that is down has to give it up.
    attempts: 2,
  },
};

function failoverOf({ configuration }: Advice): Readonly<Record<string, unknown>> {
  const { timeout_ms: timeout, heartbeat_ms: heartbeat } = configuration;
  return { failover_timeout_ms: [timeout, 2 * timeout], heartbeat_ms: heartbeat };
}

export function stageOf(protocol: ProtocolName): Stage | null {
  return stages[protocol] ?? null;
}

/** When things happen, in milliseconds of virtual time. */
export interface Times {
  /** The fault begins … */
  readonly from: number;
  /** … and ends. */
  readonly to: number;
  readonly end: number;
}

const CLIENTS = 5;

/** Rehearsals of more nodes than this are shorter, for an operation costs messages to all. */
const LARGE = 50;

/** From when on a client, and whoever watches the service, calls it interrupted. */
export function patienceMs({ situation, configuration }: Advice): number {
  return Math.max(configuration.timeout_ms, Math.ceil(10 * roundTripMs(situation)));
}

/** No fault but those that the network is assumed to have. */
export function steadyScenario(advice: Advice, stage: Stage): ScenarioInput {
  const { partitionProbability, nodes } = advice.situation;
  const timeouts = Math.max(20, Math.floor(60 * Math.min(1, LARGE / nodes)));
  const input = baseScenario(advice, stage, timeouts * unitMs(advice));
  return {
    ...input,
    name: 'the recommended protocol under the assumptions about the network',
    network_assumptions: {
      ...input.network_assumptions,
      partition_probability: partitionProbability,
    },
  };
}

/** The faults of a trial, and no others. */
export function faultyScenario(
  advice: Advice,
  stage: Stage,
  { faults, lies = false }: Trial,
): { readonly input: ScenarioInput; readonly times: Times } {
  const unit = unitMs(advice);
  const times = { from: 12 * unit, to: 24 * unit, end: 48 * unit };
  const entries = faults.map((fault) => ({
    at: `${times.from}ms`,
    for: `${times.to - times.from}ms`,
    ...fault,
  }));
  const base = baseScenario(advice, stage, times.end);
  const network = { ...base.network_assumptions, byzantine: lies };
  return { input: { ...base, network_assumptions: network, faults: entries }, times };
}

function invariantsOf({ protocol, without = [] }: Stage): string[] {
  const all = catalogue.protocols.get(protocol)?.invariants ?? [];
  return all.map(({ id }) => id).filter((id) => !without.includes(id));
}

/** Times are multiples of the timeout, and of what the specification takes for one. */
function unitMs({ configuration }: Advice): number {
  return Math.max(150, configuration.timeout_ms);
}

function baseScenario(advice: Advice, stage: Stage, durationMs: number): ScenarioInput {
  const { situation, protocol } = advice;
  const { regions, latencyMs, byzantine, failures } = situation;
  const unit = unitMs(advice);
  return {
    name: 'the recommended protocol and one failure',
    protocol: stage.protocol,
    options: { ...stage.options(advice) },
    cluster_config: {
      nodes: participants(protocol, situation),
      failure_tolerance: failures,
      ...(regions.length === 0 ? {} : { regions: [...regions] }),
    },
    network_assumptions: { latency_ms: latencyMs, byzantine },
    ...(stage.level === undefined ? {} : { consistency_requirement: stage.level }),
    ...(stage.without === undefined ? {} : { invariants: invariantsOf(stage) }),
    workload: {
      clients: CLIENTS,
      operations: 'register',
      arrivals: {
        kind: 'closed',
        pause_min: `${Math.ceil(unit / 15)}ms`,
        pause_max: `${Math.ceil(unit / 5)}ms`,
      },
    },
    retry: {
      attempt_timeout_ms: patienceMs(advice),
      ...(stage.attempts === undefined ? {} : { max_attempts: stage.attempts }),
    },
    duration: `${durationMs}ms`,
  };
}
