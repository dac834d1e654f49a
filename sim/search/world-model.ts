/**
 * A world as a model: any message on its way, any armed timer, any sync and, within budgets, any
 * request, crash, restart or repetition may be next. Time stands still and every draw is the least.
 */
import { assert } from '../engine/assert.ts';
import type { WorldConfig } from '../engine/config.ts';
import type { Violation } from '../engine/monitor.ts';
import type { AnyMessage, Command, NodeId, Request } from '../engine/protocol.ts';
import type { Fingerprint, Model, Property } from './model.ts';
import { ActionKind, encode, kindOf, nameOf, operandOf, requestStep } from './world-actions.ts';
import { auditInert } from './world-audit.ts';
import { describeBounds, type WorldBounds } from './world-bounds.ts';
import { armedTimers, Fronts, type Front, type Outcome } from './world-fronts.ts';
import type { MessagePart, NodePart, Parts } from './world-parts.ts';
import { WorldPrint } from './world-print.ts';
import { CRASHES, merge, REPEATS, REQUESTS, TIMERS, type WorldState } from './world-state.ts';

const CLIENT = 'script';

interface Timer {
  readonly node: number;
  /** As `timerId` has it. */
  readonly id: string;
  /** The position of its counter in a state, or 0 when it has no limit. */
  readonly counter: number;
  readonly limit: number;
}

/**
 * Deliveries that change nothing and send nothing are left out: whatever can happen afterwards can
 * happen without them, for a message may as well stay on its way for ever.
 */
export class WorldModel implements Model<WorldState, number> {
  readonly name: string;
  readonly bounds: string;
  readonly properties: readonly Property<WorldState>[];
  private readonly limits: WorldBounds;
  private readonly fronts: Fronts;
  private readonly parts: Parts;
  private readonly nodeIds: readonly NodeId[];
  private readonly limited: readonly string[];
  /** Where messages begin in a state. */
  private readonly base: number;
  private readonly timers: Timer[] = [];
  private readonly timerNumbers = new Map<string, number>();
  /** By front: what its nodes can do by themselves. */
  private readonly ownActions: (readonly number[])[] = [];
  private readonly print: WorldPrint;
  /** By node part and message, as far as it was asked; see `isInert`. */
  private readonly inertness = new Map<number, boolean>();

  /** The world begins without clients and without faults of its own: the bounds say what comes. */
  constructor(config: WorldConfig, bounds: WorldBounds) {
    assert(!config.network.fifo, 'exhaustive search lets links reorder');
    assert(config.nodes <= 7, 'exhaustive search is for at most seven nodes');
    this.limits = bounds;
    this.limited = Object.keys(bounds.timers);
    this.base = TIMERS + this.limited.length;
    const { symmetric } = bounds;
    const alone = { ...config, clients: null, director: null };
    this.fronts = new Fronts(alone, symmetric);
    this.parts = this.fronts.parts;
    this.nodeIds = this.fronts.world.nodeIds;
    const named = bounds.requests.some((request) => namesAny(request, this.nodeIds));
    assert(!symmetric || !named, 'requests that name nodes do not take them as interchangeable');
    this.print = new WorldPrint(this.fronts, symmetric, this.base);
    this.name = config.protocol.name;
    this.bounds = describeBounds(config.nodes, bounds);
    this.properties = [
      { id: 'invariants', kind: 'always', holds: (state) => this.violationIn(state) === null },
    ];
  }

  /** What the monitors have to say about a state. */
  violationIn(state: WorldState): Violation | null {
    return this.frontOf(state).violation;
  }

  /** A message that was wrongly taken for inert so far, in words; null when there is none. */
  auditInert(): string | null {
    return auditInert(this.fronts, this.limits.inert);
  }

  /** How many fronts there are: how often the engine had to be asked at least. */
  get frontCount(): number {
    return this.fronts.all.length;
  }

  initial(): readonly WorldState[] {
    const { front, sent } = this.fronts.start;
    const counters = new Array<number>(this.base - 1).fill(0);
    return [[front.id, ...counters, ...sent]];
  }

