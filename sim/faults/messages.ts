/** Weather on links: loss, duplicates, delay, reordering, old packets. Each is one rule. */
import { drop, latencyOf, pass } from '../engine/index.ts';
import type { Packet, Rule, Verdict, World } from '../engine/index.ts';
import type { MessageFault } from './fault.ts';
import { namesOf, resolve } from './nodes.ts';
import type { Performed } from './performed.ts';

const PREFIX = 'weather: ';
const MILLION = 1_000_000;

/** An old packet is this many median latencies old. */
const OLD_LEAST = 4;
const OLD_MOST = 200;

/**
 * One fault on the messages of some links. It has no memory: that an old packet comes once more is
 * decided when it is sent, so the draws of one message never depend on another's.
 */
export class WeatherRule implements Rule {
  readonly name: string;
  /** Whether it acts on the link. */
  readonly touches: (from: number, to: number) => boolean;
  private readonly fault: MessageFault;
  private readonly world: { readonly spread: number; medianUs(from: number, to: number): number };

  constructor(world: World, fault: MessageFault) {
    const { network } = world;
    this.name = weatherName(fault);
    this.fault = fault;
    this.touches = linksOf(world, fault.between);
    this.world = {
      spread: network.config.spread,
      medianUs: (from, to) => network.medianUs(from, to),
    };
  }

  judge(packet: Packet): Verdict {
    const { fault } = this;
    if (fault.kind !== 'loss' || !this.touches(packet.from, packet.to)) return pass;
    return packet.draw(MILLION) < fault.ppm ? drop : pass;
  }

  shape(packet: Packet, delays: number[]): void {
    const { fault } = this;
    if (fault.kind === 'loss' || !this.touches(packet.from, packet.to)) return;
    const draw = (bound: number) => packet.draw(bound);
    switch (fault.kind) {
      case 'delay':
        for (let i = 0; i < delays.length; i++) {
          const more = latencyOf(fault.shape, fault.medianUs, this.world.spread, draw);
          delays[i] = (delays[i] as number) + more;
        }
        break;
      case 'reorder':
        if (draw(MILLION) < fault.ppm) delays[0] = (delays[0] as number) + 1 + draw(fault.byUs);
        break;
      case 'duplicate':
        if (draw(MILLION) < fault.ppm) delays.push(packet.latency());
        break;
      case 'replay-old':
        if (draw(MILLION) < fault.ppm) {
          const median = this.world.medianUs(packet.from, packet.to);
          delays.push(OLD_LEAST * median + draw((OLD_MOST - OLD_LEAST) * median + 1));
        }
        break;
    }
  }

  fork(): this {
    return this;
  }
}

/** Changes the weather; the same weather twice is one. */
export function performWeather(world: World, fault: MessageFault): Performed {
  const { between } = fault;
  const done: MessageFault =
    between === undefined ? fault : { ...fault, between: namesOf(world, resolve(world, between)) };
  if (world.network.has(weatherName(done))) return { done, undo: null };
  world.network.add(new WeatherRule(world, done));
  return { done, undo: { kind: 'end', what: done.kind, fault: done } };
}

/** Ends one kind of weather, or all; returns what each was. What is on its way still arrives. */
export function endWeather(world: World, only: MessageFault | null = null): string[] {
  const wanted = only === null ? null : weatherName(only);
  const gone = world.network.remove((name) =>
    wanted === null ? name.startsWith(PREFIX) : name === wanted,
  );
  return gone.map((name) => name.slice(PREFIX.length));
}

/** Links between nodes; with `between`, those that touch one of these; clients when named. */
function linksOf(
  world: World,
  between: readonly string[] | undefined,
): (from: number, to: number) => boolean {
  const nodes = world.nodes.length;
  if (between === undefined) return (from, to) => from < nodes && to < nodes;
  const named = new Uint8Array(world.actors);
  for (const actor of resolve(world, between)) named[actor] = 1;
  return (from, to) => {
    if (from >= nodes) return named[from] === 1;
    if (to >= nodes) return named[to] === 1;
    return named[from] === 1 || named[to] === 1;
  };
}

/** `weather: loss 100000 ppm at n1`: who dropped a message, and the same for the same weather. */
function weatherName(fault: MessageFault): string {
  const where = fault.between === undefined ? '' : ` at ${fault.between.join(',')}`;
  switch (fault.kind) {
    case 'delay':
      return `${PREFIX}delay ${fault.medianUs} us ${fault.shape}${where}`;
    case 'reorder':
      return `${PREFIX}reorder ${fault.ppm} ppm by ${fault.byUs} us${where}`;
    default:
      return `${PREFIX}${fault.kind} ${fault.ppm} ppm${where}`;
  }
}
