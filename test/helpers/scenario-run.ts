/** Runs a scenario that a test writes down, and lets it look at every event. */
import { run, runPrefix, timed, World } from '../../sim/engine/index.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { catalogue } from '../../sim/registry/index.ts';

/** The world at the end; throws when a step of the script is impossible. */
export function runText(
  text: string,
  seed: string,
  look: (world: World) => void = () => {},
): World {
  const subject = subjectOf(text, 'test.yaml', catalogue);
  const { world: config, prefix, continues, limits } = subject.prepare(seed);
  const world: World = new World(config, timed, { afterEvent: () => look(world) });
  const failure = runPrefix(world, prefix);
  if (failure !== null) throw new Error(`step ${failure.step}: ${failure.reason}`);
  if (continues) run(world, limits);
  return world;
}

/** Under these a protocol has to keep its promises, whatever they do to its speed. */
export const everyFault =
  'kinds: [crashes, partitions, pauses, clocks, messages, disks], every: 1s';
