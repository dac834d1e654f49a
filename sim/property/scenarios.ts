/** Whole scenarios as a fast-check arbitrary: cluster, clients, network, faults and times. */
import type * as fc from 'fast-check';
import { Drafted, fewer, smaller } from './drafted.ts';
import { drawFaults, faultEntry, sooner } from './fault-plans.ts';
import type { FaultDraft, FaultPlansOptions } from './fault-plans.ts';
import { GeneratedScenario } from './generated.ts';
import { drawOperations, shorter, workloadOf } from './operations.ts';
import type { ClientOperationsOptions, OperationsDraft } from './operations.ts';
import type { ProtocolModule, SubjectInput } from './subject.ts';

export interface ScenariosOptions {
  /** What all have in common: the protocol, its options, mutants, what is expected. */
  readonly base: Omit<SubjectInput, 'cluster_config'>;
  /** What the module exports when `base.protocol` is the path of one. */
  readonly module?: ProtocolModule;
  /** The smallest and the largest cluster; default [3, 5]. */
  readonly nodes?: readonly [number, number];
  /** Default: as in `clientOperations`; sometimes there are no clients at all. */
  readonly clients?: ClientOperationsOptions;
  /** Default: as in `faultPlans`. */
  readonly faults?: Omit<FaultPlansOptions, 'nodes'>;
  /** Every scenario lasts at least so long after its last fault; default 10,000. */
  readonly peaceMs?: number;
}

interface Draft {
  readonly nodes: number;
  readonly faults: readonly FaultDraft[];
  readonly operations: OperationsDraft;
  readonly latencyMs: number;
  readonly seed: number;
}

/** Drops faults, then clients, then nodes, then shortens times. */
export function scenarios(options: ScenariosOptions): fc.Arbitrary<GeneratedScenario> {
  const { nodes: [least, most] = [3, 5], clients = {}, faults = {} } = options;
  return new Drafted<Draft, GeneratedScenario>({
    draw: (mrng) => ({
      nodes: mrng.nextInt(least, most),
      faults: drawFaults(mrng, faults),
      operations: drawOperations(mrng, clients, 0),
      latencyMs: mrng.nextInt(1, 50),
      seed: mrng.nextInt(0, 0x7fff_ffff),
    }),
    make: (draft) =>
      new GeneratedScenario(inputOf(draft, options), String(draft.seed), options.module),
    simpler: (draft) => simpler(draft, least),
  });
}

function* simpler(draft: Draft, least: number): Generator<Draft> {
  const { operations } = draft;
  for (const faults of fewer(draft.faults)) yield { ...draft, faults };
  for (const clients of smaller(operations.clients, 0)) {
    yield { ...draft, operations: { ...operations, clients } };
  }
  for (const fewerOperations of shorter(operations)) {
    yield { ...draft, operations: fewerOperations };
  }
  for (const nodes of smaller(draft.nodes, least)) yield { ...draft, nodes };
  for (const faults of sooner(draft.faults)) yield { ...draft, faults };
  for (const latencyMs of smaller(draft.latencyMs, 1)) yield { ...draft, latencyMs };
}

function inputOf(draft: Draft, { base, peaceMs = 10_000 }: ScenariosOptions): SubjectInput {
  const { nodes, faults, operations, latencyMs, seed } = draft;
  const lastMs = Math.max(0, ...faults.map(({ atMs, forMs }) => atMs + forMs));
  return {
    ...base,
    cluster_config: { nodes },
    network_assumptions: { ...base.network_assumptions, latency_ms: latencyMs },
    ...(operations.clients === 0 ? {} : { workload: workloadOf(operations) }),
    ...(faults.length === 0 ? {} : { faults: faults.map((fault) => faultEntry(fault, nodes)) }),
    duration: `${lastMs + peaceMs}ms`,
    seed,
    // Drawn faults may be more than the cluster tolerates.
    beyond_tolerance: true,
  };
}
