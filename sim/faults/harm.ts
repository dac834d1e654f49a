/** Whether the faults in force still excuse a cluster from making progress. */
import type { NodeRuntime, World } from '../engine/index.ts';
import { isLying } from './byzantine.ts';
import { decidersOf } from './electorate.ts';
import { groups } from './links.ts';
import { WeatherRule } from './messages.ts';
import { cutsInForce } from './partition.ts';

/**
 * True unless some group with a quorum of the voters is left in peace: its nodes are up, with
 * true-running clocks and disks that write at their usual speed; every link within it is open both
 * ways, in fair weather; and no link, in either direction, joins it to a node outside that runs. So
 * a node that stays down or a minority that stays cut off is no harm: the others must go on without
 * it. A leader that half of the nodes do not hear is, for it may disturb an election for ever. So
 * is a node that lies, until it is made to stop.
 */
export function isHarmed(world: World): boolean {
  const running = world.nodes.filter(({ status }) => status === 'up').map(({ index }) => index);
  const decides = decidersOf(world);
  if (isLying(world) || !decides(running)) return true;
  const cuts = cutsInForce(world);
  const weather = world.network.inForce.filter((rule) => rule instanceof WeatherRule);
  const isShut = (a: number, b: number) => cuts.some((cut) => !cut.flaps && cut.severs(a, b));
  const isTroubled = (a: number, b: number) =>
    cuts.some((cut) => cut.severs(a, b)) || weather.some((rule) => rule.touches(a, b));
  const isQuiet = cuts.length === 0 && weather.length === 0;
  const reach = isQuiet ? [running] : groups(running, (a, b) => !isShut(a, b) || !isShut(b, a));
  const inPeace = reach.some(
    (group) =>
      decides(group) &&
      group.every((index) => isHealthy(world.nodes[index] as NodeRuntime)) &&
      (isQuiet || group.every((a) => group.every((b) => a === b || !isTroubled(a, b)))),
  );
  return !inPeace;
}

/** Lies, tears and rot on a disk do not slow anybody down: they show after a crash. */
function isHealthy({ clock, disk }: NodeRuntime): boolean {
  return clock.driftPpm === 0 && !disk.faults.full && disk.faults.slowUs === 0;
}
