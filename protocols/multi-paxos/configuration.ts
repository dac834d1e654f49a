/**
 * Who accepts in which slot, and how many of them are a quorum. The configuration of a slot is
 * known when all slots up to α before it are decided (Paxos Made Simple §3, end).
 */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Configuration } from './messages.ts';
import type { MultiPaxosRules } from './rules.ts';
import type { MultiPaxosState } from './state.ts';

export function latestConfiguration({ configurations }: MultiPaxosState): Configuration {
  return configurations[configurations.length - 1] as Configuration; // There is at least one.
}

/** Who accepts in this slot, which is decided or at most α beyond the decided ones. */
export function acceptorsAt({ configurations }: MultiPaxosState, slot: number): readonly NodeId[] {
  let i = configurations.length - 1;
  while (i > 0 && (configurations[i] as Configuration).from > slot) i--;
  return (configurations[i] as Configuration).acceptors;
}

/** The configurations of the slots that are open: each decides some of them. */
export function openConfigurations(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
): readonly Configuration[] {
  const { configurations, decided } = state;
  const last = rules.lastSlotOpen(state);
  return configurations.filter(({ from }, i) => {
    const next = configurations[i + 1]?.from ?? Infinity;
    return from <= last && next > decided + 1;
  });
}

/** Forgets the configurations of decided slots. */
export function withoutOld(
  configurations: readonly Configuration[],
  decided: number,
): readonly Configuration[] {
  let first = 0;
  while ((configurations[first + 1]?.from ?? Infinity) <= decided + 1) first++;
  return first === 0 ? configurations : configurations.slice(first);
}

/** Whether so many of the acceptors have promised that one may propose to them. */
export function isPrepared(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  acceptors: readonly NodeId[],
): boolean {
  const { options, promises, nodes } = state;
  const first = options.acceptors?.length ?? nodes.length;
  const quorum = rules.prepareQuorum(options, acceptors.length, first);
  return rules.isPrepared(rules.counted(acceptors, promises), quorum);
}

/** Whether so many of them are a quorum of phase 2. */
export function isAcceptQuorum(
  rules: MultiPaxosRules,
  state: MultiPaxosState,
  acceptors: readonly NodeId[],
  answered: readonly NodeId[],
): boolean {
  const quorum = rules.acceptQuorum(state.options, acceptors.length);
  return answered.length >= quorum && rules.counted(acceptors, answered) >= quorum;
}

/** Whoever a campaign has to ask: the acceptors of all open slots, in the order of the nodes. */
export function allAsked(rules: MultiPaxosRules, state: MultiPaxosState): readonly NodeId[] {
  const groups = openConfigurations(rules, state);
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) return rules.asked(only.acceptors, state.nodes);
  return state.nodes.filter((node) =>
    groups.some(({ acceptors }) => rules.asked(acceptors, state.nodes).includes(node)),
  );
}

/** Who may lead: whom the options name, else whoever accepts in the latest configuration. */
export function isProposer(state: MultiPaxosState, node: NodeId): boolean {
  const { proposers } = state.options;
  if (proposers !== null) return proposers.includes(node);
  return latestConfiguration(state).acceptors.includes(node);
}

export function isLearner({ options }: MultiPaxosState, node: NodeId): boolean {
  return options.learners === null || options.learners.includes(node);
}
