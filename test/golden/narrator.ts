/** Tells what one event did: what changed in its node, and what the node sent. */
import {
  describeCommand,
  describeMessage,
  EventKind,
  eventLabel,
  type Answer,
  type AnyMessage,
  type Observer,
  type PendingEvent,
  type SendRecord,
  type World,
} from '../../sim/engine/index.ts';
import type { Log } from '../../protocols/common/log.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import type { RaftState } from '../../protocols/raft/state.ts';

/** A node as it was before an event. */
interface Before {
  readonly summary: string;
  readonly log: Log<Entry>;
  readonly commitIndex: number;
  readonly lastApplied: number;
  readonly snapshotIndex: number;
  readonly hadElectionTimer: boolean;
  readonly held: number;
}

export class Narrator implements Observer {
  /** What left the nodes since the last event began. */
  private sent: SendRecord[] = [];

  onSend(send: SendRecord): void {
    this.sent.push(send);
  }

  afterEvent(): void {}

  /** Lets an event happen, and returns its label and, indented, what it did. */
  tell(world: World, event: PendingEvent): string[] {
    const subject = subjectOf(world, event);
    const before = remember(world, subject);
    const isLost = event.kind !== EventKind.fault && world.nodes[subject]?.status !== 'up';
    const label = eventLabel(world, event);
    this.sent = [];
    const violation = world.perform(event);
    const lines = isLost ? [`lost: ${world.nodeIds[subject]} is down`] : [];
    lines.push(...changes(world, subject, before));
    for (const send of this.sent) lines.push(describeSend(world, send));
    lines.push(...describeHeld(world, subject, before?.held ?? 0));
    if (violation !== null) {
      lines.push(`VIOLATED ${violation.invariant}: ${violation.message}`);
      for (const { text } of violation.facts) lines.push(`  ${text}`);
    }
    return [label, ...lines.map((line) => `  ${line}`)];
  }
}

/** `n1 leader term=1 votedFor=n1` */
export function summaryOf(world: World, index: number): string {
  const state = stateOf(world, index);
  if (state === null) return `${world.nodeIds[index]} down`;
  const { role, currentTerm, votedFor } = state;
  return `${world.nodeIds[index]} ${role} term=${currentTerm} votedFor=${votedFor}`;
}

/** The protocol's state, or null when the node is down. */
export function stateOf(world: World, index: number): RaftState | null {
  return (world.nodes[index]?.state ?? null) as RaftState | null;
}

/** What an entry asks of the state machine. */
export function describeEntry({ request }: Entry): string {
  return request === null ? 'no-op' : describeCommand(request.command);
}

/** The index of the node that the event is about. */
function subjectOf(world: World, event: PendingEvent): number {
  if (event.kind !== EventKind.fault) return event.actor;
  const { node } = event.payload as unknown as { readonly node: string };
  return world.nodeIds.indexOf(node);
}

function remember(world: World, index: number): Before | null {
  const state = stateOf(world, index);
  if (state === null) return null;
  return {
    summary: summaryOf(world, index),
    log: state.log.fork(),
    commitIndex: state.commitIndex,
    lastApplied: state.lastApplied,
    snapshotIndex: state.snapshot?.lastIncludedIndex ?? 0,
    hadElectionTimer: electionTimer(world, index)?.armed ?? false,
    held: heldBack(world, index).length,
  };
}

function changes(world: World, index: number, before: Before | null): string[] {
  const state = stateOf(world, index);
  const summary = summaryOf(world, index);
  if (state === null) return before === null ? [] : [summary];
  if (before === null) return [summary, ...describeRestart(state)];
  const name = world.nodeIds[index];
  const lines = summary === before.summary ? [] : [summary];
  const told = logChanges(before.log, state.log);
  if (state.commitIndex !== before.commitIndex) told.push(`commits ${state.commitIndex}`);
  told.push(...applications(state, before), ...compaction(state, before));
  lines.push(...told.map((change) => `${name} ${change}`));
  const timer = electionTimer(world, index);
  if (timer?.armed === true && timer.cause === world.eventIndex) {
    lines.push(`${name} restarts its election timer`);
  } else if (before.hadElectionTimer && timer?.armed !== true && summary !== before.summary) {
    lines.push(`${name} stops its election timer`);
  }
  return lines;
}

