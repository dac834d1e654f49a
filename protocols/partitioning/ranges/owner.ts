/** The owner of a range answers; it moves, splits and merges it through the directory. */
import type { NodeId, Plain } from '../../../sim/engine/protocol.ts';
import type { Host } from '../../common/embed.ts';
import { Machine, type MachineSnapshot } from '../../common/state-machine.ts';
import type { Activate, Forward, RangeEffects, Transfer, Transferred } from './messages.ts';
import { scanned } from './router.ts';
import { changed, contains, routesIn, type Change, type Routes } from './routes.ts';
import type { RangeRules } from './rules.ts';
import { groupsOf, heldAt, keepTicking, type Held, type RangeState } from './state.ts';

export function onForward(
  rules: RangeRules,
  state: RangeState,
  from: NodeId,
  { client, sequence, command, start, epoch }: Forward,
  effects: RangeEffects,
): void {
  const held = heldAt(state, start);
  if (held === undefined || (held.epoch !== epoch && !rules.serves(held, epoch))) {
    effects.send(from, { type: 'Misrouted', client, sequence, start });
    return;
  }
  // It is about to change hands: the router asks again.
  if (!rules.serves(held, epoch)) return;
  if (command.type === 'scan') {
    const value = scanned(held.machine.snapshot().values, command);
    const response = { type: 'ok', value } as const;
    effects.send(from, { type: 'Forwarded', client, sequence, start, response });
    return;
  }
  const { key } = command;
  if (typeof key !== 'string' || !contains(held.start, held.end, key)) {
    effects.send(from, { type: 'Misrouted', client, sequence, start });
    return;
  }
  const response = held.machine.apply({ client, sequence, command }, effects.now());
  count(state, held.start, key);
  if (command.type !== 'get') effects.persist();
  effects.send(from, { type: 'Forwarded', client, sequence, start, response });
}

function count(state: RangeState, start: string, key: string): void {
  let own = state.counts.find((one) => one.start === start);
  if (own === undefined) {
    own = { start, operations: 0, keys: {} };
    state.counts.push(own);
  }
  own.operations++;
  own.keys[key] = (own.keys[key] ?? 0) + 1;
}

/** From here on the range is not served, also after a crash, until the directory has decided. */
export function begin(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  held: Held,
  change: Change,
  effects: RangeEffects,
): void {
  if (held.phase !== 'serving' || held.change !== null) return;
  const right = change.kind === 'merge' ? rightOf(state, held) : undefined;
  if (change.kind === 'merge' && right?.phase !== 'serving') return;
  for (const one of right === undefined ? [held] : [held, right]) {
    if (rules.freezes) one.phase = 'changing';
  }
  held.change = change;
  state.confirmed = state.confirmed.filter((start) => start !== held.start);
  effects.persist();
  advance(host, rules, state, held, effects);
  keepTicking(state, effects);
}

export function rightOf(state: RangeState, { end }: Held): Held | undefined {
  return end === null ? undefined : heldAt(state, end);
}

/** The next thing to do for a change: send the content, or ask the directory. */
export function advance(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  held: Held,
  effects: RangeEffects,
): void {
  const { change, start, end, epoch } = held;
  if (change === null) return;
  if (change.kind === 'move' && !state.confirmed.includes(start)) {
    const content = held.machine.snapshot();
    effects.send(change.to, { type: 'Transfer', start, end, epoch: epoch + 1, content });
    if (rules.waitsForTransfer) return;
  }
  ask(host, state, { type: 'get', key: 'routes' }, { why: 'change', start, epoch }, effects);
}

function ask(
  host: Host,
  state: RangeState,
  command: { readonly type: string; readonly [field: string]: Plain },
  tag: { readonly why: string; readonly start: string; readonly epoch: number },
  effects: RangeEffects,
): void {
  const isAsked = state.pending.some(({ tag: other }) => {
    const { start, why } = other as { readonly start?: string; readonly why: string };
    return start === tag.start && (why === 'change' || why === 'changed');
  });
  if (isAsked) return;
  const [group] = groupsOf(state.options);
  host.ask(state, group, command, tag, effects);
}

/** The directory's present content: the change is proposed on it, or it has happened already. */
export function onDirectoryRead(
  host: Host,
  state: RangeState,
  { start, epoch }: { readonly start: string; readonly epoch: number },
  value: Plain,
  rules: RangeRules,
  effects: RangeEffects,
): void {
  const held = heldAt(state, start);
  const routes = routesIn(value);
  if (held?.epoch !== epoch || held.change === null || routes === null) return;
  const own = { start, owner: effects.self, epoch };
  const next = changed(routes, own, held.change);
  if (next !== null) {
    const to = next as unknown as Plain;
    const command = { type: 'cas', key: 'routes', from: value, to };
    ask(host, state, command, { why: 'changed', start, epoch }, effects);
    return;
  }
  const present = routes.find((route) => route.start === start);
  const isStill = present?.owner === effects.self && present.epoch === epoch;
  if (isStill) giveUp(state, held, effects);
  else settle(rules, state, held, routes, effects);
}

