/** Violating runs of Raft's mutants for the tests of shrinking, each from a stated seed. */
import type { WorldConfig } from '../../sim/engine/index.ts';
import { variantOf, worldsOf, type ShrinkRequest } from '../../sim/shrink/index.ts';
import { raftMutants } from '../../protocols/raft/mutants/index.ts';
import { findViolation, type Hunt } from '../helpers/random-schedule.ts';
import { raftWorld, type RaftWorld } from '../helpers/raft-world.ts';

/** The invariants that schedules alone put to the test: time has no part in them. */
function safetyOf(id: string): readonly string[] {
  const mutant = raftMutants.find((one) => one.id === id);
  return mutant?.violates.filter((invariant) => invariant !== 'raft/liveness') ?? [];
}

export function requestFor(config: WorldConfig, found: Found): ShrinkRequest {
  return {
    makeWorld: worldsOf(config),
    variant: variantOf(config),
    ...found,
  };
}

type Found = Pick<ShrinkRequest, 'steps' | 'violation'>;

/** The first violating walk of a mutant from a seed on. */
export function violatingRun(id: string, hunt: Hunt = {}, wanted: RaftWorld = {}): ShrinkRequest {
  const options = { clients: 2, diskSyncUs: 0, careful: false, mutants: [id], ...wanted };
  const config = raftWorld(options).config;
  const walk = findViolation(() => raftWorld(options), {
    maxEvents: 150,
    invariants: safetyOf(id),
    ...hunt,
  });
  if (walk === null) throw new Error(`no walk violates what ${id} breaks`);
  return requestFor(config, { steps: walk.steps, violation: walk.violation });
}