/** A follower that is new in town: what its disk gave back. */
function describeRestart(state: RaftState): string[] {
  const { log, commitIndex } = state;
  return [`its disk had log=${extentOf(log)} commit=${commitIndex}`];
}

/** `2..7`, or `empty`. */
export function extentOf(log: Log<Entry>): string {
  if (log.lastIndex < log.firstIndex) return 'empty';
  return `${log.firstIndex}..${log.lastIndex}`;
}

function logChanges(before: Log<Entry>, after: Log<Entry>): string[] {
  const lines: string[] = [];
  if (isStartedOver(before, after)) {
    if (before.lastIndex > before.baseIndex) lines.push(`discards its log ${extentOf(before)}`);
    return [...lines, `begins its log behind ${after.baseIndex}/${after.baseTerm}`];
  }
  const first = Math.max(before.firstIndex, after.firstIndex);
  let same = first - 1;
  while (same < before.lastIndex && before.at(same + 1) === after.at(same + 1)) same++;
  if (same < before.lastIndex) lines.push(`drops ${range(same + 1, before.lastIndex)}`);
  const added: string[] = [];
  for (let i = Math.max(same, after.baseIndex) + 1; i <= after.lastIndex; i++) {
    added.push(`${i}/${after.termAt(i)}`);
  }
  if (added.length > 0) lines.push(`appends ${added.join(' ')}`);
  return lines;
}

/** A snapshot took the place of a log that did not have its last entry. */
function isStartedOver(before: Log<Entry>, after: Log<Entry>): boolean {
  const { baseIndex, baseTerm } = after;
  if (baseIndex === before.baseIndex || after.truncations === before.truncations) return false;
  return before.termAt(baseIndex) !== baseTerm;
}

function compaction({ log, snapshot }: RaftState, before: Before): string[] {
  const lines: string[] = [];
  const last = snapshot?.lastIncludedIndex ?? 0;
  if (last > before.snapshotIndex) lines.push(`has a snapshot of 1..${last}`);
  if (log.baseIndex > before.log.baseIndex && !isStartedOver(before.log, log)) {
    lines.push(`compacts its log up to ${log.baseIndex}/${log.baseTerm}`);
  }
  return lines;
}

function applications(state: RaftState, before: Before): string[] {
  const lines: string[] = [];
  for (let i = before.lastApplied + 1; i <= state.lastApplied; i++) {
    // An entry may be compacted in the moment in which it is applied: then ask the log before.
    const isSame = state.log.truncations === before.log.truncations;
    const entry = state.log.at(i) ?? (isSame ? before.log.at(i) : undefined);
    if (entry !== undefined) lines.push(`applies ${i}/${entry.term} ${describeEntry(entry)}`);
  }
  return lines;
}

function describeSend(world: World, { from, to, payload, dropped }: SendRecord): string {
  const fate = dropped === null ? '' : ' (lost)';
  return `${world.nodeIds[from]} -> ${describeParcel(world, to, payload)}${fate}`;
}

function describeParcel(world: World, to: number, payload: SendRecord['payload']): string {
  if (to < world.nodeIds.length) {
    const message = payload as AnyMessage;
    return `${world.nodeIds[to]} ${message.type} ${describeMessage(world.protocol, message)}`;
  }
  const { sequence, response } = payload as Answer;
  const { id } = world.clients[to - world.nodeIds.length] as { readonly id: string };
  const said =
    response.type === 'ok'
      ? `ok ${JSON.stringify(response.value)}`
      : `${response.code}${response.hint === undefined ? '' : ` try ${response.hint}`}`;
  return `${id} seq=${sequence} ${said}`;
}

/** What waits for the disk of a node, in order. */
function heldBack(world: World, index: number): string[] {
  const writes = world.nodes[index]?.disk.writes ?? [];
  return writes.flatMap(({ outbox }) =>
    (outbox ?? []).map(({ to, payload }) => describeParcel(world, to, payload)),
  );
}

function describeHeld(world: World, index: number, before: number): string[] {
  const held = heldBack(world, index).slice(before);
  return held.map((parcel) => `waits for the disk: ${world.nodeIds[index]} -> ${parcel}`);
}

function electionTimer(world: World, index: number) {
  return world.nodes[index]?.timers.get('election');
}

function range(first: number, last: number): string {
  return first === last ? `${first}` : `${first}..${last}`;
}
