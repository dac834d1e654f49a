/** Who may lead, and how configurations follow one another: §6; dissertation, §4. */
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { Finding } from '../../sim/engine/monitor.ts';
import type { Configuration, ConfigurationAt } from '../../protocols/raft/configuration.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { plainKey } from '../history/plain-key.ts';
import { nameOf } from './cluster.ts';
import { raftInvariant, type Change } from './watch.ts';

export const leaderInConfiguration = raftInvariant(
  {
    id: 'raft/leader-in-configuration',
    title: 'a leader votes in its configuration, until its removal is committed',
    source: 'Raft (extended), §6; dissertation, §4.2.2',
  },
  () => ({
    onElected: compare,
    onConfiguration: compare,
    onCommitIndex: compare,
    fork() {
      return this;
    },
  }),
);

function compare({ world, node, state }: Change): Finding | null {
  const { role, configurations, currentTerm } = state;
  const { configuration } = configurations[configurations.length - 1] as ConfigurationAt;
  if (role !== 'leader') return null;
  const name = nameOf(world, node);
  if (isVoter(configuration, name) || isBeingRemoved(state, name)) return null;
  const event = world.eventIndex;
  return {
    message: `${name} leads term ${currentTerm} of a configuration in which it has no vote`,
    facts: [
      { text: `${name} is leader of term ${currentTerm}`, node: name, event },
      { text: `${name} uses ${inWords(configuration)}`, node: name, event },
    ],
  };
}

export const transferTarget = raftInvariant(
  {
    id: 'raft/transfer-target',
    title: 'a leader hands over only to a server that has a vote, and gives up one that loses it',
    source: 'Raft, dissertation, §3.10, §4.2',
  },
  () => ({
    onConfiguration: aim,
    onTransfer: aim,
    fork() {
      return this;
    },
  }),
);

function aim({ world, node, state }: Change): Finding | null {
  const { role, transfer, configurations, currentTerm } = state;
  if (role !== 'leader' || transfer === null) return null;
  const { configuration } = configurations[configurations.length - 1] as ConfigurationAt;
  if (isVoter(configuration, transfer.to)) return null;
  const name = nameOf(world, node);
  const event = world.eventIndex;
  return {
    message: `${name} waits for ${transfer.to} to lead, which has no vote`,
    facts: [
      {
        text: `${name}, leader of term ${currentTerm}, hands over to ${transfer.to}`,
        node: name,
        event,
      },
      { text: `${name} uses ${inWords(configuration)}`, node: name, event },
    ],
  };
}

/** It had a vote before, and does not know yet that it has none any more. */
function isBeingRemoved({ configurations, commitIndex }: RaftState, name: NodeId): boolean {
  const [before, latest] = configurations.slice(-2);
  if (before === undefined || latest === undefined || latest.index <= commitIndex) return false;
  return isVoter(before.configuration, name);
}

export const configurationChange = raftInvariant(
  {
    id: 'raft/configuration-change',
    title: 'configurations change one at a time, each to one whose majorities meet the old ones',
    source: 'Raft (extended), §6; dissertation, §4.1, §4.3',
  },
  () => ({
    onConfiguration(change) {
      const { configurations } = change.state;
      const [before, latest] = configurations.slice(-2);
      if (before === undefined || latest === undefined) return null;
      return apart(change, before, latest) ?? tooEarly(change, before, latest);
    },
    fork() {
      return this;
    },
  }),
);

function apart(change: Change, before: ConfigurationAt, latest: ConfigurationAt): Finding | null {
  const meets = groupsOf(before.configuration).some((old) =>
    groupsOf(latest.configuration).some((next) => alwaysMeet(old, next)),
  );
  return meets ? null : found(change, before, latest, 'has majorities that do not meet those');
}

