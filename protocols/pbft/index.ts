/** PBFT: which handler serves which message. The README maps sections of the paper to files. */
import type { Observation, Protocol } from '../../sim/engine/protocol.ts';
import { Log } from '../common/log.ts';
import { Machine } from '../common/state-machine.ts';
import { genesis, onCheckpoint, recallVotes } from './checkpoint.ts';
import { pbftClient } from './client.ts';
import { executeCommitted } from './execution.ts';
import { MessageLog } from './message-log.ts';
import { describeMessage, type PbftEffects, type PbftMessage, type PbftTimer } from './messages.ts';
import { onNewView } from './new-view.ts';
import { onPrePrepare, onVote, propose } from './normal-case.ts';
import { defaultOptions, type PbftOptions } from './options.ts';
import { onRelay, onRequest } from './requests.ts';
import { paperRules, type PbftRules } from './rules.ts';
import { fetchState, onBatch, onFetchBatch, onFetchState, onState } from './state-transfer.ts';
import { announceStatus, onStatus, onStatusTimer } from './status.ts';
import { isPrimary, primaryOf, quorumOf, type Executed, type PbftState } from './state.ts';
import { superviseStatus, supervise } from './timers.ts';
import { announceViewChange, onViewChange, onViewChangeTimer } from './view-change.ts';

export type Pbft = Protocol<PbftState, PbftMessage, PbftTimer, PbftOptions>;

/** The protocol made from its rules; the paper's own when none are given. */
export function pbft(rules: PbftRules = paperRules): Pbft {
  /** What follows from any event: execution, new proposals, timers. */
  const settle = (state: PbftState, effects: PbftEffects) => {
    const hasProgressed = executeCommitted(rules, state, effects);
    propose(rules, state, effects);
    supervise(rules, state, hasProgressed, effects);
    superviseStatus(state, effects);
  };
  const settled =
    <Message>(
      handle: (rules: PbftRules, state: PbftState, message: Message, effects: PbftEffects) => void,
    ) =>
    (state: PbftState, _from: string, message: Message, effects: PbftEffects) => {
      handle(rules, state, message, effects);
      settle(state, effects);
    };
  return {
    name: 'pbft',
    paper: 'Castro and Liskov, Practical Byzantine Fault Tolerance, OSDI 1999',
    durable: ['view', 'isActive', 'slots', 'stable', 'checkpoints', 'newView'],
    start(durable, options, effects) {
      const state = initialState(rules, durable, options, effects);
      if (durable === null) return state;
      recallVotes(rules, state, effects);
      if (state.target !== null) fetchState(state, effects);
      executeCommitted(rules, state, effects);
      if (!state.isActive) announceViewChange(rules, state, effects);
      announceStatus(state, effects);
      settle(state, effects);
      return state;
    },
    onMessage: {
      Request: settled(onRelay),
      PrePrepare: settled(onPrePrepare),
      Prepare: settled(onVote),
      Commit: settled(onVote),
      Checkpoint: settled(onCheckpoint),
      ViewChange: settled(onViewChange),
      NewView: settled(onNewView),
      FetchBatch: (state, from, message, effects) => onFetchBatch(state, from, message, effects),
      Batch: settled(onBatch),
      FetchState: (state, from, message, effects) => onFetchState(state, from, message, effects),
      State: settled(onState),
      Status: (state, from, message, effects) => onStatus(rules, state, from, message, effects),
    },
    onTimer: {
      'view-change': (state, effects) => {
        onViewChangeTimer(rules, state, effects);
        settle(state, effects);
      },
      status: (state, effects) => {
        onStatusTimer(state, effects);
        superviseStatus(state, effects);
      },
      fetch: (state, effects) => fetchState(state, effects),
    },
    onRequest(state, request, effects) {
      onRequest(rules, state, request, effects);
      settle(state, effects);
    },
    signsRequests: true,
    client: pbftClient(rules, defaultOptions),
    observe,
    describe: describeMessage,
  };
}

function initialState(
  rules: PbftRules,
  durable: Partial<PbftState> | null,
  options: PbftOptions,
  effects: PbftEffects,
): PbftState {
  const stable = durable?.stable ?? genesis;
  const checkpoints = durable?.checkpoints ?? [];
  const own = checkpoints[checkpoints.length - 1];
  const empty = Machine.empty({ deduplicate: rules.executesOnce(options) });
  const lastExecuted = own?.sequence ?? 0;
  const slots = durable?.slots ?? new MessageLog();
  const view = durable?.view ?? 0;
  return {
    view,
    isActive: durable?.isActive ?? true,
    slots,
    stable,
    checkpoints,
    newView: durable?.newView ?? null,
    self: effects.self,
    nodes: effects.nodes,
    machine: own === undefined ? empty : Machine.restore(own.snapshot),
    lastExecuted,
    log: new Log<Executed>([], lastExecuted, 0),
    waiting: [],
    ...assignedIn(slots, view, lastExecuted),
    viewChanges: [],
    failures: 0,
    isTimerRunning: false,
    isStatusArmed: false,
    checkpointVotes: [],
    target: stable.sequence > lastExecuted ? stable : null,
    fetches: 0,
    early: [],
    options,
  };
}

/** What the primary of this view had assigned before it crashed. */
function assignedIn(slots: MessageLog, view: number, lastExecuted: number) {
  const assigned: Record<string, number> = {};
  let lastAssigned = lastExecuted;
  for (const { sequence, prePrepare, batch } of slots.list()) {
    if (prePrepare?.view !== view) continue;
    lastAssigned = Math.max(lastAssigned, sequence);
    for (const request of batch ?? []) {
      assigned[request.client] = Math.max(assigned[request.client] ?? -1, request.sequence);
    }
  }
  return { lastAssigned, assigned };
}

function observe(state: PbftState): Observation {
  const { view, isActive, lastExecuted } = state;
  const leads = isActive && isPrimary(state);
  return {
    role: leads ? 'primary' : isActive ? 'backup' : 'changing view',
    epoch: view,
    leads,
    leader: isActive ? primaryOf(state, view) : null,
    decided: lastExecuted,
    applied: lastExecuted,
    log: null,
    quorum: quorumOf(paperRules, state),
  };
}
