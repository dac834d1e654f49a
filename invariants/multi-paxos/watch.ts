/**
 * One look at a node after each event: what changed there? Only then the invariants are asked, so
 * an event that changed nothing costs a few comparisons.
 */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Proposal } from '../../protocols/multi-paxos/messages.ts';
import type { Slots } from '../../protocols/multi-paxos/slots.ts';
import type { MultiPaxosState } from '../../protocols/multi-paxos/state.ts';
import { lowestBase, optionsOf, stateOf, storedBy } from './cluster.ts';
import { Ledger, type Held } from './ledger.ts';

/** A node as it was when it was last looked at; null fields: not in this life. */
export interface Before {
  readonly incarnation: number;
  readonly promised: number;
  readonly promisedSince: number;
  readonly leads: number;
  readonly decided: number;
  readonly applied: number;
  readonly accepted: Slots | null;
  readonly stored: Slots | null;
  readonly chosen: Slots | null;
  /** How many promises its proposer has counted, and for which ballot. */
  readonly promises: number;
  readonly ballot: number;
}

/** Something has come to be on a disk; its node may be down. */
export interface StoredChange {
  readonly world: WorldView;
  readonly node: number;
  readonly ledger: Ledger;
  readonly slot: number;
  readonly proposal: Proposal;
}

export interface Change {
  readonly world: WorldView;
  readonly node: number;
  readonly state: MultiPaxosState;
  readonly before: Before;
  readonly ledger: Ledger;
}

export interface SlotChange extends Change {
  readonly slot: number;
  readonly proposal: Proposal;
  /** What was in the slot before, in this life. */
  readonly was: Proposal | undefined;
}

type Answer = Finding | null;

/** An invariant's part: a memory, and what it wants to hear of. */
export interface Checker {
  /** Its proposer has counted another promise. */
  onCounted?(change: Change): Answer;
  /** Its proposer has something else in flight, perhaps. */
  onProposing?(change: Change): Answer;
  /** A new life, or another promised ballot. */
  onPromised?(change: Change): Answer;
  onAccepted?(change: SlotChange): Answer;
  /** A node begins to lead a ballot. */
  onLead?(change: Change): Answer;
  /** Two values are stored under one ballot. */
  onConflict?(change: StoredChange, other: Held): Answer;
  /** A quorum has come to store what is stored here now. */
  onQuorum?(change: StoredChange): Answer;
  onLearned?(change: SlotChange): Answer;
  onProgress?(change: Change): Answer;
  fork(): Checker;
  hash?(place: (node: number) => number): number;
}

type Facts = Pick<Invariant, 'id' | 'title' | 'source'>;

const makers = new Map<string, (world: WorldView) => Checker>();

/** An invariant whose part is asked by the one monitor that looks for all of them. */
export function paxosInvariant(facts: Facts, create: (world: WorldView) => Checker): Invariant {
  makers.set(facts.id, create);
  return {
    ...facts,
    create: (world) => together(world, [facts]),
    together,
  };
}

function together(world: WorldView, invariants: readonly Pick<Invariant, 'id'>[]): Monitor {
  const checkers = invariants.map(({ id }) =>
    (makers.get(id) as (of: WorldView) => Checker)(world),
  );
  const ids = invariants.map(({ id }) => id);
  return new Watch(ids, checkers, new Ledger(world), []);
}

const unseen: Before = {
  incarnation: -1,
  promised: 0,
  promisedSince: -1,
  leads: -1,
  decided: 0,
  applied: 0,
  accepted: null,
  stored: null,
  chosen: null,
  promises: 0,
  ballot: 0,
};

class Watch implements Monitor {
  private readonly ids: readonly string[];
  private readonly checkers: readonly Checker[];
  private readonly ledger: Ledger;
  /** By node; notes are replaced, never changed. */
  private readonly seen: Before[];

  constructor(
    ids: readonly string[],
    checkers: readonly Checker[],
    ledger: Ledger,
    seen: Before[],
  ) {
    this.ids = ids;
    this.checkers = checkers;
    this.ledger = ledger;
    this.seen = seen;
  }

  afterEvent(world: WorldView, node: number): Answer {
    const known = this.seen[node] ?? unseen;
    const stored = storedBy(world, node);
    const state = stateOf(world, node);
    let finding: Answer = null;
    if (stored !== null && stored.version !== known.stored?.version) {
      finding = this.lookAtDisk(world, node, stored, known);
    }
    if (state === null) {
      this.note(node, { ...known, stored });
      return finding;
    }
    const { incarnation } = world.nodes[node] as NodeView;
    const before = known.incarnation === incarnation ? known : { ...unseen, incarnation, stored };
    const change = { world, node, state, before, ledger: this.ledger };
    finding ??= this.lookAtState(change, known.incarnation !== incarnation);
    this.noteState(change, stored);
    return finding;
  }

  fork(): Monitor {
    const checkers = this.checkers.map((checker) => checker.fork());
    return new Watch(this.ids, checkers, this.ledger.fork(), this.seen.slice());
  }

