/**
 * Tells a run as a story: who led when, what was cut off, who lost what, when all agreed again. It
 * reads nothing but observations, faults and outcomes, so it can tell of any protocol.
 */
import { EventKind, type Completion, type EventRecord, type FaultAction } from '../engine/index.ts';
import type { PendingEvent, Violation, World, WorldView } from '../engine/index.ts';
import type { RunObserver } from '../trace/run-scenario.ts';
import { conflictOf } from './story/conflict.ts';
import { Cuts, leaderOf, type Seen } from './story/cuts.ts';
import { Elections } from './story/elections.ts';
import { Entries, type Entry } from './story/entries.ts';
import { faultText } from './story/fault-words.ts';
import { Lies } from './story/lies.ts';
import { agreement } from './story/agreement.ts';
import { count, epochWord, list, ranges, some } from './story/words.ts';

/** Something worth telling. Times in microseconds. */
export interface Moment {
  readonly at: number;
  readonly text: string;
  readonly details: readonly string[];
}

export interface Tale {
  readonly moments: readonly Moment[];
  /** How things stand in the end. */
  readonly ending: Moment;
}

export class Story implements RunObserver {
  private readonly moments: Moment[] = [];
  private world!: World; // `begin` sets it before the first event.
  private seen: Seen[] = [];
  private entries = new Entries(0);
  private elections = new Elections(0, '');
  private cuts = new Cuts([], this.entries);
  private readonly lies = new Lies();
  private fault: FaultAction | null = null;
  private readonly outcomes = { ok: 0, fail: 0, info: 0 };
  private lastDropped = '';
  /** Set from the end of a disturbance until all agree: what was decided when it ended. */
  private awaited: number | null = null;

  begin(world: World): void {
    this.world = world;
    const { nodeIds } = world;
    this.seen = nodeIds.map(() => null);
    this.entries = new Entries(nodeIds.length);
    this.elections = new Elections(nodeIds.length, epochWord(world.protocol.name));
    this.cuts = new Cuts(nodeIds, this.entries);
    this.tell(0, opening(world));
    nodeIds.forEach((_, node) => this.look(node, -1));
  }

  beforeEvent(event: PendingEvent): void {
    this.elections.before(this.world, event);
  }

  onFault(done: FaultAction): void {
    this.fault = done;
  }

  onOutcome(_client: number, _sequence: number, { type }: Completion): void {
    this.outcomes[type]++;
  }

  afterEvent(_world: WorldView, { event }: EventRecord): void {
    if (event.kind === EventKind.fault) this.afterFault();
    else if (event.actor < this.seen.length) this.look(event.actor, event.from);
    else return;
    this.agreed();
  }

  /** The tale so far. */
  finish(): Tale {
    const { world } = this;
    const failed = this.elections.failed();
    if (failed !== null) this.tell(world.now, failed);
    const { violation } = world;
    if (violation !== null) this.tellViolation(violation);
    const details = [this.lies.summary(), this.afterlife(), this.operations()].filter(
      (line) => line !== null,
    );
    const ending = { at: world.now, text: agreement(world, this.seen), details };
    return { moments: this.moments, ending };
  }

  /**
   * What is violated; and before it, each at its time, the operations that contradict each other.
   */
  private tellViolation(violation: Violation): void {
    const { at, invariant, message } = violation;
    const operations = conflictOf(this.world, violation);
    this.moments.push(...operations);
    this.moments.sort((a, b) => a.at - b.at);
    const [first = '', ...more] = message.split(/(?<=\.) /);
    if (more.length === 0) this.tell(at, `violation of ${invariant}: ${message}`);
    else this.tell(at, `violation of ${invariant}`, [first, ...more]);
  }

  private afterFault(): void {
    const { fault, seen } = this;
    this.fault = null;
    if (fault === null || this.lies.isKnown(fault)) return;
    const text = faultText(fault, seen.length);
    const before = seen.slice();
    if (text === null) return;
    const failed = this.elections.failed();
    if (failed !== null) this.tell(this.world.now, failed);
    const details = this.detailsOf(fault, before);
    this.tell(this.world.now, `${text}${this.ledBy(fault, before)}`, details);
    if (fault.kind === 'wipe') {
      for (const name of fault['nodes'] as string[]) this.entries.forget(this.nodeOf(name));
    }
    seen.forEach((_, node) => this.look(node, -1));
    // Who agrees at once was not disturbed.
    if (isEnd(fault)) this.awaited = this.agree(this.entries.decided) ? null : this.entries.decided;
  }

  /** What there is to say about a fault beside its name. */
  private detailsOf(fault: FaultAction, before: readonly Seen[]): string[] {
    const { kind } = fault;
    if (kind === 'end') return this.cuts.end(fault['fault'] as FaultAction, before);
    if (kind === 'heal' && 'partitions' in (fault['healed'] as object)) {
      return this.cuts.end(null, before);
    }
    if (cutKinds.includes(kind)) return this.cuts.begin(fault, before);
    return [];
  }

  /** Whether a fault has stopped the leader. */
  private ledBy({ kind, nodes }: FaultAction, before: readonly Seen[]): string {
    if (!stopKinds.includes(kind)) return '';
    const leader = leaderOf(before);
    const name = this.world.nodeIds[leader];
    if (name === undefined || !(nodes as string[]).includes(name)) return '';
    const word = epochWord(this.world.protocol.name);
    const who = (nodes as string[]).length === 1 ? 'it' : name;
    return ` (${who} led ${word} ${before[leader]?.epoch})`;
  }

