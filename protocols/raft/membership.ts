/**
 * Membership changes: dissertation §4.1 with the correction of 2015 (no change before an entry of
 * the own term is committed), §4.2.2 (removing the leader); extended Raft paper §6 for joint
 * consensus.
 */
import type { Request } from '../../sim/engine/protocol.ts';
import { changesOf, type ChangeCommand } from './administration.ts';
import { releaseClients } from './client.ts';
import { leaveJoint, type Change, type Configuration, type Refusal } from './configuration.ts';
import type { Entry, LoggedRequest, RaftEffects } from './messages.ts';
import { appendEntry, broadcastAppendEntries } from './replication.ts';
import type { RaftRules } from './rules.ts';
import { becomeFollower, configurationOf, latestConfiguration, type RaftState } from './state.ts';

/** A leader logs the new configuration, and uses it at once; it answers when it is committed. */
export function onChangeMembership(
  rules: RaftRules,
  state: RaftState,
  request: Request,
  effects: RaftEffects,
): void {
  const command = request.command as ChangeCommand;
  // Not now, but perhaps later: a change is under way, or the leader is too new.
  if (rules.isChangeUnderWay(state) || !rules.hasCommittedInTerm(state)) {
    effects.respond(request, { type: 'error', code: 'INVALID_TERM' });
    return;
  }
  const next = nextConfiguration(rules, state, command);
  if (typeof next === 'string') {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  const { client, sequence } = request;
  const logged = { client, sequence, command, stamp: effects.now() };
  logConfiguration(rules, state, next, logged, effects);
}

function nextConfiguration(
  rules: RaftRules,
  state: RaftState,
  command: ChangeCommand,
): Configuration | Refusal | 'the learner lags behind' {
  const configuration = configurationOf(state);
  if (command.type === 'leave-joint') return leaveJoint(configuration);
  const changes = changesOf(command);
  if (changes.some((change) => isPromotionTooEarly(rules, state, change))) {
    return 'the learner lags behind';
  }
  return rules.nextConfiguration(configuration, changes, command.joint);
}

/** Dissertation §4.2.1: who lags behind would hold up commitment as soon as it has a vote. */
function isPromotionTooEarly(rules: RaftRules, state: RaftState, change: Change): boolean {
  const { type, server } = change;
  if (type !== 'add' || !configurationOf(state).learners.includes(server)) return false;
  return !rules.isCaughtUp(state, server);
}

function logConfiguration(
  rules: RaftRules,
  state: RaftState,
  configuration: Configuration,
  request: LoggedRequest | null,
  effects: RaftEffects,
): void {
  const entry: Entry = { term: state.currentTerm, request, configuration };
  appendEntry(rules, state, entry, effects);
  broadcastAppendEntries(rules, state, effects);
}

/**
 * What a leader does when its configuration is committed. A joint one that says so is left (§6), at
 * the next commit if a leader before has not done it; a leader that is no longer a voter steps down
 * (dissertation §4.2.2).
 */
export function settleConfiguration(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
): void {
  const { index } = latestConfiguration(state);
  if (index === 0 || state.role !== 'leader') return;
  const joint = rules.jointToLeave(state);
  if (joint !== null) {
    logConfiguration(rules, state, leaveJoint(joint) as Configuration, null, effects);
  } else if (index <= state.commitIndex && rules.stepsDown(state, effects.self)) {
    releaseClients(state, effects);
    becomeFollower(rules, state, state.currentTerm, effects);
  }
}
