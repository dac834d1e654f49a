/** How long transactions may wait: in doubt for their coordinator, in a circle for each other. */
import { mixNumber, mixString, finish } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { CommitOptions } from '../../protocols/transactions/commit/options.ts';
import type { CommitState } from '../../protocols/transactions/commit/state.ts';
import { nameOf, stateOf } from './nodes.ts';

/** Two-phase commit does not have this property: that it has not is its known weakness. */
export const nonBlocking: Invariant = {
  id: 'transactions/non-blocking',
  title: 'a participant that is up does not stay in doubt for longer than it takes to ask around',
  source: 'Skeen 1981; Bernstein, Hadzilacos and Goodman 1987, §7.3, AC5',
  create: () => new Waiting(inDoubt, 4, 'is in doubt about', new Map()),
};

/** Presupposes events in the order of virtual time. */
export const noDeadlock: Invariant = {
  id: 'transactions/no-deadlock',
  title: 'transactions that wait for each other in a circle do not do so for long',
  source: 'Bernstein, Hadzilacos and Goodman 1987, §3.5; Rosenkrantz, Stearns and Lewis 1978',
  create: () => new Waiting(inCircle, 10, 'waits in a circle with', new Map()),
};

/** Which transactions of a node wait in the way that is meant. */
type Waiters = (world: WorldView, state: CommitState) => readonly string[];

/** Notes when each began to wait; more than so many times the patience is too long. */
class Waiting implements Monitor {
  private readonly waiters: Waiters;
  private readonly patiences: number;
  private readonly verb: string;
  /** By node and transaction: since when, in microseconds. */
  private readonly since: Map<string, number>;

  constructor(waiters: Waiters, patiences: number, verb: string, since: Map<string, number>) {
    this.waiters = waiters;
    this.patiences = patiences;
    this.verb = verb;
    this.since = since;
  }

  afterEvent(world: WorldView, node: number): Finding | null {
    const state = stateOf(world, node);
    const name = nameOf(world, node);
    const waiting = state === null ? [] : this.waiters(world, state);
    for (const key of this.since.keys()) {
      const [who, id] = key.split(' ') as [string, string];
      if (who === name && !waiting.includes(id)) this.since.delete(key);
    }
    for (const id of waiting) {
      const key = `${name} ${id}`;
      const since = this.since.get(key);
      if (since === undefined) this.since.set(key, world.now);
      else if (world.now - since > boundUs(world, this.patiences)) {
        const forMs = Math.round((world.now - since) / 1000);
        const message = `${name} ${this.verb} ${id} for ${forMs} ms`;
        return {
          message,
          facts: [{ text: message, node: name, event: world.eventIndex }],
          witness: this.verb,
        };
      }
    }
    return null;
  }

  fork(): Waiting {
    return new Waiting(this.waiters, this.patiences, this.verb, new Map(this.since));
  }

  hash(): number {
    let sum = 0;
    for (const [key, since] of this.since) {
      sum = (sum + finish(mixNumber(mixString(5, key), since))) | 0;
    }
    return sum;
  }
}

function boundUs({ options }: WorldView, patiences: number): number {
  const { resendMs, patience } = options as CommitOptions;
  return patiences * (patience + 1) * resendMs * 1000;
}

function inDoubt(_world: WorldView, { prepared, workspaces }: CommitState): readonly string[] {
  return workspaces.flatMap(({ id, phase }) =>
    phase !== 'active' && prepared.some((record) => record.id === id) ? [id] : [],
  );
}

/** Those of this node's waiting transactions that the waits of all nodes lead back to. */
function inCircle(world: WorldView, own: CommitState): readonly string[] {
  if (own.locks.every(({ queue }) => queue.length === 0)) return [];
  const edges = new Map<string, string[]>();
  for (const node of world.nodes) {
    for (const { holders, queue } of stateOf(world, node.index)?.locks ?? []) {
      for (const [i, claim] of queue.entries()) {
        const blockers = [...holders, ...queue.slice(0, i)].filter(
          (other) =>
            other.transaction !== claim.transaction &&
            (other.mode === 'exclusive' || claim.mode === 'exclusive'),
        );
        const known = edges.get(claim.transaction) ?? [];
        edges.set(claim.transaction, [...known, ...blockers.map((one) => one.transaction)]);
      }
    }
  }
  const waiters = own.locks.flatMap(({ queue }) => queue.map((claim) => claim.transaction));
  return [...new Set(waiters)].filter((id) => leadsBack(edges, id));
}

function leadsBack(edges: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...(edges.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(edges.get(next) ?? []));
  }
  return false;
}
