/** Phase 1, the proposer's part: Paxos Made Simple §2.2 and §3, once for all open slots. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import { promise, report } from '../acceptor.ts';
import { epochOf, noBallot } from '../ballot.ts';
import { noteAhead } from '../catch-up.ts';
import { allAsked, isPrepared, openConfigurations } from '../configuration.ts';
import type { MultiPaxosEffects, Promised } from '../messages.ts';
import type { MultiPaxosRules } from '../rules.ts';
import { hearOf, restartElectionTimer, type MultiPaxosState } from '../state.ts';
import { lead } from './leader.ts';

/** Phase 1a: a new ballot, above all that this node has heard of. */
export function startCampaign(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  state.round = rules.nextRound(state);
  state.ballot = rules.ballotOf(state.round, state.nodes.indexOf(effects.self));
  state.role = 'candidate';
  state.leaderId = null;
  state.promises = [];
  state.adopted = {};
  state.lastAdopted = 0;
  state.base = 0;
  hearOf(state, state.ballot);
  restartElectionTimer(rules, state, effects);
  const term = epochOf(state.ballot, state.nodes.length);
  effects.log({ event: 'election_started', term });
  const asked = allAsked(rules, state);
  const { ballot } = state;
  // The own acceptor is asked as well; the round has to be on disk before anybody hears of it.
  const asksItself = asked.includes(effects.self) && rules.mayPromise(state, ballot);
  if (asksItself) promise(state, ballot);
  const token = effects.persist();
  if (asksItself) state.ownWrites.push({ type: 'promise', token, ballot });
  const slot = rules.firstSlotAsked(state);
  for (const node of asked) {
    if (node !== effects.self) effects.send(node, { type: 'Prepare', ballot, slot });
  }
}

/** The own promise is on disk. */
export function onOwnPromise(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  effects: MultiPaxosEffects,
): void {
  const { ballot } = state;
  const own = report(rules, state, { ballot, slot: rules.firstSlotAsked(state) }, noBallot);
  onPromised(rules, state, effects.self, own, effects);
}

export function onPromised(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  from: NodeId,
  message: Promised,
  effects: MultiPaxosEffects,
): void {
  if (state.role === 'follower' || !rules.countsPromise(state, message.ballot)) return;
  if (state.promises.includes(from)) return;
  state.promises.push(from);
  adopt(rules, state, message);
  state.base = Math.max(state.base, message.base);
  if (from !== effects.self) noteAhead(state, from, message.decided);
  if (state.role !== 'candidate') return;
  const open = openConfigurations(rules, state);
  if (open.every(({ acceptors }) => isPrepared(rules, state, acceptors))) {
    lead(rules, state, effects);
  }
}

/** P2c: in each slot the proposal with the highest ballot counts. */
function adopt(rules: MultiPaxosRules, state: MultiPaxosState, message: Promised): void {
  const { slot: first, accepted } = message;
  for (let nth = 0; nth < accepted.length; nth++) {
    const reported = accepted[nth];
    if (reported === undefined) continue;
    const slot = rules.slotOfReport(reported, first, nth);
    const { ballot, value } = reported;
    if (rules.adopts(state.adopted[slot], reported)) state.adopted[slot] = { ballot, value };
    state.lastAdopted = Math.max(state.lastAdopted, slot);
  }
}
