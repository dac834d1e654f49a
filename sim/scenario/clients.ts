/** A scenario's clients: workload, behaviour and retries, in the shapes that the engine takes. */
import type { ClientProtocol, ClientsConfig, HistorySink, Plain } from '../engine/index.ts';
import { createWorkload, type OperationsConfig as Operations } from '../history/workload.ts';
import type { ArrivalsConfig } from '../history/arrivals.ts';
import type { Scenario } from './schema.ts';
import { inFull, type OperationsConfig, type WorkloadConfig } from './schema-clients.ts';

/** Null when there are none. */
export function clientsOf(
  scenario: Scenario,
  protocol: ClientProtocol,
  history: HistorySink | null,
): ClientsConfig | null {
  const { workload } = scenario;
  if (workload === undefined || workload.clients === 0) return null;
  return {
    count: workload.clients,
    protocol,
    options: clientOptions(scenario),
    workload: createWorkload({
      clients: workload.clients,
      operations: operationsOf(inFull(workload.operations)),
      arrivals: arrivalsOf(workload.arrivals),
      limit: workload.limit ?? null,
      updates: workload.updates ?? null,
    }),
    history,
  };
}

/** What every client is started with: `ClientOptions` of protocols/common/client.ts. */
function clientOptions(scenario: Scenario): Plain {
  const { retry, network_assumptions: network } = scenario;
  return {
    requestTimeoutMs: retry.attempt_timeout_ms ?? Math.max(1000, 20 * largestLatencyMs(scenario)),
    retry: {
      maxAttempts: retry.max_attempts,
      initialDelayMs: retry.initial_delay_ms,
      maxDelayMs: retry.max_delay_ms,
      multiplier: retry.multiplier,
      jitterFactor: retry.jitter_factor,
      retryOn: retry.retry_on,
      abortOn: retry.abort_on,
    },
    requestsMayDuplicate: network.duplicate > 0 || duplicatesRequests(scenario),
  };
}

/** Whether a fault or a step of the script may bring a request twice. */
function duplicatesRequests({ faults, schedule }: Scenario): boolean {
  const doubles = (entry: object) => 'duplicate' in entry || 'replay-old' in entry;
  return (
    faults.some(doubles) ||
    schedule.some((step) =>
      typeof step === 'string' ? step.trim().startsWith('duplicate') : doubles(step),
    )
  );
}

/** The largest median one-way latency of any link, in milliseconds. */
export function largestLatencyMs({ network_assumptions: network }: Scenario): number {
  const rows = Object.values(network.region_latency_ms ?? {});
  return Math.max(network.latency_ms, ...rows.flatMap((row) => Object.values(row)));
}

function operationsOf(config: OperationsConfig): Operations {
  const readPercent = percent(config.reads);
  switch (config.kind) {
    case 'register': {
      const { kind, cas, values } = config;
      return { kind, readPercent, casPercent: percent(cas), distinctValues: values ?? null };
    }
    case 'map': {
      const { kind, cas, values, deletes } = config;
      const casPercent = percent(cas);
      const writes = {
        casPercent,
        distinctValues: values ?? null,
        deletePercent: percent(deletes),
      };
      return { kind, readPercent, ...writes, ...keyChoice(config) };
    }
    case 'append':
      return {
        kind: config.kind,
        readPercent,
        putPercent: percent(config.puts),
        ...keyChoice(config),
      };
    case 'counter':
      return { kind: config.kind, readPercent, maxStep: config.max_step, ...keyChoice(config) };
    case 'list-append': {
      const { kind, keys, max_steps: maxSteps, renew_after: renewAfter } = config;
      return { kind, readPercent, keys, maxSteps, renewAfter };
    }
    case 'bank': {
      const { kind, accounts, opening, max_amount: maxAmount } = config;
      return { kind, readPercent, accounts, opening, maxAmount };
    }
  }
}

function keyChoice(config: { keys: number; hot_keys: number; hot: number }) {
  return { keys: config.keys, hotKeys: config.hot_keys, hotPercent: percent(config.hot) };
}

function arrivalsOf(config: WorkloadConfig['arrivals']): ArrivalsConfig {
  if (config.kind !== 'closed') return { kind: config.kind, perSecond: config.per_second };
  const { kind, pause_min: least, pause_max: most } = config;
  return { kind, pauseMinMs: least / 1000, pauseMaxMs: Math.max(least, most) / 1000 };
}

function percent(share: number): number {
  return Math.round(share * 100);
}