  actions(state: WorldState, into: number[]): void {
    const { limits, parts, base } = this;
    const front = this.frontOf(state);
    const mayRepeat = (state[REPEATS] as number) < limits.repeats;
    let before = -1;
    for (let i = base; i < state.length; i++) {
      const message = state[i] as number;
      if (message === before) continue;
      before = message;
      if (front.runtimes[(parts.messages[message] as MessagePart).to]?.status !== 'up') continue;
      into.push(encode(ActionKind.deliver, message));
      if (mayRepeat) into.push(encode(ActionKind.repeat, message));
    }
    const own = (this.ownActions[front.id] ??= this.listOwn(front));
    const request = state[REQUESTS] as number;
    const mayCrash = (state[CRASHES] as number) < limits.crashes;
    for (let i = 0; i < own.length; i++) {
      const action = own[i] as number;
      const kind = kindOf(action);
      if (kind === ActionKind.crash && !mayCrash) continue;
      if (kind === ActionKind.fire) {
        const { counter, limit } = this.timers[operandOf(action)] as Timer;
        if (counter > 0 && (state[counter] as number) >= limit) continue;
      }
      if (kind !== ActionKind.request) into.push(action);
      else if (request < limits.requests.length) {
        into.push(encode(ActionKind.request, request * 8 + operandOf(action)));
      }
    }
  }

  next(state: WorldState, action: number): WorldState | null {
    const front = this.frontOf(state);
    const kind = kindOf(action);
    // A message that stays on its way arrives like any other.
    const key = kind === ActionKind.repeat ? action - ActionKind.repeat : action;
    let outcome = front.outcomes.get(key);
    if (outcome === undefined) {
      outcome = this.execute(front, key);
      front.outcomes.set(key, outcome);
    }
    const { front: after, sent } = outcome;
    if (after === front && sent.length === 0) return null;
    if (after.epoch > this.limits.maxEpoch) return null;
    const gone = kind === ActionKind.deliver ? operandOf(action) : -1;
    const next = merge(state, this.base, gone, sent);
    if (this.limits.inert !== undefined) this.forgetInert(next, after);
    if (after === front && next.length + (gone < 0 ? 0 : 1) === state.length) return null;
    next[0] = after.id;
    const counter = this.counterOf(action);
    if (counter > 0) (next[counter] as number)++;
    return next;
  }

  fingerprint(state: WorldState, into: Fingerprint): void {
    this.print.of(state, this.frontOf(state), into);
  }

  /** At different nodes, and not both out of one budget. */
  independent(a: number, b: number): boolean {
    if (this.nodeOf(a) === this.nodeOf(b)) return false;
    const counter = this.counterOf(a);
    return counter === 0 || counter !== this.counterOf(b);
  }

  describe(state: WorldState, action: number): readonly string[] {
    const operand = operandOf(action);
    const node = this.nodeIds[this.nodeOf(action)] as NodeId;
    switch (kindOf(action)) {
      case ActionKind.deliver:
        return [`deliver ${this.messageName(state, operand)}`];
      case ActionKind.repeat: {
        const name = this.messageName(state, operand);
        return [`duplicate ${name}`, `deliver ${name}`];
      }
      case ActionKind.fire:
        return [`fire ${node} ${(this.timers[operand] as Timer).id}`];
      case ActionKind.sync:
        return [`deliver ${node} disk`];
      case ActionKind.request:
        return [requestStep(node, this.limits.requests[operand >>> 3] as Command)];
      case ActionKind.crash:
        return [`crash ${node}`];
      case ActionKind.restart:
        return [`restart ${node}`];
    }
  }

  /** Takes the inert messages out of a state in the making. */
  private forgetInert(state: number[], front: Front): void {
    let end = this.base;
    for (let i = end; i < state.length; i++) {
      const message = this.parts.messages[state[i] as number] as MessagePart;
      if (!this.isInert(message, front.nodes[message.to] as NodePart)) state[end++] = message.id;
    }
    state.length = end;
  }

