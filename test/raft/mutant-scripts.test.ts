/** Every script of a mutant: the named invariant fires at its last step, clean Raft is silent. */
import { describe, expect, test } from 'vitest';
import { raftMutants, type RaftMutant, type Script } from '../../protocols/raft/mutants/index.ts';
import { runPrefix, type World } from '../../sim/engine/index.ts';
import { parseStep, type ScriptStep } from '../../sim/scenario/script-grammar.ts';
import { scriptSteps } from '../../sim/scenario/script.ts';
import { raftWorld } from '../helpers/raft-world.ts';

const scripted = raftMutants.filter(
  (mutant): mutant is RaftMutant & { script: Script } => mutant.script !== undefined,
);

describe('every scripted mutant', () => {
  test.each(scripted.map((mutant) => [mutant.id, mutant] as const))(
    '%s violates its invariant at the last step, and not before',
    (id, { violates, script }) => {
      const world = scriptedWorld(script, [id]);
      expect(perform(world, script, script.steps.length - 1)).toBeNull();
      expect(world.violation).toBeNull();
      expect(perform(world, script, script.steps.length, script.steps.length - 1)).toBeNull();
      expect(world.violation?.invariant).toBe(violates[0]);
    },
  );

  test.each(scripted.map((mutant) => [mutant.id, mutant] as const))(
    'clean Raft refuses or survives the script of %s',
    (_id, { script }) => {
      const world = scriptedWorld(script, []);
      perform(world, script, script.steps.length);
      expect(world.violation).toBeNull();
    },
  );

  test('at least twenty of them have a script', () => {
    expect(scripted.length).toBeGreaterThanOrEqual(20);
  });
});

function scriptedWorld(script: Script, mutants: readonly string[]): World {
  const { nodes, options = {}, diskSyncUs = 0 } = script;
  return raftWorld({ nodes, options, diskSyncUs, mutants });
}

/** Performs steps [from, to); returns why a step could not be done, or null. */
function perform(world: World, script: Script, to: number, from = 0): string | null {
  const names = { nodes: world.nodeIds.length, clients: 0, regions: [] };
  const steps = script.steps.slice(from, to).map((text): ScriptStep => {
    const step = parseStep(text, names);
    if (typeof step === 'string') throw new Error(`${text}: ${step}`);
    return step;
  });
  const failure = runPrefix(world, scriptSteps(steps, Infinity));
  return failure === null ? null : `${script.steps[from + failure.step]}: ${failure.reason}`;
}
