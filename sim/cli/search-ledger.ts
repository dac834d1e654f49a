/** What a search has seen so far, block by block. */
import type { Account, Exploration, Found } from '../search/index.ts';

export class Ledger {
  runs = 0;
  events = 0;
  found: Found | null = null;
  readonly arms = new Map<string, Account>();
  readonly states = new Set<number>();
  /** By id of the probe: in how many runs it held at the end. */
  readonly probes = new Map<string, number>();
  /** Blocks that could not be played, by their number. */
  readonly lost: number[] = [];

  /** Blocks have to come in their order. */
  take(exploration: Exploration): void {
    const { runs, events, arms, states, probes, found } = exploration;
    this.runs += runs;
    this.events += events;
    this.found ??= found;
    for (const [name, account] of arms) {
      const known = this.arms.get(name) ?? { runs: 0, events: 0, hits: 0 };
      known.runs += account.runs;
      known.events += account.events;
      known.hits += account.hits;
      this.arms.set(name, known);
    }
    for (const state of states) this.states.add(state);
    for (const [id, held] of probes) this.probes.set(id, (this.probes.get(id) ?? 0) + held);
  }
}
