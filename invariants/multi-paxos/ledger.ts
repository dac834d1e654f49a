/**
 * What acceptors have on their disks, slot by slot: which proposals, who holds each, and which of
 * them a quorum holds, so that it is chosen. All that is said of chosen values rests on it.
 */
import { finish, hashPlain, mix } from '../../sim/engine/hash.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import type { Configuration, Proposal, Value } from '../../protocols/multi-paxos/messages.ts';
import { Positions } from '../positions.ts';
import { acceptQuorumOf, isSameValue, nameOf, optionsOf } from './cluster.ts';

/** A proposal with all acceptors that have ever stored it. Never changed: forks share it. */
export interface Held extends Proposal {
  readonly holders: readonly number[];
  /** When the first of them did. */
  readonly event: number;
}

/** How a value came to count as chosen. */
export interface Choice {
  readonly value: Value;
  readonly ballot: number;
  readonly node: number;
  readonly event: number;
  readonly how: 'a quorum stores it' | 'learned';
}

interface Record {
  readonly held: readonly Held[];
  readonly choice: Choice | null;
}

const nothing: Record = { held: [], choice: null };

export class Ledger {
  private readonly records: Positions<Record>;
  /** Every slot up to here is chosen. */
  decided: number;
  private configurations: readonly Configuration[];

  constructor(world: WorldView | null, from?: Ledger) {
    this.records = from?.records.fork() ?? new Positions();
    this.decided = from?.decided ?? 0;
    const first = world && (optionsOf(world).acceptors ?? world.nodeIds);
    this.configurations = from?.configurations ?? [{ from: 1, acceptors: first ?? [] }];
  }

  fork(): Ledger {
    return new Ledger(null, this);
  }

  /** An acceptor has stored a proposal; returns what other value it stores under this ballot. */
  store(world: WorldView, node: number, slot: number, proposal: Proposal): Held | null {
    const { held, choice } = this.records.get(slot) ?? nothing;
    const { ballot, value } = proposal;
    const known = held.find((one) => one.ballot === ballot);
    if (known?.holders.includes(node) === true && known.value === value) return null;
    const holders = [...(known?.holders ?? []).filter((other) => other !== node), node];
    const event = known?.event ?? world.eventIndex;
    const next: Held = { ballot, value: known?.value ?? value, holders, event };
    const others = held.filter((one) => one.ballot !== ballot);
    this.records.set(slot, { held: [...others, next], choice });
    if (known !== undefined && !isSameValue(known.value, value)) return known;
    return null;
  }

  /** Under which of the proposals that this node stores in the slot a quorum has chosen it. */
  chosenBy(world: WorldView, slot: number, ballot: number): boolean {
    const acceptors = this.acceptorsAt(slot);
    const held = this.records.get(slot)?.held.find((one) => one.ballot === ballot);
    const quorum = acceptQuorumOf(world, acceptors.length);
    if (held === undefined || held.holders.length < quorum) return false;
    let count = 0;
    for (const node of held.holders) if (acceptors.includes(nameOf(world, node))) count++;
    return count >= quorum;
  }

  /** Notes a choice; returns an earlier one of another value, if there is one. */
  choose(slot: number, choice: Choice): Choice | null {
    const record = this.records.get(slot) ?? nothing;
    if (record.choice !== null) {
      return isSameValue(record.choice.value, choice.value) ? null : record.choice;
    }
    this.records.set(slot, { ...record, choice });
    return null;
  }

  /** Follows the prefix of chosen slots, for the configurations in it. */
  advance(window: number): void {
    for (;;) {
      const slot = this.decided + 1;
      const choice = slot <= this.records.floor ? null : this.records.get(slot)?.choice;
      if (choice === undefined || (choice === null && slot > this.records.floor)) return;
      this.decided = slot;
      const acceptors = choice?.value.acceptors;
      if (acceptors === undefined) continue;
      this.configurations = [...this.configurations, { from: slot + window, acceptors }];
    }
  }

  /** Who accepts in a slot, which is at most α beyond the chosen ones. */
  acceptorsAt(slot: number): readonly NodeId[] {
    const { configurations } = this;
    let i = configurations.length - 1;
    while (i > 0 && (configurations[i] as Configuration).from > slot) i--;
    return configurations[i]?.acceptors ?? [];
  }

  holdersOf(slot: number): readonly Held[] {
    return this.records.get(slot)?.held ?? [];
  }

  choiceOf(slot: number): Choice | null {
    return this.records.get(slot)?.choice ?? null;
  }

  isForgotten(slot: number): boolean {
    return slot <= this.records.floor;
  }

  forget(base: number): void {
    this.records.forget(Math.min(base, this.decided));
  }

  hash(place: (node: number) => number): number {
    let sum = 0;
    this.records.each((slot, { held, choice }) => {
      for (const { ballot, holders, value } of held) {
        const set = holders.reduce((bits, node) => (bits + finish(place(node))) | 0, 0);
        sum = (sum + finish(hashPlain(mix(mix(slot, ballot), set), value))) | 0;
      }
      if (choice !== null) sum = (sum + finish(hashPlain(mix(slot, 7), choice.value))) | 0;
    });
    return sum;
  }
}
