/**
 * Hashes of plain data in which nodes go by other names. Fields count in no order, for under other
 * names a record by node would list its fields in another one.
 */
import { isForkable } from '../engine/clone.ts';
import { finish, mix, mixNumber, mixString } from '../engine/hash.ts';
import type { NodeId } from '../engine/protocol.ts';

export type Lane = 0 | 1;

const SEEDS = [0x2545f491, 0x6c078965] as const;

/** How nodes are called in one hash, and what frozen objects amount to under these names. */
export class Names {
  private readonly names: ReadonlyMap<NodeId, string>;
  /** By lane. A frozen object counts as immutable all the way down. */
  readonly known = [new WeakMap<object, number>(), new WeakMap<object, number>()] as const;

  constructor(names: ReadonlyMap<NodeId, string>) {
    this.names = names;
  }

  of(text: string): string {
    return this.names.get(text) ?? text;
  }
}

export class RenamedHash {
  /** The list of all nodes in a state is configuration: under any renaming it means the same. */
  private readonly nodeIds: readonly NodeId[];
  private readonly fields = new Map<string, number>();

  constructor(nodeIds: readonly NodeId[]) {
    this.nodeIds = nodeIds;
  }

  of(hash: number, value: unknown, names: Names, lane: Lane): number {
    switch (typeof value) {
      case 'number':
        return mixNumber(mix(hash, 1), value);
      case 'string':
        return mixString(mix(hash, 2), names.of(value));
      case 'boolean':
        return mix(hash, value ? 4 : 3);
      case 'object':
        return value === null ? mix(hash, 5) : mix(hash, this.ofObject(value, names, lane));
      default:
        return mix(hash, 6);
    }
  }

  private ofObject(value: object, names: Names, lane: Lane): number {
    if (value === this.nodeIds) return 10;
    if (!Object.isFrozen(value)) return this.content(value, names, lane);
    const known = names.known[lane];
    let hash = known.get(value);
    if (hash === undefined) {
      hash = this.content(value, names, lane);
      known.set(value, hash);
    }
    return hash;
  }

  private content(value: object, names: Names, lane: Lane): number {
    const seed = SEEDS[lane];
    if (isForkable(value)) return this.of(mix(seed, 7), value.toPlain(), names, lane);
    if (Array.isArray(value)) {
      let h = mix(mix(seed, 8), value.length);
      for (let i = 0; i < value.length; i++) h = this.of(h, value[i], names, lane);
      return finish(h);
    }
    let sum = 0;
    const fields = Object.keys(value);
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as string;
      const content = (value as Record<string, unknown>)[field];
      sum = (sum + finish(this.of(this.field(names.of(field), seed), content, names, lane))) | 0;
    }
    return finish(mix(mix(seed, 9), sum));
  }

  private field(name: string, seed: number): number {
    let hash = this.fields.get(name);
    if (hash === undefined) {
      hash = mixString(0, name);
      this.fields.set(name, hash);
    }
    return mix(seed, hash);
  }
}
