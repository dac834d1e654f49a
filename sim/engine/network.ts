/** The network: a list of rules over packets, and below them every link's own latency and loss. */
import { latencyOf, type LatencyShape } from './latency.ts';
import type { Payload } from './event.ts';
import { mix, mixString } from './hash.ts';

/** One message about to travel. Valid only during the call it is passed to. */
export interface Packet {
  /** Actors: node indices, then clients. */
  readonly from: number;
  readonly to: number;
  readonly payload: Payload;
  /** Microseconds. */
  readonly now: number;
  /** Draws on this link's stream. */
  draw(bound: number): number;
  /** A latency drawn from the link's own distribution, in microseconds. */
  latency(): number;
}

/** What becomes of one message. The first rule that does not pass decides. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'deliver'; readonly afterUs: readonly number[] };

export const pass: Verdict = { kind: 'pass' };
export const drop: Verdict = { kind: 'drop' };

export interface Rule {
  /** Identifies it, for removal and for "dropped by". */
  readonly name: string;
  judge(packet: Packet): Verdict;
  /**
   * Changes the delays (microseconds, one a copy) of a message that no rule dropped: later, twice.
   * Every rule in force has its say, the newest first.
   */
  shape?(packet: Packet, delays: number[]): void;
  /** A 32-bit hash of what its name does not tell: a memory, a phase; `now` in microseconds. */
  hash?(now: number): number;
  /** Rules with a memory copy it; rules without return themselves. */
  fork(): Rule;
}

export interface NetworkConfig {
  /** Median one-way latency in microseconds. */
  readonly latencyUs: number;
  readonly shape: LatencyShape;
  /** Thousandths of the median, see `latencyOf`. */
  readonly spread: number;
  /** Chances in a million, per message. */
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /** When true a link delivers in the order of sending. */
  readonly fifo: boolean;
  /** The region of each actor (nodes, then clients), and median latencies between regions. */
  readonly regions: readonly number[] | null;
  readonly regionLatencyUs: readonly (readonly number[])[] | null;
  /** What people call the regions, by number; for faults that name one. */
  readonly regionNames?: readonly string[];
}

export const defaultNetwork: NetworkConfig = {
  latencyUs: 10_000,
  shape: 'uniform',
  spread: 500,
  lossPpm: 0,
  duplicatePpm: 0,
  fifo: false,
  regions: null,
  regionLatencyUs: null,
};

/** The rules in force and, for FIFO links, what each link last delivered. */
export class Network {
  readonly config: NetworkConfig;
  private rules: readonly Rule[];
  private lastArrival: Map<number, number> | null;

  constructor(config: NetworkConfig, rules: readonly Rule[] = []) {
    this.config = config;
    this.rules = rules;
    this.lastArrival = config.fifo ? new Map() : null;
  }

  /** A newer rule is asked before an older one. A rule of the same name is replaced. */
  add(rule: Rule): void {
    this.rules = [rule, ...this.rules.filter(({ name }) => name !== rule.name)];
  }

  /** Removes the rules whose name satisfies the predicate; returns their names. */
  remove(matches: (name: string) => boolean): readonly string[] {
    const gone = this.rules.filter(({ name }) => matches(name)).map(({ name }) => name);
    this.rules = this.rules.filter(({ name }) => !matches(name));
    return gone;
  }

  /** The rules in force, the newest first. */
  get inForce(): readonly Rule[] {
    return this.rules;
  }

  has(name: string): boolean {
    return this.rules.some((rule) => rule.name === name);
  }

  /** Writes the delays of the copies to deliver into `delays`; returns who dropped it, or null. */
  route(packet: Packet, actors: number, delays: number[]): string | null {
    // Faster than setting the length of an array that has one element.
    while (delays.length > 0) delays.pop();
    const rules = this.rules;
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as Rule;
      const verdict = rule.judge(packet);
      if (verdict.kind === 'pass') continue;
      if (verdict.kind === 'drop') return rule.name;
      for (const after of verdict.afterUs) delays.push(after);
      return this.settle(packet, actors, delays);
    }
    const { lossPpm, duplicatePpm } = this.config;
    if (lossPpm > 0 && packet.draw(1_000_000) < lossPpm) return 'loss';
    delays.push(packet.latency());
    if (duplicatePpm > 0 && packet.draw(1_000_000) < duplicatePpm) delays.push(packet.latency());
    return this.settle(packet, actors, delays);
  }

  /** The median latency of a link, in microseconds. */
  medianUs(from: number, to: number): number {
    const { regions, regionLatencyUs, latencyUs } = this.config;
    if (regions === null || regionLatencyUs === null) return latencyUs;
    const row = regionLatencyUs[regions[from] ?? 0];
    return row?.[regions[to] ?? 0] ?? latencyUs;
  }

  drawLatency(from: number, to: number, draw: (bound: number) => number): number {
    const { shape, spread } = this.config;
    return latencyOf(shape, this.medianUs(from, to), spread, draw);
  }

  fork(): Network {
    const copy = new Network(
      this.config,
      this.rules.map((rule) => rule.fork()),
    );
    if (this.lastArrival !== null) copy.lastArrival = new Map(this.lastArrival);
    return copy;
  }

  /** A hash of the rules in force. */
  hash(hash: number, now: number): number {
    let h = hash;
    for (const rule of this.rules) h = mix(mixString(h, rule.name), rule.hash?.(now) ?? 0);
    return h;
  }

  /** Lets the rules shape the delays, then keeps FIFO links in order. */
  private settle(packet: Packet, actors: number, delays: number[]): null {
    const { rules } = this;
    for (let i = 0; i < rules.length; i++) (rules[i] as Rule).shape?.(packet, delays);
    if (this.lastArrival === null) return null;
    const link = packet.from * actors + packet.to;
    let last = this.lastArrival.get(link) ?? 0;
    for (let i = 0; i < delays.length; i++) {
      last = Math.max(packet.now + (delays[i] as number), last + 1);
      delays[i] = last - packet.now;
    }
    this.lastArrival.set(link, last);
    return null;
  }
}
