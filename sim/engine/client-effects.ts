/** The effects of clients: one object per world, aimed at a client before each call. */
import { assert } from './assert.ts';
import type { ClientsConfig } from './clients.ts';
import { EventKind, type Answer, type PendingEvent } from './event.ts';
import { disarm, type ClientRuntime } from './node.ts';
import type { ClientEffects, Completion, NodeId, Plain, Request, Signature } from './protocol.ts';
import { signAs } from './signatures.ts';
import type { World } from './world.ts';

export class ClientActions implements ClientEffects {
  self = '';
  private readonly world: World;
  private client!: ClientRuntime; // `of` aims before every call.

  constructor(world: World) {
    this.world = world;
  }

  get nodes(): readonly NodeId[] {
    return this.world.nodeIds;
  }

  of(client: ClientRuntime): this {
    this.client = client;
    this.self = client.id;
    return this;
  }

  now(): number {
    return this.world.now / 1000;
  }

  send(to: NodeId, request: Request): void {
    const index = this.world.actorIndex.get(to);
    if (index === undefined) throw new Error(`there is no node ${to}`);
    this.world.transmit(EventKind.request, this.actor, index, request);
  }

  setTimer(timer: string, atLeastMs: number, atMostMs: number): void {
    const { world, client } = this;
    const least = Math.round(atLeastMs * 1000);
    const range = Math.round(atMostMs * 1000) - least;
    const deadline = world.now + least + this.choose(range + 1);
    const { schedule, eventIndex } = world;
    schedule.arm(EventKind.clientTimer, client.timers, this.actor, timer, '', deadline, eventIndex);
  }

  cancelTimer(timer: string): void {
    disarm(this.client.timers, timer, '');
  }

  readonly choose = (bound: number): number => {
    const { world } = this;
    return world.draws.draw(world.draws.streams.actor(this.actor), world.now, bound);
  };

  sign(payload: Plain): Signature {
    const signature = signAs(this.world, this.self, payload);
    this.world.adversary?.signed(signature, payload);
    return signature;
  }

  complete(completion: Completion): void {
    const { world, client } = this;
    const { index, open } = client;
    assert(open !== null, 'only an open operation can end');
    client.open = null;
    const config = world.clientsConfig as ClientsConfig;
    config.history?.completed(index, open.sequence, completion, world.now, world.eventIndex);
    world.observer?.onOutcome?.(index, open.sequence, completion);
    config.workload.ended?.(index, open.command, completion);
    const pauseUs = config.workload.pauseUs(index, client.sequence, this.choose, world.now);
    this.planNext(pauseUs);
  }

  /** Schedules this client's next operation. */
  planNext(afterUs: number): void {
    const { world } = this;
    const at = world.now + afterUs;
    world.schedule.add(EventKind.invoke, at, this.actor, -1, null, '', '', world.eventIndex);
  }

  /** Lets an event happen to a client. */
  deliver(event: PendingEvent): void {
    const { world } = this;
    const config = world.clientsConfig as ClientsConfig;
    const client = world.ownClient(event.actor - world.nodes.length);
    this.of(client);
    if (event.kind === EventKind.invoke) {
      const sequence = client.sequence + 1;
      const command = config.workload.next(client.index, sequence, this.choose);
      if (command === null) return;
      client.sequence = sequence;
      client.open = { client: client.id, sequence, command, attempt: 1 };
      config.history?.invoked(client.index, sequence, command, world.now, world.eventIndex);
      config.protocol.onOperation(client.state, client.open, this);
    } else if (event.kind === EventKind.response) {
      const { sequence, response } = event.payload as Answer;
      const from = world.nodeIds[event.from] as NodeId;
      config.protocol.onResponse(client.state, from, sequence, response, this);
    } else {
      config.protocol.onTimer(client.state, event.name, this);
    }
  }

  private get actor(): number {
    return this.world.nodes.length + this.client.index;
  }
}
