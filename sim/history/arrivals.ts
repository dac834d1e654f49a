/** When clients begin their operations: after the last answer, or by a clock of their own. */
import { hashPlain } from '../engine/hash.ts';
import type { Choose } from './workloads/operations.ts';

/**
 * `closed`: a client waits between an answer and its next operation. The two others are open
 * loops, spread over all clients: in all `perSecond` operations arrive, whatever the answers do.
 * An arrival belongs to one client from the outset (number k of a fixed rate to client k mod
 * clients); if that client is still busy, the arrival waits for it, and then begins at once.
 */
export type ArrivalsConfig =
  | { readonly kind: 'closed'; readonly pauseMinMs: number; readonly pauseMaxMs: number }
  | { readonly kind: 'fixed-rate'; readonly perSecond: number }
  | { readonly kind: 'poisson'; readonly perSecond: number };

export const defaultArrivals: ArrivalsConfig = Object.freeze({
  kind: 'closed',
  pauseMinMs: 5,
  pauseMaxMs: 10,
});

export interface Arrivals {
  /** Microseconds from now until the client's next operation; `done` have ended. */
  pauseUs(client: number, done: number, choose: Choose, nowUs: number): number;
  hash(lane: number): number;
  fork(): Arrivals;
}

export function createArrivals(config: ArrivalsConfig, clients: number): Arrivals {
  if (config.kind === 'poisson') return new PoissonArrivals(config.perSecond, clients);
  const arrivals: Arrivals = {
    pauseUs: config.kind === 'closed' ? closed(config) : fixedRate(config.perSecond, clients),
    hash: () => 0,
    fork: () => arrivals,
  };
  return arrivals;
}

function closed({ pauseMinMs, pauseMaxMs }: Extract<ArrivalsConfig, { kind: 'closed' }>) {
  const least = Math.round(pauseMinMs * 1000);
  const range = Math.round(pauseMaxMs * 1000) - least;
  return (_client: number, _done: number, choose: Choose) => least + choose(range + 1);
}

function fixedRate(perSecond: number, clients: number): Arrivals['pauseUs'] {
  return (client, done, _choose, nowUs) => {
    const due = Math.floor(((done * clients + client) * 1_000_000) / perSecond);
    return Math.max(0, due - nowUs);
  };
}

/** Independent Poisson processes, one a client: their sum is one of the whole rate. */
class PoissonArrivals implements Arrivals {
  private readonly clients: number;
  private readonly perSecond: number;
  /** When each client's latest arrival was due, in microseconds. */
  private due: number[];

  constructor(perSecond: number, clients: number, due = new Array<number>(clients).fill(0)) {
    this.perSecond = perSecond;
    this.clients = clients;
    this.due = due;
  }

  pauseUs(client: number, _done: number, choose: Choose, nowUs: number): number {
    const meanUs = Math.floor((this.clients * 1_000_000) / this.perSecond);
    const due = (this.due[client] as number) + exponential(meanUs, choose);
    this.due[client] = due;
    return Math.max(0, due - nowUs);
  }

  hash(lane: number): number {
    return hashPlain(lane, this.due);
  }

  fork(): PoissonArrivals {
    return new PoissonArrivals(this.perSecond, this.clients, this.due.slice());
  }
}

const UNIT = 0x100000;
/** Reached once in e^32 draws by chance; bounds what an adversarial strategy can do. */
const MOST_UNITS = 32;

/**
 * An exponentially distributed integer of the given mean, by comparing uniform draws only: no
 * logarithm, so it is the same on every machine (von Neumann, "Various techniques used in
 * connection with random digits", 1951).
 */
export function exponential(mean: number, choose: Choose): number {
  let units = 0;
  for (;;) {
    const first = choose(UNIT);
    let last = first;
    let isOdd = true;
    for (let next = choose(UNIT); next < last; next = choose(UNIT)) {
      last = next;
      isOdd = !isOdd;
    }
    if (isOdd || units === MOST_UNITS) return units * mean + Math.floor((first * mean) / UNIT);
    units++;
  }
}