  private isInert(message: MessagePart, receiver: NodePart): boolean {
    const { state } = receiver.runtime;
    if (state === null) return false;
    const key = receiver.id * 0x10_0000 + message.id;
    let known = this.inertness.get(key);
    if (known === undefined) {
      known = this.limits.inert?.(message.payload as AnyMessage, state) ?? false;
      this.inertness.set(key, known);
    }
    return known;
  }

  private frontOf(state: WorldState): Front {
    return this.fronts.all[state[0] as number] as Front;
  }

  private listOwn(front: Front): readonly number[] {
    const list: number[] = [];
    for (const part of front.nodes) {
      const { index, runtime } = part;
      if (runtime.status !== 'up') {
        list.push(encode(ActionKind.restart, index));
        continue;
      }
      if (runtime.disk.syncing > 0) list.push(encode(ActionKind.sync, index));
      list.push(encode(ActionKind.request, index));
      for (const id of armedTimers(part)) {
        list.push(encode(ActionKind.fire, this.timerNumber(index, id)));
      }
      list.push(encode(ActionKind.crash, index));
    }
    return list;
  }

  private timerNumber(node: number, id: string): number {
    const known = this.timerNumbers.get(`${node} ${id}`);
    if (known !== undefined) return known;
    const name = id.split('/')[0] as string;
    const position = this.limited.indexOf(name);
    const limit = this.limits.timers[name] ?? Infinity;
    this.timerNumbers.set(`${node} ${id}`, this.timers.length);
    return this.timers.push({ node, id, counter: position < 0 ? 0 : TIMERS + position, limit }) - 1;
  }

  private execute(front: Front, action: number): Outcome {
    const { fronts } = this;
    const node = this.nodeOf(action);
    const nodes = [this.nodeIds[node] as NodeId];
    const operand = operandOf(action);
    switch (kindOf(action)) {
      case ActionKind.fire:
        return fronts.fire(front, node, (this.timers[operand] as Timer).id);
      case ActionKind.sync:
        return fronts.sync(front, node);
      case ActionKind.request:
        return fronts.request(front, node, this.requestNumber(operand >>> 3));
      case ActionKind.crash:
        return fronts.fault(front, node, { kind: 'crash', nodes });
      case ActionKind.restart:
        return fronts.fault(front, node, { kind: 'restart', nodes });
      case ActionKind.deliver:
      case ActionKind.repeat:
        return fronts.deliver(front, this.parts.messages[operand] as MessagePart);
    }
  }

  private requestNumber(index: number): Request {
    const command = this.limits.requests[index] as Command;
    return { client: CLIENT, sequence: index + 1, command, attempt: 1 };
  }

  /** The node that an action happens to. */
  private nodeOf(action: number): number {
    const operand = operandOf(action);
    switch (kindOf(action)) {
      case ActionKind.deliver:
      case ActionKind.repeat:
        return (this.parts.messages[operand] as MessagePart).to;
      case ActionKind.fire:
        return (this.timers[operand] as Timer).node;
      case ActionKind.request:
        return operand & 7;
      case ActionKind.sync:
      case ActionKind.crash:
      case ActionKind.restart:
        return operand;
    }
  }

  /** The position of the counter that an action raises; 0: none. */
  private counterOf(action: number): number {
    switch (kindOf(action)) {
      case ActionKind.request:
        return REQUESTS;
      case ActionKind.crash:
        return CRASHES;
      case ActionKind.repeat:
        return REPEATS;
      case ActionKind.fire:
        return (this.timers[operandOf(action)] as Timer).counter;
      default:
        return 0;
    }
  }

  private messageName(state: WorldState, message: number): string {
    const { messages } = this.parts;
    const others = state.slice(this.base).map((id) => messages[id] as MessagePart);
    return nameOf(this.fronts.world, messages[message] as MessagePart, others);
  }
}

/** Whether a command speaks of a node, alone or in a list of names. */
function namesAny(request: Command, nodeIds: readonly NodeId[]): boolean {
  const words = Object.values(request).flatMap((field) =>
    typeof field === 'string' ? field.split(/[\s,]+/) : [],
  );
  return words.some((word) => nodeIds.includes(word));
}
