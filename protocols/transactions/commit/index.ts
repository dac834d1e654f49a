/** Two-phase and three-phase commit: which handler serves which message. */
import type { Observation, Protocol } from '../../../sim/engine/protocol.ts';
import { withLoopback } from '../../common/loopback.ts';
import * as coordinator from './coordinator.ts';
import { onWaitsFor } from './detector.ts';
import * as execution from './execution.ts';
import * as inquiry from './inquiry.ts';
import { describeMessage, type CommitMessage, type CommitTimer } from './messages.ts';
import type { CommitOptions } from './options.ts';
import * as participant from './participant.ts';
import { onRequest, transactionClient } from './requests.ts';
import { threePhaseRules, twoPhaseRules, type CommitRules } from './rules.ts';
import * as steps from './steps.ts';
import { start, type CommitState } from './state.ts';

export type CommitProtocol = Protocol<CommitState, CommitMessage, CommitTimer, CommitOptions>;

/** Made from its rules; the papers' own when none are given. */
export function twoPhaseCommit(rules: CommitRules = twoPhaseRules): CommitProtocol {
  const paper =
    'Gray and Lamport, Consensus on Transaction Commit, 2006, §3; presumed abort: Mohan, ' +
    'Lindsay and Obermarck, Transaction Management in the R* Distributed Database, 1986';
  return commitProtocol('two-phase-commit', paper, rules);
}

export function threePhaseCommit(rules: CommitRules = threePhaseRules): CommitProtocol {
  const paper =
    'Skeen, Nonblocking Commit Protocols, 1981; termination: Bernstein, Hadzilacos and Goodman, ' +
    'Concurrency Control and Recovery in Database Systems, 1987, §7.5';
  return commitProtocol('three-phase-commit', paper, rules);
}

function commitProtocol(name: string, paper: string, rules: CommitRules): CommitProtocol {
  return withLoopback<CommitState, CommitMessage, CommitTimer, CommitOptions>({
    name,
    paper,
    durable: ['values', 'prepared', 'outcomes', 'decisions', 'sessions', 'life'],
    start,
    onMessage: {
      Execute: (state, from, message, effects) =>
        execution.onExecute(rules, state, from, message, effects),
      Executed: (state, _from, message, effects) =>
        steps.onExecuted(rules, state, message, effects),
      Waiting: (state, _from, message) => steps.onWaiting(state, message),
      Refused: (state, _from, message, effects) =>
        coordinator.onRefused(rules, state, message, effects),
      Prepare: (state, from, message, effects) =>
        participant.onPrepare(rules, state, from, message, effects),
      Prepared: (state, from, message, effects) =>
        coordinator.onPrepared(rules, state, from, message, effects),
      PreCommit: participant.onPreCommit,
      PreCommitted: (state, from, message, effects) =>
        coordinator.onPreCommitted(rules, state, from, message, effects),
      Commit: (state, from, message, effects) =>
        participant.onCommit(rules, state, from, message, effects),
      Abort: (state, _from, message, effects) =>
        participant.onAbort(rules, state, message, effects),
      Acknowledge: (state, from, message) => coordinator.onAcknowledge(rules, state, from, message),
      Inquire: (state, from, message, effects) =>
        inquiry.onInquire(rules, state, from, message, effects),
      Active: (state, _from, message) => inquiry.onActive(state, message),
      Stands: (state, from, message) => inquiry.onStands(state, from, message),
      WaitsFor: onWaitsFor,
      EndDeadlock: (state, _from, message, effects) =>
        execution.onEndDeadlock(rules, state, message, effects),
    },
    onTimer: {
      tick: (state, effects) => inquiry.onTickTimer(rules, state, effects),
      backoff: (state, effects, id) => steps.onBackoffTimer(rules, state, id, effects),
      lock: (state, effects, id) => execution.onLockTimer(rules, state, id, effects),
      detect: execution.onDetectTimer,
    },
    onRequest: (state, request, effects) => onRequest(rules, state, request, effects),
    onPersisted: (state, token, effects) => coordinator.onPersisted(rules, state, token, effects),
    client: transactionClient,
    observe,
    describe: describeMessage,
  });
}

const shard: Observation = Object.freeze({
  role: 'shard',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});

/** Every node may coordinate: nobody leads, and there is no log whose positions are decided. */
function observe(): Observation {
  return shard;
}
