/** What a conversation may ask: states, logs, what is pending, timers, values. */
import { EventKind, eventLabel, type World } from '../../sim/engine/index.ts';
import { pendingEvents } from './cluster.ts';
import type { Dialect } from './dialect.ts';
import { stateOf, summaryOf } from './narrator.ts';

/** `n1 leader term=1 votedFor=n1 … log=1..3 commit=3 applied=3`, and what a leader knows. */
export function showState(world: World, dialect: Dialect, names: readonly string[]): string[] {
  return perNode(world, (state, index) => {
    if (names.length > 0 && !names.includes(world.nodeIds[index] ?? '')) return [];
    const [beside, ...below] = dialect.details(state);
    const summary = summaryOf(world, index, dialect);
    return [`${summary} ${beside}`, ...below.map((line) => `  ${line}`)];
  });
}

/** Each log on a line: the terms of Raft's; a compacted prefix as its last index and term. */
export function showLogs(world: World, dialect: Dialect): string[] {
  return perNode(world, (state, index) => [
    `${world.nodeIds[index]} ${dialect.logLine(state)}`.trimEnd(),
  ]);
}

/** The entries of one log. */
export function showLog(world: World, dialect: Dialect, name: string): string[] {
  const state = stateOf(world, world.nodeIds.indexOf(name));
  if (state === null) throw new Error(`${name} is no node that is up`);
  return dialect.logEntries(state);
}

/** Messages on their way, and disks at work; the oldest first. */
export function showPending(world: World): string[] {
  const shown: readonly EventKind[] = [EventKind.message, EventKind.disk];
  return pendingEvents(world)
    .filter(({ kind }) => shown.includes(kind))
    .map((event) => eventLabel(world, event));
}

/** The armed timers of each node. */
export function showTimers(world: World): string[] {
  return perNode(world, (_, index) => {
    const armed = [...(world.nodes[index]?.timers.values() ?? [])].filter((timer) => timer.armed);
    return [[world.nodeIds[index], ...armed.map(({ name }) => name)].join(' ')];
  });
}

/** What each state machine holds. */
export function showValues(world: World, dialect: Dialect): string[] {
  return perNode(world, (state, index) => {
    const values = dialect.values(state).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return [[world.nodeIds[index], ...values].join(' ')];
  });
}

function perNode(world: World, show: (state: object, index: number) => string[]): string[] {
  return world.nodeIds.flatMap((name, index) => {
    const state = stateOf(world, index);
    return state === null ? [`${name} down`] : show(state, index);
  });
}
