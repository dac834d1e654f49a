/** What a conversation may ask: states, logs, what is pending, timers, values. */
import { EventKind, eventLabel, type World } from '../../sim/engine/index.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { pendingEvents } from './cluster.ts';
import { describeEntry, extentOf, stateOf, summaryOf } from './narrator.ts';

/** `n1 leader term=1 votedFor=n1 … log=1..3 commit=3 applied=3`, and what a leader knows. */
export function showState(world: World, names: readonly string[]): string[] {
  return perNode(world, (state, index) => {
    if (names.length > 0 && !names.includes(world.nodeIds[index] ?? '')) return [];
    const { log, commitIndex, lastApplied, leaderId } = state;
    const summary = summaryOf(world, index);
    const known = `log=${extentOf(log)} commit=${commitIndex} applied=${lastApplied}`;
    return [`${summary} leader=${leaderId} ${known}`, ...showProgress(state)];
  });
}

/** The terms of each log; a compacted prefix as its last index and term. */
export function showLogs(world: World): string[] {
  return perNode(world, ({ log }, index) => {
    const words = log.baseIndex > 0 ? [`(..${log.baseIndex}/${log.baseTerm})`] : [];
    for (let i = log.firstIndex; i <= log.lastIndex; i++) words.push(String(log.termAt(i)));
    return [[world.nodeIds[index], ...words].join(' ')];
  });
}

/** The entries of one log. */
export function showLog(world: World, name: string): string[] {
  const state = stateOf(world, world.nodeIds.indexOf(name));
  if (state === null) throw new Error(`${name} is no node that is up`);
  const { log } = state;
  return log
    .slice(log.firstIndex, log.lastIndex)
    .map((entry, i) => `${log.firstIndex + i}/${entry.term} ${describeEntry(entry)}`);
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
export function showValues(world: World): string[] {
  return perNode(world, ({ machine }, index) => {
    const values = machine
      .snapshot()
      .values.map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    return [[world.nodeIds[index], ...values].join(' ')];
  });
}

function perNode(world: World, show: (state: RaftState, index: number) => string[]): string[] {
  return world.nodeIds.flatMap((name, index) => {
    const state = stateOf(world, index);
    return state === null ? [`${name} down`] : show(state, index);
  });
}

function showProgress(state: RaftState): string[] {
  const known = Object.entries(state.progress).map(
    ([name, { matchIndex, nextIndex, snapshot }]) => {
      const sending = snapshot === null ? '' : ` snapshot=${snapshot.lastIncludedIndex}`;
      return `${name} match=${matchIndex} next=${nextIndex}${sending}`;
    },
  );
  return known.length === 0 ? [] : [`  ${known.join(', ')}`];
}
