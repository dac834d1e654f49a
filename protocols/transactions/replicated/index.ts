/** Two-phase commit over replicated groups: the groups do the work, this wires them together. */
import type { AnyProtocol, Observation, Protocol } from '../../../sim/engine/protocol.ts';
import { assert } from '../../../sim/engine/assert.ts';
import { clientOf } from '../../common/client.ts';
import { Host, type HostMessage } from '../../common/embed.ts';
import { withLoopback } from '../../common/loopback.ts';
import type { Mutant } from '../../common/mutant.ts';
import * as coordinator from './coordinator.ts';
import { replicatedRules, type ReplicatedRules } from './rules.ts';
import { groupsOf, type ReplicatedOptions, type ReplicatedState } from './state.ts';
import type { ReplicatedTimer } from './state.ts';

type Replicated = Protocol<ReplicatedState, HostMessage, ReplicatedTimer, ReplicatedOptions>;

/** A question to a silent member of a group is put to the next one after so long. */
const ASK_AGAIN_MS = 200;

/** `inner` keeps the shards: a protocol that replicates the key-value store. */
function commitOverGroups(
  inner: AnyProtocol,
  rules: ReplicatedRules = replicatedRules,
): Replicated {
  const host = new Host(inner, { askAgainMs: ASK_AGAIN_MS });
  return withLoopback<ReplicatedState, HostMessage, ReplicatedTimer, ReplicatedOptions>({
    name: 'commit-over-raft',
    paper:
      'Gray and Lamport, Consensus on Transaction Commit, 2006, §4; Corbett et al., Spanner, ' +
      'OSDI 2012, §4.2',
    durable: ['disks', 'life'],
    start: (durable, options, effects) => ({
      ...host.start(durable, groupsOf(options), effects),
      transactions: [],
      begun: 0,
      nodes: effects.nodes,
      options,
    }),
    onMessage: {
      Inner: (state, from, message, effects) =>
        host.onInner(state, from, message, groupsOf(state.options), effects),
      Ask: (state, _from, message, effects) =>
        host.onAsk(state, message, groupsOf(state.options), effects),
      Answer: (state, from, message, effects) => {
        const done = host.onAnswer(state, from, message, groupsOf(state.options), effects);
        const context = { host, rules, state, effects };
        if (done !== null) coordinator.onAnswer(context, done.tag, done.response);
      },
    },
    onTimer: {
      inner: (state, effects, key) =>
        host.onInnerTimer(state, key, groupsOf(state.options), effects),
      ask: (state, effects) => host.onAskTimer(state, groupsOf(state.options), effects),
      backoff: (state, effects, id) =>
        coordinator.onBackoffTimer({ host, rules, state, effects }, id),
    },
    onRequest: (state, request, effects) =>
      coordinator.onRequest({ host, rules, state, effects }, request),
    onPersisted: (state, token, effects) =>
      host.onPersisted(state, token, groupsOf(state.options), effects),
    // Nothing is only the coordinator's: whoever is asked next finds out, or does it.
    client: clientOf({ begins: 'anywhere', mayMove: () => true }),
    observe: () => node,
    describe: (message) => {
      if (message.type === 'Answer') return message.id;
      if (message.type === 'Ask') return `${message.group} ${message.id} ${message.command.type}`;
      const said = inner.describe?.(message.message) ?? '';
      return `${message.group} ${message.message.type} ${said}`;
    },
  });
}

export interface ReplicatedMutant extends Mutant {
  readonly rules: Partial<ReplicatedRules>;
}

export const replicatedMutants: readonly ReplicatedMutant[] = [
  {
    id: 'txn-recovery-stale-state',
    description: 'Recovery takes a transaction without a record for aborted, and does not say so.',
    violates: ['history/linearizable'],
    needs: ['clients', 'delay'],
    minNodes: 3,
    sources: ['cockroachdb/cockroach#122258', 'Gray and Lamport 2006, §4'],
    rules: { recoveryDecides: false },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedReplicated(inner: AnyProtocol, ids: readonly string[]): Replicated {
  let rules: ReplicatedRules = replicatedRules;
  for (const id of ids) {
    const mutant = replicatedMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return commitOverGroups(inner, rules);
}

const node: Observation = Object.freeze({
  role: 'node',
  epoch: 0,
  leads: false,
  leader: null,
  decided: 0,
  applied: 0,
  log: null,
});