  /** Looks at one node, and tells what is new about it. */
  private look(node: number, from: number): void {
    const { world, entries } = this;
    const { state, status } = world.nodes[node] as World['nodes'][number];
    const seen = state === null || status === 'down' ? null : world.protocol.observe(state);
    this.seen[node] = seen;
    const change = this.elections.see(world, node, seen, from);
    if (change !== null) {
      this.tell(world.now, change.text, change.type === 'elected' ? change.details : []);
    }
    if (seen === null) return;
    const { lost, snapshot } = entries.see(node, seen);
    if (lost.length > 0) this.lost(node, lost);
    if (snapshot > 0 && world.eventIndex >= 0) {
      this.tell(world.now, `${world.nodeIds[node]} is given a snapshot up to entry ${snapshot}`);
    }
  }

  private lost(node: number, lost: readonly Entry[]): void {
    const { world, entries } = this;
    const logs = this.seen.map((one) => one?.log ?? null);
    const committed = lost.filter((entry) => entries.wasDecided(entry));
    const others = lost.filter((entry) => !entries.wasDecided(entry));
    const name = world.nodeIds[node] as string;
    if (committed.length > 0) this.tell(world.now, `${name} loses ${which(committed)}, committed!`);
    if (others.length === 0) return;
    entries.drop(others, logs);
    const terms = [...new Set(others.map(({ term }) => term))];
    const word = epochWord(world.protocol.name);
    const of = `${word}${terms.length === 1 ? '' : 's'} ${list(terms.map(String))}`;
    const what = `${which(others)} of ${of}`;
    const words = others.flatMap(({ request }) => (request === null ? [] : [request.words]));
    const asked = words.length === 0 ? '' : some(words);
    if (asked !== '' && `${what} ${asked}` === this.lastDropped) {
      this.tell(world.now, `${name} drops the same entries`);
      return;
    }
    this.lastDropped = `${what} ${asked}`;
    this.tell(world.now, `${name} drops ${what}, never committed`, asked === '' ? [] : [asked]);
  }

  /** Tells once, after a disturbance has ended, that all logs agree again. */
  private agreed(): void {
    const { awaited, seen, world } = this;
    if (awaited === null || this.cuts.any || !this.agree(awaited)) return;
    this.awaited = null;
    const all = seen.length === 1 ? 'its log has' : `all ${seen.length} logs agree again and have`;
    this.tell(world.now, `${all} everything that was committed, up to entry ${awaited}`);
  }

  /** Whether every log is the leader's as far as it goes, and knows that so much is decided. */
  private agree(decided: number): boolean {
    const { seen } = this;
    const log = seen[leaderOf(seen)]?.log ?? null;
    if (log === null) return false;
    return seen.every((one) => {
      if (one === null || one.log === null || one.decided < decided) return false;
      const { lastIndex } = one.log;
      return lastIndex <= log.lastIndex && one.log.termAt(lastIndex) === log.termAt(lastIndex);
    });
  }

  /** What became of the operations in entries that were dropped. */
  private afterlife(): string | null {
    const { dropped } = this.entries;
    if (dropped.size === 0) return null;
    const found = [...dropped.values()].filter((place) => place !== null);
    const places = found.toSorted((a, b) => a - b);
    const many = dropped.size === 1 ? 'operation' : `${dropped.size} operations`;
    const all = `${many} dropped on the way`;
    if (places.length === 0) return `the ${all} never happened`;
    const where = `${places.length === 1 ? 'entry' : 'entries'} ${some(places.map(String), 4)}`;
    if (places.length === dropped.size) return `the ${all} went through at another try (${where})`;
    return `of the ${all}, ${places.length} went through at another try (${where})`;
  }

  private operations(): string | null {
    const { ok, fail, info } = this.outcomes;
    const open = this.world.clients.filter((client) => client.open !== null).length;
    if (ok + fail + info + open === 0) return null;
    const parts = [`${count(ok, 'operation')} confirmed to clients`];
    if (fail > 0) parts.push(`${fail} refused`);
    if (info > 0) parts.push(`${info} in doubt`);
    if (open > 0) parts.push(`${open} still open`);
    return parts.join(', ');
  }

  private nodeOf(name: string): number {
    return this.world.nodeIds.indexOf(name);
  }

  private tell(at: number, text: string, details: readonly string[] = []): void {
    const last = this.moments.at(-1);
    // Several weathers may end at once.
    if (last?.at === at && last.text === text && details.length === 0) return;
    this.moments.push({ at, text, details });
  }
}

const cutKinds = ['partition', 'flapping', 'bridge', 'isolate', 'one-way', 'majorities-ring'];
const stopKinds = ['crash', 'wipe', 'pause'];

/** Whether things may get better from here on. */
function isEnd({ kind }: FaultAction): boolean {
  return ['heal', 'end', 'restart', 'resume'].includes(kind);
}

/** `entries 3–5`, with gaps between if there are. */
function which(entries: readonly Entry[]): string {
  const word = entries.length === 1 ? 'entry' : 'entries';
  return `${word} ${ranges(entries.map(({ index }) => index))}`;
}

function opening({ nodeIds, nodes, protocol }: World): string {
  const logs = nodes.map(({ state }) => (state === null ? null : protocol.observe(state).log));
  const names = nodeIds.length > 9 ? `${nodeIds.length} nodes` : nodeIds.join(' ');
  const lengths = logs.map((log) => log?.lastIndex ?? 0);
  const lasts = logs.map((log) => `${log?.lastIndex ?? 0}/${log?.termAt(log.lastIndex) ?? 0}`);
  const [length = 0] = lengths;
  if (new Set(lasts).size === 1) {
    const past = length === 0 ? 'nothing' : `the same log of ${count(length, 'entry', 'entries')}`;
    return `${names} start with ${past}`;
  }
  const each = lengths.map((own, node) => `${nodeIds[node]} ${own}`);
  return `${names} start with different logs: ${some(each, 9)} entries long`;
}
