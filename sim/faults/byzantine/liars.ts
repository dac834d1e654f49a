/**
 * Who may lie in a run, who colludes, and which behaviours are in force. Behaviours speak up when a
 * liar's message leaves, and what they say happens at once, as a fault of its own with a name.
 */
import { hashPlain, mix, mixString, type AnyMessage } from '../../engine/index.ts';
import type { Adversary, FaultAction, Payload, PendingEvent } from '../../engine/index.ts';
import type { Plain, Signature, World } from '../../engine/index.ts';
import type { ByzantineFault, Tell } from '../fault.ts';
import { shuffled } from '../nodes.ts';
import { Memory } from './memory.ts';
import { isAlterable } from './structure.ts';

/** What a protocol's own lies may ask. */
export interface OwnLieContext {
  readonly self: string;
  readonly nodes: readonly string[];
  /** Signs for the liar or one who colludes with it; null for anybody else. */
  readonly sign: (signer: string, payload: Plain) => Signature | null;
  /** Messages of a type that were sent before, the oldest first. */
  readonly seen: (type: string) => readonly AnyMessage[];
}

/** What a node of this protocol might say in place of a message: whole messages. */
export type OwnLies = (message: AnyMessage, context: OwnLieContext) => readonly AnyMessage[];

export interface LiarsConfig {
  /** Always byzantine; ids of nodes. */
  readonly named: readonly string[];
  /** So many are drawn from the run's seed. */
  readonly drawn: number;
  readonly own: OwnLies | null;
}

/** Behaviours in force at some nodes, since a fault was performed. */
export interface Standing {
  readonly nodes: readonly number[];
  readonly fault: ByzantineFault;
  /** The actors that hear another story than the rest. */
  readonly to: readonly number[];
  readonly story: OtherStory;
}

/**
 * The story that half of the others hear instead: words of the truth (a digest, a value), and what
 * stands for them. Whoever lies in one fault tells the same.
 */
export type OtherStory = ReadonlyMap<string, string>;

/** How the sender of one broadcast has lied to the first who hears the other story. */
export interface Broadcast {
  readonly event: number;
  readonly from: number;
  readonly type: string;
  readonly tell: (payload: Payload) => Tell | null;
}

/** Proposes a fault in answer to a liar's message; see behaviours.ts. */
export type Proposer = (
  world: World,
  liars: Liars,
  standing: Standing,
  event: PendingEvent,
) => FaultAction | null;

export class Liars implements Adversary {
  readonly config: LiarsConfig;
  /** Indices, in ascending order. Never changed in place, like the lists below. */
  members: readonly number[] = [];
  standing: readonly Standing[] = [];
  broadcast: Broadcast | null = null;
  memory = new Memory();
  private groups: readonly (readonly number[])[] = [];
  private readonly propose: Proposer;

  constructor(config: LiarsConfig, propose: Proposer) {
    this.config = config;
    this.propose = propose;
  }

  begin(world: World): void {
    const { named, drawn } = this.config;
    // Drawn from all nodes: whoever is named beside them changes nothing.
    const stream = hashPlain(world.draws.streams.faults, 'liars');
    const draw = (bound: number) => world.draws.draw(stream, 0, bound);
    for (const node of shuffled(world.nodes.length, draw).slice(0, drawn)) this.mark(node);
    for (const id of named) this.mark(world.nodeIds.indexOf(id));
  }

  isByzantine(node: number): boolean {
    return this.members.includes(node);
  }

  /** The node counts as byzantine from now on. */
  mark(node: number): void {
    if (node < 0 || this.isByzantine(node)) return;
    this.members = [...this.members, node].toSorted((a, b) => a - b);
  }

  /** These share their secrets from now on. */
  collude(nodes: readonly number[]): void {
    this.groups = [...this.groups, nodes];
  }

  /** The nodes whose secrets a liar holds: its own and its colluders'. */
  secretsOf(node: number): readonly number[] {
    return [...new Set([node, ...this.groups.filter((group) => group.includes(node)).flat()])];
  }

  /** The story of a standing fault goes on. */
  addToStory(standing: Standing, story: OtherStory): void {
    this.standing = this.standing.map((one) => (one === standing ? { ...one, story } : one));
  }

  sent(world: World, event: PendingEvent): void {
    this.memory.saw(event.from, event.payload);
    // In other orders a search lies, or steps that were written down do.
    if (this.standing.length === 0 || world.draws.strategy.order !== 'timed') return;
    if (!isAlterable(event)) return;
    for (const standing of this.standing) {
      if (!standing.nodes.includes(event.from)) continue;
      const fault = this.propose(world, this, standing, event);
      if (fault === null) continue;
      world.scheduleFault(world.now, fault);
      // The lie comes first, even on a link that takes no time.
      if (event.at <= world.now) delay(world, event, 1);
      return;
    }
  }

  signed(signature: Signature, payload: Plain): void {
    this.memory.signed(signature, payload);
  }

  hash(): number {
    let h = this.members.length;
    for (const node of this.members) h = mix(h, node);
    for (const group of this.groups) h = hashPlain(h, group);
    for (const { fault } of this.standing) h = mixString(h, JSON.stringify(fault));
    return h;
  }

  fork(): Liars {
    const copy = new Liars(this.config, this.propose);
    copy.members = this.members;
    copy.standing = this.standing;
    copy.broadcast = this.broadcast;
    copy.memory = this.memory.fork();
    copy.groups = this.groups;
    return copy;
  }
}

/** Puts off an event that is on its way. */
export function delay(world: World, event: PendingEvent, byUs: number): PendingEvent {
  const { kind, at, actor, from, payload, name, key, cause } = event;
  world.schedule.remove(event);
  return world.schedule.add(
    kind,
    Math.max(at, world.now) + byUs,
    actor,
    from,
    payload,
    name,
    key,
    cause,
  );
}
