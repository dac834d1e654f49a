/** Searches over Raft for tests and benchmarks: small worlds in which errors show soon. */
import { raftInvariants } from '../../invariants/raft/index.ts';
import { liveness } from '../../invariants/raft/liveness.ts';
import { raftMutants, type RaftMutant } from '../../protocols/raft/mutants/index.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';
import type { Invariant } from '../../sim/engine/index.ts';
import { defaultPortfolio, defaultScope } from '../../sim/search/index.ts';
import type { MakeWorld, Portfolio, Scope, Search } from '../../sim/search/index.ts';
import { raftWorld } from './raft-world.ts';

/** A snapshot takes a log first, and old messages are its enemies. */
const deep: Partial<Scope> = { duplicates: 8, operations: 6 };

export interface RaftSearch {
  readonly seed?: string;
  readonly nodes?: number;
  readonly clients?: number;
  readonly mutant?: string;
  readonly scope?: Partial<Scope>;
  readonly portfolio?: Portfolio;
  readonly options?: Partial<RaftOptions>;
  readonly invariants?: readonly Invariant[];
  readonly diskSyncUs?: number;
}

/** The mutant's own needs decide what its world is like. */
export function raftSearch(wanted: RaftSearch = {}): Search {
  const mutant = raftMutants.find(({ id }) => id === wanted.mutant);
  const { nodes = mutant === undefined ? 3 : nodesFor(mutant), clients = 0 } = wanted;
  const needs = mutant?.needs ?? [];
  const options: Partial<RaftOptions> = {
    maxEntriesPerAppend: 1,
    snapshotThreshold: needs.includes('snapshot') ? 2 : 0,
    // In pieces only where an error is about pieces: each costs a round trip.
    snapshotChunkSize: needs.includes('snapshot') && needs.includes('duplicate') ? 60 : 4096,
    ...mutant?.options,
    ...wanted.options,
  };
  const makeWorld: MakeWorld = (seed, strategy) =>
    raftWorld({
      seed,
      strategy,
      nodes,
      clients,
      mutants: mutant === undefined ? [] : [mutant.id],
      options,
      invariants: wanted.invariants ?? raftInvariants,
      diskSyncUs: wanted.diskSyncUs ?? (needs.includes('disk') ? 500 : 0),
      careful: false,
    });
  return {
    makeWorld,
    scope: { ...defaultScope, ...(needs.includes('snapshot') ? deep : {}), ...wanted.scope },
    portfolio: wanted.portfolio ?? defaultPortfolio,
    seed: wanted.seed ?? '1',
  };
}

/** Three nodes, or five when the error needs more than three to show. */
function nodesFor({ minNodes }: RaftMutant): number {
  return minNodes <= 3 ? 3 : 5;
}

/** What a search can find: no controls, and nothing that only time or a history shows. */
export const searchable: readonly RaftMutant[] = raftMutants.filter(
  ({ control, violates }) =>
    control === undefined && violates[0] !== liveness.id && violates[0] !== 'history/exactly-once',
);