  hash(place = (node: number) => node): number {
    let h = this.ledger.hash(place);
    for (const checker of this.checkers) h = mix(h, checker.hash?.(place) ?? 0);
    let sum = 0;
    for (let node = 0; node < this.seen.length; node++) {
      const { promised, leads } = this.seen[node] ?? unseen;
      sum = (sum + finish(mix(mix(place(node), promised), leads))) | 0;
    }
    return mix(h, sum);
  }

  /** What is new on a disk may make a quorum. */
  private lookAtDisk(world: WorldView, node: number, stored: Slots, known: Before): Answer {
    for (const slot of filled(stored, known.stored)) {
      const proposal = stored.get(slot);
      if (proposal === undefined) continue;
      const about = { world, node, ledger: this.ledger, slot, proposal };
      const other = this.ledger.store(world, node, slot, proposal);
      if (other !== null) {
        const finding = this.ask((checker) => checker.onConflict?.(about, other));
        if (finding !== null) return finding;
      }
      if (!this.ledger.chosenBy(world, slot, proposal.ballot)) continue;
      const finding = this.ask((checker) => checker.onQuorum?.(about));
      const { ballot, value } = proposal;
      const event = world.eventIndex;
      this.ledger.choose(slot, { ballot, value, node, event, how: 'a quorum stores it' });
      if (finding !== null) return finding;
    }
    this.ledger.advance(optionsOf(world).window);
    if (stored.base > (known.stored?.base ?? 0)) this.ledger.forget(lowestBase(world));
    return null;
  }

  private lookAtState(change: Change, isNewLife: boolean): Answer {
    const { state, before } = change;
    const { accepted, chosen } = state;
    let finding: Answer = null;
    if (state.role === 'leader') finding = this.ask((checker) => checker.onProposing?.(change));
    if (isNewLife || state.promised !== before.promised) {
      finding ??= this.ask((checker) => checker.onPromised?.(change));
    }
    if (ledBallot(state) !== before.leads && state.role === 'leader') {
      finding ??= this.ask((checker) => checker.onLead?.(change));
    }
    if (accepted.version !== before.accepted?.version) {
      finding ??= this.each(change, accepted, before.accepted, (checker, about) =>
        checker.onAccepted?.(about),
      );
    }
    if (chosen.version !== before.chosen?.version) {
      finding ??= this.each(change, chosen, before.chosen, (checker, about) =>
        checker.onLearned?.(about),
      );
      for (const { slot, ballot, value } of learnedNow(chosen, before.chosen)) {
        const { node, world } = change;
        const event = world.eventIndex;
        this.ledger.choose(slot, { ballot, value, node, event, how: 'learned' });
      }
      this.ledger.advance(optionsOf(change.world).window);
    }
    if (isNewLife || state.decided !== before.decided || state.applied !== before.applied) {
      finding ??= this.ask((checker) => checker.onProgress?.(change));
    }
    if (state.role === 'follower') return finding;
    if (state.promises.length !== before.promises || state.ballot !== before.ballot) {
      finding ??= this.ask((checker) => checker.onCounted?.(change));
    }
    return finding;
  }

  private each(
    change: Change,
    slots: Slots,
    before: Slots | null,
    how: (checker: Checker, about: SlotChange) => Answer | undefined,
  ): Answer {
    for (const slot of filled(slots, before)) {
      const proposal = slots.get(slot);
      const was = before?.get(slot);
      // Where it is not known what changed, most has not.
      if (proposal === undefined || proposal === was) continue;
      const about = { ...change, slot, proposal, was };
      const finding = this.ask((checker) => how(checker, about));
      if (finding !== null) return finding;
    }
    return null;
  }

  private ask(how: (checker: Checker) => Answer | undefined): Answer {
    for (let i = 0; i < this.checkers.length; i++) {
      const finding = how(this.checkers[i] as Checker) ?? null;
      if (finding !== null) return { ...finding, invariant: this.ids[i] as string };
    }
    return null;
  }

  private note(node: number, before: Before): void {
    while (this.seen.length <= node) this.seen.push(unseen);
    this.seen[node] = before;
  }

  private noteState({ world, node, state, before }: Change, stored: Slots | null): void {
    const { promised, decided, applied, accepted, chosen } = state;
    const isSame = (now: Slots, then: Slots | null) => now.version === then?.version;
    this.note(node, {
      incarnation: before.incarnation,
      promised,
      promisedSince: promised === before.promised ? before.promisedSince : world.eventIndex,
      leads: ledBallot(state),
      decided,
      applied,
      accepted: isSame(accepted, before.accepted) ? before.accepted : accepted.fork(),
      stored,
      chosen: isSame(chosen, before.chosen) ? before.chosen : chosen.fork(),
      promises: state.promises.length,
      ballot: state.ballot,
    });
  }
}

/** The slots that were filled in the meantime; all of them where that is not known. */
function filled(slots: Slots, before: Slots | null): readonly number[] {
  const recent = before === null ? null : slots.filledSince(before.changes);
  return recent ?? slots.range(slots.base + 1, slots.last).map(({ slot }) => slot);
}

function learnedNow(chosen: Slots, before: Slots | null) {
  return filled(chosen, before).flatMap((slot) => {
    const proposal = chosen.get(slot);
    return proposal === undefined ? [] : [{ slot, ...proposal }];
  });
}

export function ledBallot(state: MultiPaxosState): number {
  return state.role === 'leader' ? state.ballot : -1;
}
