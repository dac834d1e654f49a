/** From a handler's send to pending deliveries: asks the network, schedules the copies. */
import { deepFreeze } from './clone.ts';
import type { EventKind, Payload, PendingEvent } from './event.ts';
import type { Packet } from './network.ts';
import type { World } from './world.ts';

export class Transport {
  private readonly world: World;
  private readonly packet: MutablePacket;
  private readonly delays: number[] = [];

  constructor(world: World) {
    this.world = world;
    this.packet = new MutablePacket(world);
  }

  /** `from` and `to` are actors. */
  transmit(kind: EventKind, from: number, to: number, payload: Payload): void {
    const { world, packet, delays } = this;
    if (world.config.careful) deepFreeze(payload);
    packet.aim(from, to, payload);
    world.counters.sent++;
    const dropped = world.network.route(packet, world.actors, delays);
    if (dropped !== null) world.counters.dropped++;
    for (let i = 0; i < delays.length; i++) {
      const at = world.now + (delays[i] as number);
      const event = world.schedule.add(kind, at, to, from, payload, '', '', world.eventIndex);
      if (world.adversary !== null) world.adversary.sent(world, event);
    }
    world.observer?.onSend?.({ from, to, payload, dropped });
  }
}

/** Puts a copy of a message on its way once more: a duplicate, an old packet. */
export function retransmit(world: World, event: PendingEvent, afterUs: number): void {
  const { kind, actor, from, payload } = event;
  world.schedule.add(kind, world.now + afterUs, actor, from, payload, '', '', world.eventIndex);
}

/** The one packet that a world shows to its network's rules, filled anew for each message. */
class MutablePacket implements Packet {
  from = 0;
  to = 0;
  payload: Payload = null;
  private stream = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  get now(): number {
    return this.world.now;
  }

  aim(from: number, to: number, payload: Payload): void {
    this.from = from;
    this.to = to;
    this.payload = payload;
    this.stream = this.world.draws.streams.link(from, to);
  }

  readonly draw = (bound: number): number =>
    this.world.draws.draw(this.stream, this.world.now, bound);

  latency(): number {
    return this.world.network.drawLatency(this.from, this.to, this.draw);
  }
}
