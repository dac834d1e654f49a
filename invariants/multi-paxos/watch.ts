/**
 * One look at a node after each event: what changed there? Only then the invariants are asked, so
 * an event that changed nothing costs a few comparisons.
 */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { NodeView, WorldView } from '../../sim/engine/view.ts';
import type { Proposal } from '../../protocols/multi-paxos/messages.ts';
import type { Slots } from '../../protocols/multi-paxos/slots.ts';
import {
  forEachHook,
  type Answer,
  type Asked,
  type Before,
  type Change,
  type Checker,
  type Hook,
  type SlotChange,
  type StoredChange,
} from './checker.ts';
import { lowestBase, optionsOf, stateOf, storedBy } from './cluster.ts';
import { Ledger, type Choice, type Held } from './ledger.ts';

export type { Change, Checker, SlotChange, StoredChange } from './checker.ts';

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
  /** For each hook the checkers that have it. */
  private readonly interests: Readonly<Record<Hook, readonly number[]>>;
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
    const interested = (hook: Hook) =>
      checkers.flatMap((checker, i) => (checker[hook] === undefined ? [] : [i]));
    this.interests = forEachHook(interested);
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
    const { ledger } = this;
    for (const slot of filled(stored, known.stored)) {
      const proposal = stored.get(slot);
      if (proposal === undefined || proposal === known.stored?.get(slot)) continue;
      const about: StoredChange = { world, node, ledger, slot, proposal };
      const other = ledger.store(world, node, slot, proposal);
      let finding = other === null ? null : this.ask('onConflict', about, other);
      if (finding !== null) return finding;
      if (!ledger.chosenBy(world, slot, proposal.ballot)) continue;
      finding = this.ask('onQuorum', about);
      this.choose(world, node, slot, proposal, 'a quorum stores it');
      if (finding !== null) return finding;
    }
    ledger.advance(optionsOf(world).window);
    if (stored.base > (known.stored?.base ?? 0)) ledger.forget(lowestBase(world));
    return null;
  }

  private lookAtState(change: Change, isNewLife: boolean): Answer {
    const { state, before } = change;
    const { accepted, chosen, role } = state;
    let finding: Answer = null;
    if (role === 'leader') finding = this.ask('onProposing', change);
    if (isNewLife || state.promised !== before.promised) {
      finding ??= this.ask('onPromised', change);
    }
    if (role === 'leader' && state.ballot !== before.leads) {
      finding ??= this.ask('onLead', change);
    }
    if (accepted.version !== before.accepted?.version) {
      finding ??= this.lookAtSlots('onAccepted', change, accepted, before.accepted);
    }
    if (chosen.version !== before.chosen?.version) {
      finding ??= this.lookAtSlots('onLearned', change, chosen, before.chosen);
      this.ledger.advance(optionsOf(change.world).window);
    }
    if (isNewLife || state.decided !== before.decided || state.applied !== before.applied) {
      finding ??= this.ask('onProgress', change);
    }
    if (role === 'follower') return finding;
    if (state.promises.length !== before.promises || state.ballot !== before.ballot) {
      finding ??= this.ask('onCounted', change);
    }
    return finding;
  }

  private lookAtSlots(
    hook: 'onAccepted' | 'onLearned',
    { world, node, state, before, ledger }: Change,
    slots: Slots,
    old: Slots | null,
  ): Answer {
    let finding: Answer = null;
    for (const slot of filled(slots, old)) {
      const proposal = slots.get(slot);
      const was = old?.get(slot);
      // Where it is not known what changed, most has not.
      if (proposal === undefined || proposal === was) continue;
      const about: SlotChange = { world, node, state, before, ledger, slot, proposal, was };
      finding ??= this.ask(hook, about);
      if (hook === 'onLearned') this.choose(world, node, slot, proposal, 'learned');
    }
    return finding;
  }

  private choose(
    { eventIndex: event }: WorldView,
    node: number,
    slot: number,
    { ballot, value }: Proposal,
    how: Choice['how'],
  ): void {
    if (this.ledger.choiceOf(slot) !== null) return;
    this.ledger.choose(slot, { ballot, value, node, event, how });
  }

  private ask(hook: Hook, about: object, other?: Held): Answer {
    const interested = this.interests[hook];
    for (let i = 0; i < interested.length; i++) {
      const part = interested[i] as number;
      const finding = (this.checkers[part] as unknown as Asked)[hook](about, other);
      if (finding !== null) return { ...finding, invariant: this.ids[part] as string };
    }
    return null;
  }

  private note(node: number, before: Before): void {
    while (this.seen.length <= node) this.seen.push(unseen);
    this.seen[node] = before;
  }

  private noteState({ world, node, state, before }: Change, stored: Slots | null): void {
    const { promised, decided, applied, accepted, chosen, promises, ballot } = state;
    const leads = state.role === 'leader' ? ballot : -1;
    const isSame =
      before === this.seen[node] &&
      promised === before.promised &&
      accepted.version === before.accepted?.version &&
      chosen.version === before.chosen?.version &&
      stored === before.stored &&
      leads === before.leads &&
      ballot === before.ballot &&
      promises.length === before.promises &&
      decided === before.decided &&
      applied === before.applied;
    if (isSame) return;
    this.note(node, {
      incarnation: before.incarnation,
      promised,
      promisedSince: promised === before.promised ? before.promisedSince : world.eventIndex,
      leads,
      decided,
      applied,
      accepted: copyOf(accepted, before.accepted),
      stored,
      chosen: copyOf(chosen, before.chosen),
      promises: promises.length,
      ballot,
    });
  }
}

function copyOf(slots: Slots, before: Slots | null): Slots {
  return before !== null && slots.version === before.version ? before : slots.fork();
}

/** The slots that were filled in the meantime; all of them where that is not known. */
function filled(slots: Slots, before: Slots | null): readonly number[] {
  const recent = before === null ? null : slots.filledSince(before.changes);
  return recent ?? slots.range(slots.base + 1, slots.last).map(({ slot }) => slot);
}
