/** A shrunk run as a trace that replays strictly. */
import { timed, World, type WorldConfig } from '../engine/index.ts';
import { followSteps, joinParts, Recorder, type About, type Step } from '../trace/index.ts';

export interface Recording {
  readonly bytes: Uint8Array;
  /** The world after the last step. */
  readonly world: World;
}

/**
 * Performs the steps in a world of this configuration (that of the prepared scenario whose text
 * `about` has) and writes everything down.
 */
export function recordSteps(config: WorldConfig, steps: readonly Step[], about: About): Recording {
  const parts: Uint8Array[] = [];
  const recorder = new Recorder(about, { ...timed, name: 'shrunk', order: 'untimed' }, (part) =>
    parts.push(part),
  );
  const world = new World(config, recorder.strategy, recorder);
  recorder.begin(world);
  followSteps(world, steps);
  if (world.violation === null) world.finish();
  recorder.finish(world.violation === null ? 'quiet' : 'violation');
  return { bytes: joinParts(parts), world };
}
