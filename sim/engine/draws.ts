/**
 * Draw keys: one secret per stream, made by seedrandom from the run's seed; then integer hashes.
 */
import tychei from 'seedrandom/lib/tychei.js';
import { finish, mix } from './hash.ts';
import type { Strategy } from './strategy.ts';

/** The streams of a run. Links have one each, so that a link's weather is its own. */
export interface Streams {
  readonly seed: string;
  readonly faults: number;
  readonly signatures: number;
  actor(index: number): number;
  link(from: number, to: number): number;
}

/** `actors` is the number of nodes and clients together. Keys are made when first asked for. */
export function createStreams(seed: string, actors: number): Streams {
  const made = new Map<string, number>();
  const key = (name: string) => {
    let value = made.get(name);
    if (value === undefined) {
      value = tychei(`schism/1/${seed}/${name}`).int32();
      made.set(name, value);
    }
    return value;
  };
  const byActor = new Int32Array(actors);
  const byLink = new Int32Array(actors * actors);
  return {
    seed,
    faults: key('faults'),
    signatures: key('signatures'),
    actor(index) {
      if (byActor[index] === 0) byActor[index] = key(`actor/${index}`);
      return byActor[index] as number;
    },
    link(from, to) {
      const at = from * actors + to;
      // A thousand nodes have a million links: derive each from its two ends' streams.
      if (byLink[at] === 0) {
        byLink[at] = finish(mix(mix(key(`from/${from}`), key(`to/${to}`)), at)) | 1;
      }
      return byLink[at] as number;
    },
  };
}

/** Streams share this many ordinal counters; two that collide only number their draws jointly. */
const COUNTERS = 64;

/**
 * Asks the strategy for values under keys that name (stream, virtual time, ordinal). The ordinal
 * counts the draws on that stream at that time, so draws elsewhere do not shift it.
 */
export class Draws {
  readonly streams: Streams;
  readonly strategy: Strategy;
  private readonly times: Float64Array;
  private readonly ordinals: Int32Array;

  constructor(
    streams: Streams,
    strategy: Strategy,
    times = new Float64Array(COUNTERS).fill(-1),
    ordinals = new Int32Array(COUNTERS),
  ) {
    this.streams = streams;
    this.strategy = strategy;
    this.times = times;
    this.ordinals = ordinals;
  }

  /** An integer in [0, bound), bound at most 2^32; `now` in microseconds. */
  draw(stream: number, now: number, bound: number): number {
    if (bound <= 1) return 0;
    const counter = stream & (COUNTERS - 1);
    let ordinal = 0;
    if (this.times[counter] === now) ordinal = (this.ordinals[counter] as number) + 1;
    else this.times[counter] = now;
    this.ordinals[counter] = ordinal;
    const high = now < 0x8000_0000 ? 0 : Math.floor(now / 0x8000_0000);
    return this.strategy.draw(mix(mix(mix(stream, now & 0x7fff_ffff), high), ordinal), bound);
  }

  fork(strategy: Strategy): Draws {
    return new Draws(this.streams, strategy, this.times.slice(), this.ordinals.slice());
  }
}