/** A leader that goes on leading: whoever begins to lead may inherit changes that are open. */
function tooEarly(
  change: Change,
  before: ConfigurationAt,
  latest: ConfigurationAt,
): Finding | null {
  const { role, currentTerm, commitIndex, log } = change.state;
  const isOwn = role === 'leader' && log.termAt(latest.index) === currentTerm;
  if (!isOwn || before.index <= commitIndex) return null;
  return found(change, before, latest, 'began before the commitment');
}

export const latestConfiguration = raftInvariant(
  {
    id: 'raft/latest-configuration',
    title: 'a server uses the latest configuration in its log, committed or not',
    source: 'Raft (extended), §6; dissertation, §5.1 for snapshots',
  },
  () => ({
    onConfiguration: look,
    onLog: look,
    fork() {
      return this;
    },
  }),
);

/** The entry that is in force is there, and nothing new behind it is a configuration. */
function look(change: Change): Finding | null {
  const { state, before } = change;
  const { log, snapshot, configurations } = state;
  const inForce = configurations[configurations.length - 1] as ConfigurationAt;
  const first = Math.max(inForce.index + 1, log.firstChange(before));
  for (let index = first; index <= log.lastIndex; index++) {
    const configuration = log.at(index)?.configuration;
    if (configuration !== undefined) return differs(change, inForce, { index, configuration });
  }
  if (inForce.index > log.baseIndex) {
    const configuration = log.at(inForce.index)?.configuration;
    return isSame(configuration, inForce.configuration) ? null : differs(change, inForce, null);
  }
  const last = snapshot?.lastConfig ?? null;
  const isOfSnapshot = last === null || isSame(last.configuration, inForce.configuration);
  return isOfSnapshot ? null : differs(change, inForce, last);
}

/** They travel by reference; after an error, or out of a file, the contents have to do. */
function isSame(a: Configuration | undefined, b: Configuration): boolean {
  return a === b || (a !== undefined && plainKey(a) === plainKey(b));
}

function differs(
  { world, node }: Change,
  inForce: ConfigurationAt,
  latest: ConfigurationAt | null,
): Finding {
  const name = nameOf(world, node);
  const event = world.eventIndex;
  const used = inWords(inForce.configuration);
  const there =
    latest === null
      ? `${name} has another entry at index ${inForce.index}`
      : `${name} has the configuration ${inWords(latest.configuration)} at index ${latest.index}`;
  return {
    message: `${name} uses a configuration that is not the latest in its log`,
    facts: [
      { text: `${name} uses ${used}, of index ${inForce.index}`, node: name, event },
      { text: there, node: name, event },
    ],
  };
}

/** Whether each majority of one group has a server in common with each of the other. */
function alwaysMeet(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  const common = a.filter((server) => b.includes(server)).length;
  const fromCommon = (group: readonly NodeId[]) =>
    Math.max(0, Math.floor(group.length / 2) + 1 - (group.length - common));
  return fromCommon(a) + fromCommon(b) > common;
}

function found(
  { world, node }: Change,
  before: ConfigurationAt,
  latest: ConfigurationAt,
  what: string,
): Finding {
  const name = nameOf(world, node);
  const event = world.eventIndex;
  const facts = [before, latest].map(({ index, configuration }) => ({
    text: `${name} has ${inWords(configuration)} at index ${index}`,
    node: name,
    event,
  }));
  return {
    message: `${name}: the configuration of index ${latest.index} ${what} of index ${before.index}`,
    facts,
  };
}

/** The groups of which each decides by its own majority: C_new, and C_old while there is one. */
function groupsOf({ voters, outgoing }: Configuration): readonly (readonly NodeId[])[] {
  return outgoing.length === 0 ? [voters] : [voters, outgoing];
}

function isVoter(configuration: Configuration, name: NodeId): boolean {
  return groupsOf(configuration).some((group) => group.includes(name));
}

/** `n1 n2 n4 with n1 n2 n3, learners n5` */
function inWords(configuration: Configuration): string {
  const { learners } = configuration;
  const groups = groupsOf(configuration).map((group) => group.join(' '));
  return groups.join(' with ') + (learners.length === 0 ? '' : `, learners ${learners.join(' ')}`);
}
