/** Consistent hashing: keys and virtual nodes on one ring (Karger et al., STOC 1997). */
import { assert } from '../../sim/engine/assert.ts';
import { hashOfKey, hashOfPlace } from './hashing.ts';

export interface RingOptions {
  /** Places on the ring for a node of weight 1; more balance better and cost memory. */
  readonly virtualNodes: number;
  /** position = hash(key) mod ringSize; at most 2^32, the default. */
  readonly ringSize?: number;
}

/** A virtual node. */
interface Place {
  readonly position: number;
  readonly node: string;
}

/**
 * A key belongs to the first virtual node at its position or behind it, around the ring. Who joins
 * takes keys from others and moves none between them; who leaves gives up only its own. The same
 * nodes and weights give the same ring, in whatever order they came.
 */
export class ConsistentHashRing {
  private readonly virtualNodes: number;
  private readonly ringSize: number;
  private readonly weights = new Map<string, number>();
  /** By position; at one position by name. */
  private places: Place[] = [];
  /** Places that are not among them yet: many nodes that join in a row are sorted once. */
  private fresh: Place[] = [];
  /** Positions alone, for searching; null until somebody asks. */
  private index: RingIndex | null = null;

  constructor({ virtualNodes, ringSize = 0x1_0000_0000 }: RingOptions) {
    assert(Number.isInteger(virtualNodes) && virtualNodes > 0, 'virtualNodes is a whole number');
    assert(Number.isInteger(ringSize) && ringSize > 0, 'ringSize is a whole number');
    assert(ringSize <= 0x1_0000_0000, 'ringSize is at most 2^32');
    this.virtualNodes = virtualNodes;
    this.ringSize = ringSize;
  }

  /** The nodes, in the order in which they joined. */
  get nodes(): readonly string[] {
    return [...this.weights.keys()];
  }

  /**
   * A node joins, or its weight changes: it has `weight * virtualNodes` places, rounded, but at
   * least one. Places that it has already stay where they are. The next lookup costs O(all places).
   */
  addNode(node: string, weight = 1): void {
    assert(Number.isFinite(weight) && weight > 0, 'a weight is a number above 0');
    const had = this.countOf(this.weights.get(node));
    this.weights.set(node, weight);
    const count = this.countOf(weight);
    for (let number = had; number < count; number++) this.fresh.push(this.place(node, number));
    if (count >= had) return;
    this.settle();
    this.index = null;
    const dropped = Array.from({ length: had - count }, (_, i) => this.place(node, count + i));
    this.places = without(this.places, dropped.sort(byPosition));
  }

  /** A node leaves; one that is not there leaves no trace. O(all places). */
  removeNode(node: string): void {
    if (!this.weights.delete(node)) return;
    this.settle();
    this.index = null;
    this.places = this.places.filter((place) => place.node !== node);
  }

  /** hash(key) mod ring size. */
  positionOf(key: string): number {
    return hashOfKey(key) % this.ringSize;
  }

  /** The owner of a key; null when the ring is empty. Expected O(1). */
  getNode(key: string): string | null {
    // The call may change the list of places.
    const first = this.firstFor(key);
    return this.places[first]?.node ?? null;
  }

  /**
   * The owner and the different nodes that follow it, `count` in all or as many as there are: where
   * copies of a key go (Dynamo §4.3, its preference list).
   */
  getNodes(key: string, count: number): string[] {
    const found: string[] = [];
    const wanted = Math.min(count, this.weights.size);
    for (let i = this.firstFor(key); found.length < wanted; i = this.after(i)) {
      const { node } = this.places[i] as Place;
      if (!found.includes(node)) found.push(node);
    }
    return found;
  }

  /** The share of the ring that each node owns. */
  shares(): Map<string, number> {
    this.settle();
    const owned = new Map<string, number>(this.nodes.map((node) => [node, 0]));
    const last = this.places.at(-1);
    let before = last === undefined ? 0 : last.position - this.ringSize;
    for (const { node, position } of this.places) {
      owned.set(node, (owned.get(node) ?? 0) + (position - before) / this.ringSize);
      before = position;
    }
    return owned;
  }

  private place(node: string, number: number): Place {
    return { position: hashOfPlace(node, number) % this.ringSize, node };
  }

  private countOf(weight: number | undefined): number {
    return weight === undefined ? 0 : Math.max(1, Math.round(weight * this.virtualNodes));
  }

  private settle(): void {
    if (this.fresh.length === 0) return;
    this.places = merged(this.places, this.fresh.sort(byPosition));
    this.fresh = [];
    this.index = null;
  }

  private firstFor(key: string): number {
    this.settle();
    if (this.places.length === 0) return 0;
    this.index ??= new RingIndex(this.places, this.ringSize);
    return this.index.firstFrom(this.positionOf(key));
  }

  private after(index: number): number {
    return index + 1 === this.places.length ? 0 : index + 1;
  }
}

/** Positions cut into buckets of equal width, about one for each: a search looks at few. */
class RingIndex {
  private readonly positions: Float64Array;
  /** For each bucket the first place in it or behind it. */
  private readonly starts: Int32Array;
  private readonly width: number;

  constructor(places: readonly Place[], ringSize: number) {
    this.positions = Float64Array.from(places, ({ position }) => position);
    const buckets = Math.max(1, places.length);
    this.width = Math.max(1, Math.ceil(ringSize / buckets));
    this.starts = new Int32Array(Math.ceil(ringSize / this.width) + 1);
    let place = 0;
    for (let bucket = 0; bucket < this.starts.length; bucket++) {
      while (place < places.length && this.at(place) < bucket * this.width) place++;
      this.starts[bucket] = place;
    }
  }

  /** The first place at a position or behind it; behind the last one comes the first. */
  firstFrom(position: number): number {
    let place = this.starts[Math.floor(position / this.width)] ?? 0;
    while (place < this.positions.length && this.at(place) < position) place++;
    return place === this.positions.length ? 0 : place;
  }

  private at(place: number): number {
    return this.positions[place] as number;
  }
}

function byPosition(a: Place, b: Place): number {
  return a.position - b.position || (a.node < b.node ? -1 : a.node > b.node ? 1 : 0);
}

/** Two sorted lists as one. */
function merged(old: readonly Place[], fresh: readonly Place[]): Place[] {
  const result: Place[] = [];
  let next = 0;
  for (const place of old) {
    for (; next < fresh.length; next++) {
      const candidate = fresh[next] as Place;
      if (byPosition(candidate, place) > 0) break;
      result.push(candidate);
    }
    result.push(place);
  }
  return result.concat(fresh.slice(next));
}

/** A sorted list without the members of another one; of equal places only one is taken. */
function without(old: readonly Place[], dropped: readonly Place[]): Place[] {
  let next = 0;
  return old.filter((place) => {
    const candidate = dropped[next];
    if (candidate === undefined || byPosition(candidate, place) !== 0) return true;
    next++;
    return false;
  });
}
