/** Makes the museum's traces: finds violations of each mutant, shrinks them, keeps the shortest. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { RaftMutant } from '../../protocols/raft/mutants/index.ts';
import {
  runPrefix,
  timed,
  World,
  type Violation,
  type WorldConfig,
} from '../../sim/engine/index.ts';
import { parseStep, scriptSteps, type ScriptStep } from '../../sim/scenario/index.ts';
import { defaultPortfolio, defaultScope, explore, StepNotes } from '../../sim/search/index.ts';
import {
  applyVariant,
  recordSteps,
  scheduleOf,
  shrink,
  shrunkScenario,
  storyText,
  variantOf,
  worldsOf,
  type Shrunk,
} from '../../sim/shrink/index.ts';
import { readTrace, type Step } from '../../sim/trace/index.ts';
import { catalogueText, exhibits, folder, prepareText, safetyOf, scenarioOf } from './exhibits.ts';
import { tracesOf } from './traces.ts';

/** Violations that are looked for in each mutant, and runs of the search for each of them. */
const STARTS = 6;
const RUNS = 60_000;

interface Start {
  readonly seed: string;
  readonly steps: readonly Step[];
  readonly violation: Violation;
}

function main(args: readonly string[]): void {
  const ids = args.filter((arg) => !arg.startsWith('--'));
  for (const mutant of exhibits) {
    if (ids.length === 0 || ids.includes(mutant.id)) make(mutant, args.includes('--anew'));
  }
  writeFileSync('traces/README.md', catalogueText(tracesOf(folder)));
}

function make(mutant: RaftMutant, anew: boolean): void {
  const text = scenarioOf(mutant);
  const config = prepareText(text, mutant.id).world;
  let best: { readonly shrunk: Shrunk; readonly seed: string } | null = null;
  const lengths: number[] = [];
  for (const start of [...scripted(mutant, config), ...searched(mutant, config)]) {
    const shrunk = shrinkIn({ ...config, seed: start.seed }, start);
    if (shrunk === null) continue;
    lengths.push(shrunk.steps.length);
    const isBest = best === null || shrunk.steps.length < best.shrunk.steps.length;
    if (isBest && isSayable(config, start.seed, shrunk)) best = { shrunk, seed: start.seed };
  }
  const path = `${folder}/${mutant.id}.msgpack`;
  const known = existsSync(path) && !anew ? readTrace(readFileSync(path)).trace : null;
  const length = best?.shrunk.steps.length ?? Infinity;
  process.stdout.write(
    `${mutant.id}: ${lengths.join(' ')} (kept: ${known?.events.length ?? '-'})\n`,
  );
  if (best === null || length >= (known?.events.length ?? Infinity)) return;
  writeFileSync(path, record(mutant, text, best.shrunk, best.seed));
  process.stdout.write(`${storyText(best.shrunk)}\n`);
}

function shrinkIn(config: WorldConfig, { steps, violation }: Start): Shrunk | null {
  return shrink({
    makeWorld: worldsOf(config),
    variant: variantOf(config),
    steps,
    violation,
  });
}

/** The script that the mutant brings along. */
function scripted({ script }: RaftMutant, config: WorldConfig): Start[] {
  if (script?.nodes !== config.nodes) return [];
  const world = new World(config, timed);
  const notes = new StepNotes();
  notes.watch(world);
  const names = { nodes: script.nodes, clients: 0, regions: [] };
  runPrefix(
    world,
    scriptSteps(
      script.steps.map((step) => parsed(step, names)),
      Infinity,
    ),
  );
  const { violation } = world;
  return violation === null ? [] : [{ seed: config.seed, steps: notes.steps, violation }];
}

function parsed(step: string, names: Parameters<typeof parseStep>[1]): ScriptStep {
  const result = parseStep(step, names);
  if (typeof result === 'string') throw new Error(`${step}: ${result}`);
  return result;
}

function* searched(mutant: RaftMutant, config: WorldConfig): Generator<Start> {
  for (let number = 1; number <= STARTS; number++) {
    const { found } = explore(
      {
        makeWorld: (seed, strategy) => new World({ ...config, seed }, strategy),
        scope: defaultScope,
        portfolio: defaultPortfolio,
        seed: `museum ${number}`,
      },
      { runs: RUNS },
    );
    if (found === null) return;
    const { worldSeed, steps, violation } = found;
    if (safetyOf(mutant).includes(violation.invariant)) yield { seed: worldSeed, steps, violation };
  }
}

function scheduleIn(config: WorldConfig, seed: string, { steps, variant }: Shrunk) {
  return scheduleOf(new World(applyVariant({ ...config, seed }, variant), timed), steps);
}

/** Whether each of its steps has a name of its own, for a schedule of the trace's scenario. */
function isSayable(config: WorldConfig, seed: string, shrunk: Shrunk): boolean {
  return scheduleIn(config, seed, shrunk) !== null;
}

function record(mutant: RaftMutant, text: string, shrunk: Shrunk, seed: string): Uint8Array {
  const schedule = scheduleIn(prepareText(text, mutant.id).world, seed, shrunk) ?? [];
  const own = shrunkScenario(text, shrunk, schedule, seed);
  const prepared = prepareText(own, mutant.id);
  const about = { engine: '0', file: `${mutant.id}.yaml`, text: own, mutants: [mutant.id] };
  const { bytes, world } = recordSteps(prepared.world, shrunk.steps, about);
  if (world.violation?.invariant !== shrunk.violation.invariant) {
    throw new Error(
      `${mutant.id}: the recorded run does not violate ${shrunk.violation.invariant}`,
    );
  }
  return bytes;
}

main(process.argv.slice(2));