/** The change makes no sense (any more): nothing has happened. */
function giveUp(state: RangeState, held: Held, effects: RangeEffects): void {
  const right = held.change?.kind === 'merge' ? rightOf(state, held) : undefined;
  held.change = null;
  held.phase = 'serving';
  if (right?.phase === 'changing' && right.change === null) right.phase = 'serving';
  effects.persist();
}

/** The directory has changed: the owner's ranges become what it says. */
function settle(
  rules: RangeRules,
  state: RangeState,
  held: Held,
  routes: Routes,
  effects: RangeEffects,
): void {
  const { change, start, epoch } = held;
  if (change === null) return;
  state.routes = routes;
  if (change.kind === 'move') {
    if (rules.forgetsMoved) state.held = state.held.filter((other) => other !== held);
    else {
      held.change = null;
      held.phase = 'serving';
    }
    effects.persist();
    effects.send(change.to, { type: 'Activate', start, epoch: epoch + 1 });
    return;
  }
  const { machine } = held;
  if (change.kind === 'split') {
    const right: Held = {
      ...held,
      start: change.at,
      epoch: epoch + 1,
      phase: 'serving',
      change: null,
    };
    right.machine = part(machine, change.at, held.end);
    held.machine = part(machine, start, change.at);
    held.end = change.at;
    held.epoch = epoch + 1;
    state.held.push(right);
  } else {
    const right = rightOf(state, held);
    if (right === undefined) return;
    held.machine = joined(machine.snapshot(), right.machine.snapshot());
    held.end = right.end;
    held.epoch = Math.max(epoch, right.epoch) + 1;
    state.held = state.held.filter((other) => other !== right);
  }
  held.change = null;
  held.phase = 'serving';
  effects.persist();
}

/** A part has its values; it may be asked again for everything that its clients have asked. */
function part(machine: Machine, start: string, end: string | null): Machine {
  const whole = machine.snapshot();
  return Machine.restore({
    ...whole,
    values: whole.values.filter(([key]) => contains(start, end, key)),
  });
}

/** Of each client the later request counts: it has at most one open. */
function joined(left: MachineSnapshot, right: MachineSnapshot): Machine {
  const sessions = new Map(left.sessions.map((session) => [session.client, session]));
  for (const session of right.sessions) {
    const known = sessions.get(session.client);
    if (known === undefined || known.sequence < session.sequence) {
      sessions.set(session.client, session);
    }
  }
  return Machine.restore({
    options: left.options,
    clockMs: Math.max(left.clockMs, right.clockMs),
    values: [...left.values, ...right.values],
    sessions: [...sessions.values()].toSorted((a, b) => (a.client < b.client ? -1 : 1)),
  });
}

export function onTransfer(
  rules: RangeRules,
  state: RangeState,
  from: NodeId,
  { start, end, epoch, content }: Transfer,
  effects: RangeEffects,
): void {
  const known = heldAt(state, start);
  if (rules.takesTransfer(known, epoch)) {
    const machine = Machine.restore(content);
    // What comes late finds its range served already, unless nobody looks.
    const phase = known?.phase === 'serving' ? 'serving' : 'incoming';
    const held: Held = { start, end, epoch, phase, change: null, machine };
    state.held = [...state.held.filter((other) => other !== known), held];
    effects.persist();
    keepTicking(state, effects);
  }
  effects.send(from, { type: 'Transferred', start, epoch });
}

export function onTransferred(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  { start, epoch }: Transferred,
  effects: RangeEffects,
): void {
  const held = heldAt(state, start);
  if (held?.change?.kind !== 'move' || held.epoch + 1 !== epoch) return;
  if (state.confirmed.includes(start)) return;
  state.confirmed.push(start);
  advance(host, rules, state, held, effects);
}

export function onActivate(
  state: RangeState,
  { start, epoch }: Activate,
  effects: RangeEffects,
): void {
  const held = heldAt(state, start);
  if (held?.phase !== 'incoming' || held.epoch !== epoch) return;
  held.phase = 'serving';
  effects.persist();
}

/** Who holds a range that nobody has told it to serve asks the directory. */
export function onIncomingRead(
  state: RangeState,
  start: string,
  value: Plain,
  effects: RangeEffects,
): void {
  const held = heldAt(state, start);
  const routes = routesIn(value) ?? [];
  const route = routes.find((one) => one.start === start);
  if (held?.phase !== 'incoming') return;
  if (route?.owner === effects.self && route.epoch === held.epoch) {
    onActivate(state, { type: 'Activate', start, epoch: held.epoch }, effects);
  } else if (route === undefined || route.epoch >= held.epoch) {
    // Somebody else has it, in this epoch or a later one: the copy is worth nothing.
    state.held = state.held.filter((other) => other !== held);
    effects.persist();
  }
}

/** At every tick: what is on its way goes on. */
export function pursueChanges(
  host: Host,
  rules: RangeRules,
  state: RangeState,
  effects: RangeEffects,
): void {
  for (const held of state.held.slice()) {
    const { phase, start, epoch, change } = held;
    if (change !== null) advance(host, rules, state, held, effects);
    else if (phase === 'incoming') {
      ask(host, state, { type: 'get', key: 'routes' }, { why: 'incoming', start, epoch }, effects);
    }
  }
}
