/** What a fault did, as a sentence. */
import { describeCommand, type FaultAction } from '../../engine/index.ts';
import type { Fault } from '../../faults/index.ts';
import { byzantineText, honestAgain, lieText, sinText } from './lie-words.ts';
import { list, ms, verb } from './words.ts';

/** Null when it changed nothing. `nodes` is how many there are. */
export function faultText(done: FaultAction, nodes: number): string | null {
  if ('skipped' in done) return null;
  const fault = done as Fault;
  if ('nodes' in fault && fault.nodes.length === 0) return null;
  switch (fault.kind) {
    case 'partition':
      return `the network splits: ${sides(fault.sides)}`;
    case 'flapping': {
      const turns = `${ms(fault.downUs)} cut, ${ms(fault.upUs)} whole`;
      return `the network splits and heals in turns (${turns}): ${sides(fault.sides)}`;
    }
    case 'bridge':
      return `${sides(fault.sides)} see each other only through ${list(fault.bridge)}`;
    case 'isolate': {
      const each = verb(fault.nodes.length, 'is', 'are each');
      return `${list(fault.nodes)} ${each} cut off from everybody`;
    }
    case 'one-way':
      return oneWayText(fault.from, fault.to, nodes);
    case 'majorities-ring':
      return 'every node sees a majority, but no two see the same one';
    case 'loss':
      return `${percent(fault.ppm)} of the messages${between(fault)} are lost`;
    case 'duplicate':
      return `${percent(fault.ppm)} of the messages${between(fault)} arrive twice`;
    case 'reorder':
      return `${percent(fault.ppm)} of the messages${between(fault)} are held back and overtaken`;
    case 'replay-old':
      return `${percent(fault.ppm)} of the messages${between(fault)} come once more when old`;
    case 'delay':
      return `messages${between(fault)} take some ${ms(fault.medianUs)} longer`;
    case 'crash':
      return `${list(fault.nodes)} ${verb(fault.nodes.length, 'crashes', 'crash')}`;
    case 'wipe':
      return wipeText(fault.nodes);
    case 'restart':
      return `${list(fault.nodes)} ${verb(fault.nodes.length, 'restarts', 'restart')}`;
    case 'pause':
      return `${list(fault.nodes)} ${verb(fault.nodes.length, 'stands', 'stand')} still`;
    case 'resume':
      return `${list(fault.nodes)} ${verb(fault.nodes.length, 'goes', 'go')} on`;
    case 'clock-step':
      return `${clocks(fault.nodes)} by ${fault.byUs < 0 ? '' : '+'}${ms(fault.byUs)}`;
    case 'clock-drift':
      return driftText(list(fault.nodes), fault.nodes.length, fault.ppm);
    case 'disk':
      return diskText(fault.problem, list(fault.nodes), fault.byUs ?? 0);
    case 'byzantine':
      return byzantineText(fault);
    case 'lie':
      return lieText(fault, done);
    case 'amnesia':
    case 'twin':
      return sinText(fault);
    case 'heal':
      return healText(done);
    case 'end':
      return endText(fault.what);
    case 'request':
      return `a client asks ${fault.node}: ${describeCommand(fault.command)}`;
    default:
      // Random and regional cuts were performed as one of the shapes above.
      return null;
  }
}

export const healed = 'the network heals';

function wipeText(nodes: readonly string[]): string {
  return `${list(nodes)} ${verb(nodes.length, 'loses its disk', 'lose their disks')}`;
}

function oneWayText(from: readonly string[], to: readonly string[], nodes: number): string {
  const isAll = new Set([...from, ...to]).size === nodes;
  const [one] = from;
  if (isAll && from.length === 1) return `nobody hears ${one} any more, but ${one} hears all`;
  if (isAll && to.length === 1) return `${to[0]} hears nobody any more, but all hear ${to[0]}`;
  return `what ${list(from)} sends to ${list(to)} is lost; the other way it passes`;
}

/** `n1 n4 | n2 n3 n5` */
function sides(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.join(' ')).join(' | ');
}

function between(fault: { readonly between?: readonly string[] }): string {
  return fault.between === undefined ? '' : ` from and to ${list(fault.between)}`;
}

function percent(ppm: number): string {
  return `${ppm / 10_000} %`;
}

function clocks(nodes: readonly string[]): string {
  const which = verb(nodes.length, 'the clock', 'the clocks');
  return `${which} of ${list(nodes)} ${verb(nodes.length, 'jumps', 'jump')}`;
}

function driftText(names: string, many: number, ppm: number): string {
  const clock = `${verb(many, 'the clock', 'the clocks')} of ${names} ${verb(many, 'runs', 'run')}`;
  if (ppm === 0) return `${clock} true again`;
  return `${clock} ${percent(Math.abs(ppm))} ${ppm < 0 ? 'slow' : 'fast'}`;
}

function diskText(problem: string, nodes: string, byUs: number): string {
  switch (problem) {
    case 'lying-fsync':
      return `the disk of ${nodes} says it has written, and has not`;
    case 'torn-write':
      return `the next crash of ${nodes} will leave its last write half done`;
    case 'lose-unsynced':
      return `${nodes} crashes in the middle of its writes`;
    case 'corrupt-entry':
      return `the next crash of ${nodes} will damage its log`;
    case 'slow':
      return `the disk of ${nodes} takes ${ms(byUs)} longer for every write`;
    default:
      return `the disk of ${nodes} is full`;
  }
}

/** `healed` has, for each class in which something ended, what. */
function healText(done: FaultAction): string | null {
  const classes = (done as { healed?: Readonly<Record<string, readonly string[]>> }).healed ?? {};
  const { partitions, messages, liars, clocks: set, disks, nodes } = classes;
  const parts = [
    partitions === undefined ? null : healed,
    messages === undefined ? null : 'the links are fair again',
    liars === undefined ? null : honestAgain,
    set === undefined ? null : 'clocks run true again',
    disks === undefined ? null : 'the disks are healthy again',
    nodes === undefined ? null : `${list(nodes)} ${verb(nodes.length, 'runs', 'run')} again`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('; ');
}

function endText(what: string): string {
  if (what === 'disk') return 'the disk is healthy again';
  if (what === 'byzantine') return honestAgain;
  const weather = ['loss', 'duplicate', 'delay', 'reorder', 'replay-old'];
  return weather.includes(what) ? 'the links are fair again' : healed;
}
