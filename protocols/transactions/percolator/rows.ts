/** The rows: snapshots are read, keys are locked, committed and rolled back. PD §2.2. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import type {
  Check,
  CommitKey,
  Fate,
  Get,
  PercolatorEffects,
  Prewrite,
  Rollback,
  Timestamp,
} from './messages.ts';
import type { PercolatorRules } from './rules.ts';
import { keepTicking, rowOf, type PercolatorState } from './state.ts';

export function onGet(
  rules: PercolatorRules,
  state: PercolatorState,
  from: NodeId,
  { id, key, at }: Get,
  effects: PercolatorEffects,
): void {
  const { lock, versions } = rowOf(state, key);
  if (lock !== null && rules.hidesSnapshot(lock, at)) {
    const isKnown = state.waiting.some((one) => one.id === id && one.key === key);
    if (!isKnown) state.waiting.push({ from, id, key, at });
    check(state, key, effects);
    keepTicking(state, effects);
    return;
  }
  const version = versions.findLast(({ commit }) => commit <= at);
  effects.send(from, { type: 'GetReply', id, key, value: version?.value ?? null });
}

export function onPrewrite(
  rules: PercolatorRules,
  state: PercolatorState,
  from: NodeId,
  { id, key, value, keeps, start, primary }: Prewrite,
  effects: PercolatorEffects,
): void {
  const row = rowOf(state, key);
  const isMine = row.lock?.start === start;
  const isFree = row.lock === null && !row.rolledBack.includes(start);
  const locked = isMine || (isFree && !rules.isOutdated(row, start));
  if (locked && !isMine) {
    const sinceMs = effects.now();
    state.rows.set(key, { ...row, lock: { start, primary, value, keeps, sinceMs } });
    effects.persist();
  } else if (!locked) check(state, key, effects);
  effects.send(from, { type: 'PrewriteReply', id, key, locked });
}

export function onCommitKey(
  rules: PercolatorRules,
  state: PercolatorState,
  from: NodeId,
  { id, key, start, commit }: CommitKey,
  effects: PercolatorEffects,
): void {
  const row = rowOf(state, key);
  const isDone = row.versions.some((version) => version.start === start);
  const mayCommit = row.lock?.start === start || !rules.commitNeedsLock;
  if (!isDone && mayCommit) settle(rules, state, key, start, commit, effects);
  const committed = isDone || mayCommit;
  effects.send(from, { type: 'CommitReply', id, key, committed });
}

export function onRollback(
  rules: PercolatorRules,
  state: PercolatorState,
  { key, start }: Rollback,
  effects: PercolatorEffects,
): void {
  const { versions, rolledBack } = rowOf(state, key);
  const isDone = rolledBack.includes(start) || versions.some((one) => one.start === start);
  if (!isDone) settle(rules, state, key, start, 0, effects);
}

/** Ends a lock: a new version, or for 0 none ever. Then those who have waited read. */
function settle(
  rules: PercolatorRules,
  state: PercolatorState,
  key: string,
  start: Timestamp,
  commit: Timestamp,
  effects: PercolatorEffects,
): void {
  const row = rowOf(state, key);
  const isMine = row.lock?.start === start;
  const lock = isMine ? null : row.lock;
  if (commit === 0) {
    state.rows.set(key, { ...row, lock, rolledBack: [...row.rolledBack, start] });
  } else {
    const before = row.versions[row.versions.length - 1]?.value ?? null;
    const value = isMine && row.lock !== null && !row.lock.keeps ? row.lock.value : before;
    state.rows.set(key, { ...row, lock, versions: [...row.versions, { start, commit, value }] });
    effects.log({ event: 'commit_applied', context: { key, start, commit } });
  }
  effects.persist();
  const ready = state.waiting.filter((one) => one.key === key);
  state.waiting = state.waiting.filter((one) => one.key !== key);
  for (const { from, id, at } of ready) {
    onGet(rules, state, from, { type: 'Get', id, key, at }, effects);
  }
}

/** Somebody is in the way: what has become of it? Its primary knows. */
export function check(state: PercolatorState, key: string, effects: PercolatorEffects): void {
  const { lock } = rowOf(state, key);
  if (lock === null) return;
  const { start, primary } = lock;
  effects.send(primary.node, { type: 'Check', key: primary.key, start, isOwn: false });
}

/** PD §2.2: a primary that is locked for too long is rolled back; then all may roll back. */
export function onCheck(
  rules: PercolatorRules,
  state: PercolatorState,
  from: NodeId,
  { key, start, isOwn }: Check,
  effects: PercolatorEffects,
): void {
  const { lock, versions } = rowOf(state, key);
  const version = versions.find((one) => one.start === start);
  if (version === undefined && lock?.start === start) {
    const isOld = effects.now() - lock.sinceMs > state.options.lockTtlMs;
    if (!isOld && !isOwn) return;
  }
  if (version === undefined) onRollback(rules, state, { type: 'Rollback', key, start }, effects);
  effects.send(from, { type: 'Fate', start, commit: version?.commit ?? 0 });
}

/** Every lock that the transaction has here ends in the same way as its primary. */
export function applyFate(
  rules: PercolatorRules,
  state: PercolatorState,
  { start, commit }: Fate,
  effects: PercolatorEffects,
): void {
  // Settling changes the rows: first look, then settle.
  const rows = Array.from(state.rows.entries());
  for (const [key, { lock }] of rows) {
    if (lock?.start === start) settle(rules, state, key, start, commit, effects);
  }
}
