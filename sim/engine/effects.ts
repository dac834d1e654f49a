/** The effects of nodes' handlers: one object per world, aimed at an actor before each call. */
import { assert } from './assert.ts';
import { pick } from './clone.ts';
import type { Disk } from './disk.ts';
import { EventKind, type Answer } from './event.ts';
import { disarm, type NodeRuntime } from './node.ts';
import type {
  AnyMessage,
  Effects,
  LogEvent,
  NodeId,
  Plain,
  RequestId,
  Response,
  Signature,
  WriteToken,
} from './protocol.ts';
import { signAs } from './signatures.ts';
import type { World } from './world.ts';

export class NodeActions implements Effects<AnyMessage, string> {
  self: NodeId = '';
  private readonly world: World;
  private node!: NodeRuntime; // `of` aims before every call.
  /** Writes that were durable at once and whose protocol is still to be told. */
  private written: WriteToken[] = [];

  constructor(world: World) {
    this.world = world;
  }

  get nodes(): readonly NodeId[] {
    return this.world.nodeIds;
  }

  /** Aims at a node. */
  of(node: NodeRuntime): this {
    this.node = node;
    this.self = node.id;
    return this;
  }

  now(): number {
    return this.node.clock.read(this.world.now) / 1000;
  }

  send(to: NodeId, message: AnyMessage): void {
    const index = this.world.actorIndex.get(to);
    if (index === undefined) throw new Error(`there is no node ${to}`);
    this.emit(EventKind.message, index, message);
  }

  respond(request: RequestId, response: Response): void {
    const index = this.world.actorIndex.get(request.client);
    if (index === undefined) return;
    const answer: Answer = { sequence: request.sequence, response };
    this.emit(EventKind.response, index, answer);
  }

  setTimer(timer: string, atLeastMs: number, atMostMs: number, key = ''): void {
    const { world, node } = this;
    const least = Math.round(atLeastMs * 1000);
    const range = Math.round(atMostMs * 1000) - least;
    const stream = world.draws.streams.actor(node.index);
    const local = least + world.draws.draw(stream, world.now, range + 1);
    const deadline = world.now + node.clock.duration(local);
    const { schedule, eventIndex } = world;
    schedule.arm(EventKind.timer, node.timers, node.index, timer, key, deadline, eventIndex);
  }

  cancelTimer(timer: string, key = ''): void {
    disarm(this.node.timers, timer, key);
  }

  persist(options?: { readonly barrier: boolean }): WriteToken {
    const { world, node } = this;
    const disk = node.disk;
    const token = disk.nextToken++;
    const fields = pick(node.state as object, world.protocol.durable);
    if (syncTime(world, disk) === 0 && disk.writes.length === 0) {
      disk.settle(fields);
      if (world.protocol.onPersisted !== undefined) this.written.push(token);
      return token;
    }
    disk.writes.push({ token, fields, barrier: options?.barrier ?? true, outbox: null });
    startSync(world, node);
    return token;
  }

  choose(bound: number): number {
    const { world } = this;
    return world.draws.draw(world.draws.streams.actor(this.node.index), world.now, bound);
  }

  sign(payload: Plain): Signature {
    const signature = signAs(this.world, this.self, payload);
    this.world.adversary?.signed(signature, payload);
    return signature;
  }

  verify(signature: Signature, payload: Plain): boolean {
    return signature.tag === signAs(this.world, signature.signer, payload).tag;
  }

  log(event: LogEvent): void {
    this.world.log(this.node.index, event);
  }

  /** Ends a handler's call: tells the protocol of writes that were durable at once. */
  settle(): void {
    const { protocol } = this.world;
    while (this.written.length > 0) {
      const tokens = this.written;
      this.written = [];
      for (const token of tokens) protocol.onPersisted?.(this.node.state as object, token, this);
    }
  }

  /** A sync has completed: its writes are durable, and what waited for them leaves. */
  synced(): void {
    const { world, node } = this;
    const disk = node.disk;
    const done = disk.takeSynced();
    const last = done[done.length - 1];
    assert(last !== undefined, 'a sync covers at least one write');
    disk.settle(last.fields);
    for (const { outbox } of done) {
      if (outbox === null) continue;
      for (const { kind, to, payload } of outbox) world.transmit(kind, node.index, to, payload);
    }
    startSync(world, node);
    const { protocol } = world;
    if (protocol.onPersisted === undefined) return;
    for (const { token } of done) protocol.onPersisted(node.state as object, token, this);
  }

  private emit(kind: 0 | 2, to: number, payload: AnyMessage | Answer): void {
    const { world, node } = this;
    if (node.disk.blocked) node.disk.hold({ kind, to, payload });
    else world.transmit(kind, node.index, to, payload);
  }
}

/** Begins the next sync when one is needed and possible. */
export function startSync(world: World, node: NodeRuntime): void {
  const { disk } = node;
  if (disk.syncing > 0 || disk.writes.length === 0 || disk.faults.full) return;
  disk.syncing = disk.writes.length;
  const at = world.now + Math.max(1, syncTime(world, disk));
  world.schedule.add(EventKind.disk, at, node.index, -1, null, '', '', world.eventIndex);
}

function syncTime(world: World, disk: Disk): number {
  if (disk.faults.full) return Infinity;
  return world.config.disk.syncUs + disk.faults.slowUs;
}
