/** Tells what one event did: what changed in its node, and what the node sent. */
import {
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
import type { Dialect } from './dialect.ts';

/** A node as it was before an event. */
interface Before {
  readonly summary: string;
  readonly memory: unknown;
  readonly hadTimer: boolean;
  readonly held: number;
}

export class Narrator implements Observer {
  private readonly dialect: Dialect;
  /** What left the nodes since the last event began. */
  private sent: SendRecord[] = [];

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  onSend(send: SendRecord): void {
    this.sent.push(send);
  }

  afterEvent(): void {}

  /** Lets an event happen, and returns its label and, indented, what it did. */
  tell(world: World, event: PendingEvent): string[] {
    const subject = subjectOf(world, event);
    const before = this.remember(world, subject);
    const isLost = event.kind !== EventKind.fault && world.nodes[subject]?.status !== 'up';
    const label = eventLabel(world, event);
    this.sent = [];
    const violation = world.perform(event);
    const lines = isLost ? [`lost: ${world.nodeIds[subject]} is down`] : [];
    lines.push(...this.changes(world, subject, before));
    for (const send of this.sent) lines.push(describeSend(world, send));
    lines.push(...describeHeld(world, subject, before?.held ?? 0));
    if (violation !== null) {
      lines.push(`VIOLATED ${violation.invariant}: ${violation.message}`);
      for (const { text } of violation.facts) lines.push(`  ${text}`);
    }
    return [label, ...lines.map((line) => `  ${line}`)];
  }

  private remember(world: World, index: number): Before | null {
    const state = stateOf(world, index);
    if (state === null) return null;
    return {
      summary: summaryOf(world, index, this.dialect),
      memory: this.dialect.remember(state),
      hadTimer: this.timer(world, index)?.armed ?? false,
      held: heldBack(world, index).length,
    };
  }

  private changes(world: World, index: number, before: Before | null): string[] {
    const state = stateOf(world, index);
    const summary = summaryOf(world, index, this.dialect);
    if (state === null) return before === null ? [] : [summary];
    if (before === null) return [summary, this.dialect.awakening(state)];
    const name = world.nodeIds[index];
    const lines = summary === before.summary ? [] : [summary];
    const told = this.dialect.changes(before.memory, state);
    lines.push(...told.map((change) => `${name} ${change}`));
    const timer = this.timer(world, index);
    if (timer?.armed === true && timer.cause === world.eventIndex) {
      lines.push(`${name} restarts its ${this.dialect.timeout} timer`);
    } else if (before.hadTimer && timer?.armed !== true && summary !== before.summary) {
      lines.push(`${name} stops its ${this.dialect.timeout} timer`);
    }
    return lines;
  }

  private timer(world: World, index: number) {
    return world.nodes[index]?.timers.get(this.dialect.timeout);
  }
}

/** `n1 leader term=1 votedFor=n1` */
export function summaryOf(world: World, index: number, dialect: Dialect): string {
  const state = stateOf(world, index);
  const name = world.nodeIds[index];
  return state === null ? `${name} down` : `${name} ${dialect.summary(state)}`;
}

/** The protocol's state, or null when the node is down. */
export function stateOf(world: World, index: number): object | null {
  return world.nodes[index]?.state ?? null;
}

/** The index of the node that the event is about. */
function subjectOf(world: World, event: PendingEvent): number {
  if (event.kind !== EventKind.fault) return event.actor;
  const { node } = event.payload as unknown as { readonly node: string };
  return world.nodeIds.indexOf(node);
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
