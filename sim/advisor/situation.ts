/** A context with everything filled in that it leaves open, and why so. */
import { diskConfig, networkAssumptions } from '../scenario/schema-cluster.ts';
import type { Context } from './context.ts';
import type { Reason } from './reasons.ts';

export interface Situation {
  readonly problem: Context['problem_type'];
  readonly consistency: Context['consistency_requirement'];
  readonly nodes: number;
  /** f: how many nodes may fail at a time. */
  readonly failures: number;
  /** Each once; empty: one place. */
  readonly regions: readonly string[];
  /** The median one-way latency; with several regions, between the farthest of them. */
  readonly latencyMs: number;
  /** How long a disk takes to sync; the specification has no word for it. */
  readonly syncMs: number;
  /** The probability, per second, that a partition begins. */
  readonly partitionProbability: number;
  readonly byzantine: boolean;
}

/** What a scenario assumes that says nothing: the advisor assumes the same. */
const usual = {
  latencyMs: networkAssumptions.parse({}).latency_ms,
  syncMs: diskConfig.parse({}).sync_ms,
};

/** Fills in what a context leaves open; each guess is a reason. */
export function situationOf(context: Context): {
  readonly situation: Situation;
  readonly reasons: readonly Reason[];
} {
  const { problem_type: problem, cluster_config: cluster, network_assumptions: network } = context;
  const { byzantine } = network;
  const factor = byzantine ? 3 : 2;
  const formula = `${factor}f+1`;
  const nodes = cluster?.nodes ?? factor + 1;
  const failures = cluster?.failure_tolerance ?? Math.floor((nodes - 1) / factor);
  const { latency_ms: latencyMs = usual.latencyMs, partition_probability = 0 } = network;
  const reasons: Reason[] = [];
  const assume = (rule: string, because: string, source: string) =>
    void reasons.push({ rule, decides: 'situation', because, source });
  if (cluster === undefined) {
    const because = `no cluster is given: ${nodes} nodes are the fewest that survive one failure`;
    assume('fewest-nodes', because, `specification, validation rules (${formula})`);
  } else if (cluster.failure_tolerance === undefined) {
    const because = `no tolerance is given: f is ${failures}, the most that ${nodes} nodes allow`;
    assume('most-failures', because, `specification, validation rules (${formula})`);
  }
  if (network.latency_ms === undefined) {
    assume(
      'usual-latency',
      `no latency is given: a message is taken to travel ${latencyMs} ms one way`,
      "a scenario's own default (schema, network_assumptions)",
    );
  }
  // Nodes are dealt out in turn: more regions than nodes stay empty.
  const named = (cluster?.regions ?? []).filter((region) => region.trim() !== '');
  const regions = [...new Set(named)].slice(0, nodes);
  const situation: Situation = {
    problem,
    consistency: context.consistency_requirement,
    nodes,
    failures,
    regions,
    latencyMs,
    syncMs: usual.syncMs,
    partitionProbability: partition_probability,
    byzantine,
  };
  return { situation, reasons };
}

/** A message there, a message back, and both disks. */
export function roundTripMs({ latencyMs, syncMs }: Situation): number {
  return 2 * (latencyMs + syncMs);
}

export function isWide({ regions }: Situation): boolean {
  return regions.length > 1;
}

/** Nodes are dealt out to regions in turn, so the first has the most. */
export function nodesOfFirstRegion({ nodes, regions }: Situation): number {
  return Math.ceil(nodes / Math.max(1, regions.length));
}
