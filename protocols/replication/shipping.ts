/** Shipping the log from the primary to its backups, in order and without gaps. */
import type { NodeId, WriteToken } from '../../sim/engine/protocol.ts';
import { advance, apply, rewind } from './commit.ts';
import type { Acknowledge, Entry, Missing, Replicate, ReplicationEffects } from './messages.ts';
import type { ReplicationRules } from './rules.ts';
import { becomeBackup, restartFailover, type ReplicationState } from './state.ts';

/** The primary's own copy counts when its disk has it; nobody else hears of it before. */
export function append(state: ReplicationState, entry: Entry, effects: ReplicationEffects): number {
  state.log.append(entry);
  const index = state.log.lastIndex;
  state.writes.push({ token: effects.persist(), index });
  return index;
}

export function onPersisted(
  rules: ReplicationRules,
  state: ReplicationState,
  token: WriteToken,
  effects: ReplicationEffects,
): void {
  if (state.role !== 'primary') return;
  for (const write of state.writes) if (write.token <= token) state.stored = write.index;
  state.writes = state.writes.filter((write) => write.token > token);
  advance(rules, state, effects);
}

/** What backups have not been sent yet. */
export function ship(state: ReplicationState, effects: ReplicationEffects): void {
  for (const [node, progress] of Object.entries(state.progress)) {
    if (progress.next <= state.log.lastIndex) send(state, node, progress.next, effects);
  }
}

/** A sign of life for those that have everything; the others get once more what they lack. */
export function onHeartbeatTimer(state: ReplicationState, effects: ReplicationEffects): void {
  if (state.role !== 'primary') return;
  for (const [node, { match }] of Object.entries(state.progress)) {
    send(state, node, match + 1, effects);
  }
  effects.setTimer('heartbeat', state.options.heartbeatMs, state.options.heartbeatMs);
}

export function onReplicate(
  rules: ReplicationRules,
  state: ReplicationState,
  from: NodeId,
  message: Replicate,
  effects: ReplicationEffects,
): void {
  const { epoch, previousIndex, previousEpoch, entries } = message;
  if (rules.isFenced(epoch, state.epoch)) {
    effects.send(from, { type: 'Stale', epoch: state.epoch });
    return;
  }
  const isNew = epoch > state.epoch;
  if (isNew || state.primary !== from) {
    becomeBackup(state, Math.max(epoch, state.epoch), from, effects);
  } else restartFailover(state, effects);
  const { log } = state;
  if (!rules.followsOn(log.termAt(previousIndex), previousEpoch)) {
    if (isNew) effects.persist();
    const lastIndex = Math.min(log.lastIndex, previousIndex - 1);
    effects.send(from, { type: 'Missing', epoch, lastIndex });
    return;
  }
  const isChanged = take(state, previousIndex, entries);
  if (isNew || isChanged) effects.persist({ barrier: rules.acknowledgementWaitsForDisk });
  const index = previousIndex + entries.length;
  state.committed = Math.max(state.committed, Math.min(message.committed, index));
  apply(rules, state, effects);
  effects.send(from, { type: 'Acknowledge', epoch, index });
}

export function onAcknowledge(
  rules: ReplicationRules,
  state: ReplicationState,
  from: NodeId,
  { epoch, index }: Acknowledge,
  effects: ReplicationEffects,
): void {
  const progress = progressOf(state, from, epoch);
  if (progress === null) return;
  progress.match = Math.max(progress.match, index);
  progress.next = Math.max(progress.next, index + 1);
  advance(rules, state, effects);
  if (progress.next <= state.log.lastIndex) send(state, from, progress.next, effects);
}

/** Goes back to where the backup's log ends, or one step, until the logs meet. */
export function onMissing(
  state: ReplicationState,
  from: NodeId,
  { epoch, lastIndex }: Missing,
  effects: ReplicationEffects,
): void {
  const progress = progressOf(state, from, epoch);
  if (progress === null) return;
  progress.next = Math.max(progress.match, lastIndex) + 1;
  send(state, from, progress.next, effects);
}

/** Adds what is new, and drops what an earlier primary had put in its place. */
function take(state: ReplicationState, previous: number, entries: readonly Entry[]): boolean {
  const { log } = state;
  const { version } = log;
  entries.forEach((entry, i) => {
    const index = previous + 1 + i;
    if (log.termAt(index) === entry.term) return;
    if (index <= log.lastIndex) {
      log.truncate(index - 1);
      rewind(state, index - 1);
    }
    log.append(entry);
  });
  return log.version !== version;
}

function send(
  { log, epoch, committed, options, progress }: ReplicationState,
  to: NodeId,
  first: number,
  effects: ReplicationEffects,
): void {
  const entries = log.slice(first, first + options.maxEntries - 1);
  const previousIndex = first - 1;
  const previousEpoch = log.termAt(previousIndex);
  effects.send(to, { type: 'Replicate', epoch, previousIndex, previousEpoch, entries, committed });
  const backup = progress[to];
  if (backup !== undefined) backup.next = Math.max(backup.next, first + entries.length);
}

/** Null when the answer is to another epoch's primary. */
function progressOf(state: ReplicationState, node: NodeId, epoch: number) {
  if (state.role !== 'primary' || epoch !== state.epoch) return null;
  return state.progress[node] ?? null;
}
