/** All that a lie is made from: one message, who sends it to whom, and what was seen before. */
import type { AnyMessage, Payload, PendingEvent, Plain, World } from '../../engine/index.ts';
import { EventKind, signAs } from '../../engine/index.ts';
import type { Tell } from '../fault.ts';
import type { Liars, OwnLieContext } from './liars.ts';
import type { Seen } from './memory.ts';
import { isEqual, leavesOf, typeOf, valueAt, withContentOf } from './structure.ts';
import type { Field, Scalar } from './structure.ts';

export class LieContext {
  readonly world: World;
  readonly liars: Liars;
  readonly event: PendingEvent;
  /** An integer in [0, bound). */
  readonly draw: (bound: number) => number;
  readonly self: string;

  constructor(world: World, liars: Liars, event: PendingEvent, draw: (bound: number) => number) {
    this.world = world;
    this.liars = liars;
    this.event = event;
    this.draw = draw;
    this.self = world.nodeIds[event.from] as string;
  }

  get payload(): Payload {
    return this.event.payload;
  }

  get leaves(): readonly Field<Scalar>[] {
    return leavesOf(this.payload);
  }

  /** One of these, drawn; null of none. */
  pick<T>(items: readonly T[]): T | null {
    return items.length === 0 ? null : (items[this.draw(items.length)] as T);
  }

  /** Messages of this type that say something else, the oldest first; the liar's own if any. */
  get earlier(): readonly Seen[] {
    const { payload, from } = this.event;
    const others = this.liars.memory
      .ofType(typeOf(payload))
      .filter((seen) => !isEqual(seen.payload, payload));
    const own = others.filter((seen) => seen.from === from);
    return own.length > 0 ? own : others;
  }

  /** The values that a field had in other messages of this type. */
  valuesOf({ path, value }: Field<unknown>): unknown[] {
    const found: unknown[] = [];
    for (const { payload } of this.liars.memory.ofType(typeOf(this.payload))) {
      const other = valueAt(payload, path);
      if (other === undefined || isEqual(other, value)) continue;
      if (!found.some((known) => isEqual(known, other))) found.push(other);
    }
    return found;
  }

  /** The node ids that are not the liar's own. */
  get others(): readonly string[] {
    return this.world.nodeIds.filter((id) => id !== this.self);
  }

  /**
   * How much later the message has to come to be a microsecond before or behind the receiver's next
   * timeout; null when that has no timer that it could miss.
   */
  timeToTimeout(): number | null {
    const { world, event } = this;
    const { nodes, clients } = world;
    const timers = (nodes[event.actor] ?? clients[event.actor - nodes.length])?.timers;
    let next = Infinity;
    for (const { armed, deadline } of timers?.values() ?? []) {
      if (armed && deadline > event.at) next = Math.min(next, deadline);
    }
    if (next === Infinity) return null;
    return Math.max(1, next - event.at + (this.draw(2) === 0 ? -1 : 1));
  }

  /** The protocol's own lies. */
  own(): readonly AnyMessage[] {
    const { liars, event, world, self } = this;
    if (liars.config.own === null || event.kind !== EventKind.message) return [];
    const owned = liars.secretsOf(event.from).map((node) => world.nodeIds[node]);
    const context: OwnLieContext = {
      self,
      nodes: world.nodeIds,
      sign: (signer: string, payload: Plain) => {
        if (!owned.includes(signer)) return null;
        const signature = signAs(world, signer, payload);
        liars.memory.signed(signature, payload);
        return signature;
      },
      seen: (type) => liars.memory.ofType(type).map(({ payload }) => payload as AnyMessage),
    };
    return liars.config.own(event.payload as AnyMessage, context);
  }

  /** The same lie about another message of the same broadcast. */
  repeat(tell: Tell): (payload: Payload) => Tell | null {
    const { instead } = tell;
    if (instead === undefined) return () => tell;
    return (payload) => ({
      ...tell,
      instead: withContentOf(payload as object, instead as object, this.self) as Plain,
    });
  }
}
