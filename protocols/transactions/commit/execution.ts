/** A shard executes steps under strict two-phase locking: BHG §3; deadlock policies of locking/. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { waitDie, woundWait, type Verdict, type Wait } from '../locking/deadlocks.ts';
import { acquire, blockersOf, type Claim, type Grant } from '../locking/locks.ts';
import { after, writes } from '../operations.ts';
import type { CommitEffects, EndDeadlock, Execute, Reason, TransactionId } from './messages.ts';
import type { CommitRules } from './rules.ts';
import {
  forgetWorkspace,
  heldBy,
  keepTicking,
  openWorkspace,
  workspaceOf,
  type CommitState,
  type Workspace,
} from './state.ts';

export function onExecute(
  rules: CommitRules,
  state: CommitState,
  from: NodeId,
  message: Execute,
  effects: CommitEffects,
): void {
  const { id, age, position, step, mode, previous } = message;
  const known = workspaceOf(state, id);
  if ((known === undefined && previous >= 0) || state.outcomes.get(id) !== undefined) {
    effects.send(from, { type: 'Refused', id, reason: 'lost' });
    return;
  }
  const workspace = known ?? openWorkspace(state, id, from, age);
  if (workspace.phase !== 'active' || position < workspace.position) return;
  if (position > workspace.position && previous !== workspace.position) {
    // A late first step has begun the transaction anew after a crash.
    giveUp(rules, state, workspace, 'lost', effects);
    return;
  }
  workspace.silence = 0;
  if (position === workspace.position) {
    repeat(workspace, effects);
    return;
  }
  workspace.position = position;
  workspace.step = step;
  workspace.mode = mode;
  const claim: Claim = { transaction: id, age: workspace.age, mode };
  keepTicking(state, effects);
  if (acquire(state.locks, step[1], claim)) {
    perform(rules, state, workspace, effects);
    return;
  }
  workspace.waits = true;
  effects.send(from, { type: 'Waiting', id, position });
  settleWait(rules, state, workspace, effects);
}

/** The coordinator asks again: the answer is on its way, or got lost, or is still to come. */
function repeat(
  { id, position, waits, found, coordinator }: Workspace,
  effects: CommitEffects,
): void {
  if (waits) effects.send(coordinator, { type: 'Waiting', id, position });
  else effects.send(coordinator, { type: 'Executed', id, position, value: found });
}

/** Has the lock; does the step in the transaction's own workspace. */
function perform(
  rules: CommitRules,
  state: CommitState,
  workspace: Workspace,
  effects: CommitEffects,
): void {
  const { step, id, position, coordinator } = workspace;
  if (step === null) return;
  const [, key] = step;
  const held = heldBy(state, workspace, key);
  const value = after(step, held);
  if (value === undefined) {
    giveUp(rules, state, workspace, 'misfit', effects);
    return;
  }
  workspace.waits = false;
  workspace.found = held;
  if (writes(step)) {
    workspace.writes = [...workspace.writes.filter(([other]) => other !== key), [key, value]];
  }
  effects.cancelTimer('lock', id);
  effects.send(coordinator, { type: 'Executed', id, position, value: held });
}

/** What the policy says of a step that has to wait, and of all who wait for the same lock. */
function settleWait(
  rules: CommitRules,
  state: CommitState,
  { id, step }: Workspace,
  effects: CommitEffects,
): void {
  const { deadlocks, lockTimeoutMs } = state.options;
  if (deadlocks === 'timeout') effects.setTimer('lock', lockTimeoutMs, lockTimeoutMs, id);
  if (deadlocks === 'detection') keepDetecting(state, effects);
  const lock = state.locks.find(({ key }) => key === step?.[1]);
  for (const claim of lock?.queue.slice() ?? []) {
    // Whoever was wounded before has left the queue, and others may have moved up.
    if (lock?.queue.includes(claim) !== true) continue;
    const { dies, wounds } = verdictOn(rules, state, claim, blockersOf(lock, claim));
    if (dies) end(rules, state, claim.transaction, 'died', effects);
    else for (const { transaction } of wounds) end(rules, state, transaction, 'wounded', effects);
  }
}

function verdictOn(
  rules: CommitRules,
  { options }: CommitState,
  claim: Claim,
  blockers: readonly Claim[],
): Verdict {
  if (options.deadlocks === 'wait-die') return waitDie(claim, blockers);
  if (options.deadlocks === 'wound-wait') return woundWait(claim, blockers);
  return rules.waits(claim, blockers);
}

/** Ends a transaction unless it has voted: then it is the coordinator's to end it. */
function end(
  rules: CommitRules,
  state: CommitState,
  id: TransactionId,
  reason: Reason,
  effects: CommitEffects,
): void {
  const workspace = workspaceOf(state, id);
  if (workspace?.phase === 'active') giveUp(rules, state, workspace, reason, effects);
}

/** Before its vote a shard may always give up (GL §3); all that it holds is free at once. */
export function giveUp(
  rules: CommitRules,
  state: CommitState,
  { id, coordinator }: Workspace,
  reason: Reason,
  effects: CommitEffects,
): void {
  effects.cancelTimer('lock', id);
  if (reason !== 'lost') {
    effects.log({ event: 'conflict_resolved', context: { transaction: id, reason } });
  }
  effects.send(coordinator, { type: 'Refused', id, reason });
  serve(rules, state, forgetWorkspace(state, id), effects);
}

/** Those who got their lock go on. */
export function serve(
  rules: CommitRules,
  state: CommitState,
  grants: readonly Grant[],
  effects: CommitEffects,
): void {
  for (const { claim } of grants) {
    const workspace = workspaceOf(state, claim.transaction);
    if (workspace?.waits === true) perform(rules, state, workspace, effects);
  }
}

export function onLockTimer(
  rules: CommitRules,
  state: CommitState,
  id: string,
  effects: CommitEffects,
): void {
  if (workspaceOf(state, id)?.waits === true) end(rules, state, id, 'timeout', effects);
}

export function onEndDeadlock(
  rules: CommitRules,
  state: CommitState,
  { id }: EndDeadlock,
  effects: CommitEffects,
): void {
  if (workspaceOf(state, id)?.waits === true) end(rules, state, id, 'deadlock', effects);
}

/** Reports who waits here, and once more when nobody does any longer. */
export function onDetectTimer(state: CommitState, effects: CommitEffects): void {
  state.detects = false;
  const waits = waitsHere(state, effects.self);
  effects.send(detectorOf(state), { type: 'WaitsFor', waits });
  if (waits.length > 0) keepDetecting(state, effects);
}

function keepDetecting(state: CommitState, effects: CommitEffects): void {
  if (state.detects) return;
  state.detects = true;
  const { detectMs } = state.options;
  effects.setTimer('detect', detectMs, detectMs);
}

/** The edges of the waits-for graph that this shard knows. */
function waitsHere({ locks }: CommitState, shard: NodeId): readonly Wait[] {
  return locks.flatMap((lock) =>
    lock.queue.flatMap((claim) =>
      blockersOf(lock, claim).map(({ transaction: holder }): Wait => {
        const { transaction: waiter, age } = claim;
        return { waiter, holder, shard, age };
      }),
    ),
  );
}

function detectorOf({ options, nodes }: CommitState): NodeId {
  return (options.shards ?? nodes)[0] as NodeId; // There is a shard.
}
