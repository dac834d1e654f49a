/**
 * The parts that states of a world are made of, each kept once however many states have it: nodes
 * and messages, with their hashes under every renaming of nodes. (The COLLAPSE compression of Spin:
 * Holzmann, "State Compression in SPIN", 1997.)
 */
import type { Write } from '../engine/disk.ts';
import type { EventKind, Payload } from '../engine/event.ts';
import { finish, mix, mixString } from '../engine/hash.ts';
import type { NodeRuntime } from '../engine/node.ts';
import type { NodeId } from '../engine/protocol.ts';
import { Names, RenamedHash, type Lane } from './renamed-hash.ts';
import { Renamings } from './symmetry.ts';

const SEEDS = [0x2545f491, 0x6c078965] as const;
const INVARIANT_SEED = 0x1b873593;

/** Two 32-bit lanes for each renaming, computed when first asked for. */
export interface Hashes {
  readonly lows: (number | undefined)[];
  readonly highs: (number | undefined)[];
  /** The same under every renaming: other nodes have no names in it. */
  readonly invariant: number;
}

export interface NodePart extends Hashes {
  readonly id: number;
  readonly index: number;
  readonly runtime: NodeRuntime;
}

export interface MessagePart extends Hashes {
  readonly id: number;
  readonly kind: EventKind;
  readonly to: number;
  readonly from: number;
  readonly payload: Payload;
}

export class Parts {
  readonly messages: MessagePart[] = [];
  readonly renamings: Renamings;
  private readonly hash: RenamedHash;
  private readonly symmetric: boolean;
  /** By renaming. */
  private readonly namesBy: readonly Names[];
  /** By node, and by receiver and sender: names that no renaming changes. */
  private readonly toItself: readonly Names[];
  private readonly between: readonly (readonly Names[])[];
  private readonly nodeKeys = new Map<number, NodePart>();
  private readonly messageKeys = new Map<number, MessagePart>();

  constructor(nodeIds: readonly NodeId[], symmetric: boolean) {
    this.hash = new RenamedHash(nodeIds);
    this.symmetric = symmetric;
    this.renamings = new Renamings(symmetric ? nodeIds.length : 0);
    const calling = (name: (node: number) => string) =>
      new Names(new Map(nodeIds.map((id, i) => [id, name(i)])));
    const indices = nodeIds.map((_, i) => i);
    this.namesBy = this.renamings.all.map((renaming) =>
      calling((i) => nodeIds[renaming[i] ?? i] as NodeId),
    );
    this.toItself = indices.map((own) => calling((i) => (i === own ? 'self' : 'other')));
    this.between = indices.map((to) =>
      indices.map((from) => calling((i) => (i === to ? 'to' : i === from ? 'from' : 'other'))),
    );
  }

  /** The part for a node as it is now. The runtime must not change any more. */
  node(runtime: NodeRuntime): NodePart {
    const low = this.ofNode(runtime, 0, 0);
    const high = this.ofNode(runtime, 0, 1);
    const key = keyOf(high, low);
    let part = this.nodeKeys.get(key);
    if (part === undefined) {
      const { index } = runtime;
      const invariant = this.symmetric ? this.invariantOfNode(runtime) : 0;
      const id = this.nodeKeys.size;
      part = { id, index, runtime, lows: [low], highs: [high], invariant };
      this.nodeKeys.set(key, part);
    }
    return part;
  }

  message(kind: EventKind, to: number, from: number, payload: Payload): MessagePart {
    const bare = { kind, to, from, payload };
    const low = this.ofMessage(bare, 0, 0);
    const high = this.ofMessage(bare, 0, 1);
    const key = keyOf(high, low);
    let part = this.messageKeys.get(key);
    if (part === undefined) {
      const id = this.messages.length;
      const invariant = this.symmetric ? this.invariantOfMessage(bare) : 0;
      part = { id, ...bare, lows: [low], highs: [high], invariant };
      this.messages.push(part);
      this.messageKeys.set(key, part);
    }
    return part;
  }

  nodeLow(part: NodePart, renaming: number): number {
    return (part.lows[renaming] ??= this.ofNode(part.runtime, renaming, 0));
  }

  nodeHigh(part: NodePart, renaming: number): number {
    return (part.highs[renaming] ??= this.ofNode(part.runtime, renaming, 1));
  }

  messageLow(part: MessagePart, renaming: number): number {
    return (part.lows[renaming] ??= this.ofMessage(part, renaming, 0));
  }

  messageHigh(part: MessagePart, renaming: number): number {
    return (part.highs[renaming] ??= this.ofMessage(part, renaming, 1));
  }

  /** The place of a node under a renaming. */
  place(node: number, renaming: number): number {
    return this.symmetric ? (this.renamings.all[renaming]?.[node] ?? node) : node;
  }

  private ofNode(runtime: NodeRuntime, renaming: number, lane: Lane): number {
    const names = this.namesBy[renaming] as Names;
    const seed = mix(SEEDS[lane], this.place(runtime.index, renaming));
    return finish(
      this.contentOfNode(seed, runtime, names, lane, (node) => this.place(node, renaming)),
    );
  }

  /** Which of the other nodes is meant is left out, so that no renaming changes it. */
  private invariantOfNode(runtime: NodeRuntime): number {
    const own = runtime.index;
    const names = this.toItself[own] as Names;
    const place = (node: number) => (node === own ? 1 : 0);
    return finish(this.contentOfNode(INVARIANT_SEED, runtime, names, 0, place));
  }

  /** Everything about a node that can make a difference later. */
  private contentOfNode(
    seed: number,
    runtime: NodeRuntime,
    names: Names,
    lane: Lane,
    place: (node: number) => number,
  ): number {
    const { hash } = this;
    const { status, state, disk, timers } = runtime;
    let h = hash.of(mixString(seed, status), state, names, lane);
    h = hash.of(h, disk.durable, names, lane);
    h = hash.of(h, disk.believed, names, lane);
    h = hash.of(h, disk.faults, names, lane);
    h = mix(h, disk.syncing);
    for (const write of disk.writes) h = this.ofWrite(h, write, names, lane, place);
    let armed = 0;
    for (const [timer, record] of timers) {
      if (record.armed) armed = (armed + finish(mixString(seed, timer))) | 0;
    }
    return mix(h, armed);
  }

  private ofWrite(
    hash: number,
    { token, fields, barrier, outbox }: Write,
    names: Names,
    lane: Lane,
    place: (node: number) => number,
  ): number {
    let h = this.hash.of(mix(mix(hash, token), barrier ? 1 : 0), fields, names, lane);
    for (const { kind, to, payload } of outbox ?? []) {
      h = this.hash.of(mix(mix(h, kind), place(to)), payload, names, lane);
    }
    return h;
  }

  private ofMessage(
    { kind, to, from, payload }: Pick<MessagePart, 'kind' | 'to' | 'from' | 'payload'>,
    renaming: number,
    lane: Lane,
  ): number {
    const names = this.namesBy[renaming] as Names;
    const h = mix(mix(SEEDS[lane], this.place(to, renaming)), this.place(from, renaming));
    return finish(this.hash.of(mix(h, kind), payload, names, lane));
  }

  private invariantOfMessage({
    kind,
    to,
    from,
    payload,
  }: Pick<MessagePart, 'kind' | 'to' | 'from' | 'payload'>): number {
    const names = this.between[to]?.[from] as Names;
    return finish(this.hash.of(mix(INVARIANT_SEED, kind), payload, names, 0));
  }
}

/** 53 of the 64 bits: what a number holds exactly. */
function keyOf(high: number, low: number): number {
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
