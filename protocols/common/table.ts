/** A map inside a node's state: it copies and hashes itself in O(1). */
import { deepFreeze } from '../../sim/engine/clone.ts';
import { finish, hashPlain, mix, mixString } from '../../sim/engine/hash.ts';
import type { Forkable, Plain } from '../../sim/engine/protocol.ts';
import { SharedMap } from './shared-map.ts';

let versions = 0;

/** Values are frozen when they come in: copies share them. */
export class Table<Value extends Plain> implements Forkable {
  /** Unique in this process: equal versions mean equal contents. */
  version = ++versions;
  private content: SharedMap<Value>;
  /** Sums over all entries, so that a change costs one entry and the order does not count. */
  private lanes: readonly [number, number] = [0, 0];

  constructor() {
    this.content = new SharedMap();
  }

  get(key: string): Value | undefined {
    return this.content.get(key);
  }

  set(key: string, value: Value): void {
    const old = this.content.get(key);
    const [low, high] = this.lanes;
    const change = (lane: number) =>
      hashEntry(key, value, lane) - (old === undefined ? 0 : hashEntry(key, old, lane));
    this.lanes = [(low + change(0)) | 0, (high + change(1)) | 0];
    this.version = ++versions;
    this.content.set(key, deepFreeze(value));
  }

  delete(key: string): void {
    const old = this.content.get(key);
    if (old === undefined) return;
    const [low, high] = this.lanes;
    this.lanes = [(low - hashEntry(key, old, 0)) | 0, (high - hashEntry(key, old, 1)) | 0];
    this.version = ++versions;
    this.content.delete(key);
  }

  entries(): Iterable<readonly [string, Value]> {
    return this.content.entries();
  }

  fork(): Table<Value> {
    const copy = new Table<Value>();
    copy.content = this.content.fork();
    copy.lanes = this.lanes;
    copy.version = this.version;
    return copy;
  }

  hash(lane: number): number {
    return this.lanes[lane] as number; // There are two lanes.
  }

  toPlain(): Plain {
    return Object.fromEntries<Plain>(this.content.sorted());
  }
}

function hashEntry(key: string, value: Plain, lane: number): number {
  return finish(hashPlain(mixString(mix(lane, 3), key), value, lane));
}
