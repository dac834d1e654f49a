/**
 * Configurations and how they may follow one another: extended Raft paper §6 (joint consensus);
 * dissertation §4.1 (one server at a time), §4.2.1 (servers that only learn).
 */
import type { NodeId } from '../../sim/engine/protocol.ts';

/** Who takes part. Frozen: logs, snapshots and states share it. */
export interface Configuration {
  readonly voters: readonly NodeId[];
  /** The voters of C_old while the configuration is joint (C_old,new); else nobody. */
  readonly outgoing: readonly NodeId[];
  /** They get the log, and neither vote nor count. */
  readonly learners: readonly NodeId[];
  /** Voters of C_old that will be learners when the joint configuration is left. */
  readonly learnersNext: readonly NodeId[];
  /** Whether the leader leaves a joint configuration by itself as soon as it is committed. */
  readonly autoLeave: boolean;
}

/** A configuration, and the index of its log entry; 0: the cluster began with it. */
export interface ConfigurationAt {
  readonly index: number;
  readonly configuration: Configuration;
}

/** Makes a server a voter (promotes a learner), or a learner (demotes a voter), or neither. */
export interface Change {
  readonly type: 'add' | 'learn' | 'remove';
  readonly server: NodeId;
}

/** Why a change is no change that may be made. */
export const refusals = {
  nobodyLeft: 'no voter would be left',
  tooMany: 'more than one voter would change: that takes a joint configuration',
  joint: 'the configuration is joint: it has to be left first',
  notJoint: 'the configuration is not joint',
  empty: 'there is no voter yet: a first one is added alone',
} as const;
export type Refusal = (typeof refusals)[keyof typeof refusals];

const nobody: readonly NodeId[] = Object.freeze([]);

/** A configuration of voters alone. The list is kept as it is, and must not change any more. */
export function votersOnly(voters: readonly NodeId[]): Configuration {
  return Object.freeze({
    voters: Object.freeze(voters),
    outgoing: nobody,
    learners: nobody,
    learnersNext: nobody,
    autoLeave: false,
  });
}

export function isJoint({ outgoing }: Configuration): boolean {
  return outgoing.length > 0;
}

/** §6: the groups of which each decides by its own majority: C_new, and C_old if there is one. */
export function groupsOf({ voters, outgoing }: Configuration): readonly (readonly NodeId[])[] {
  return outgoing.length === 0 ? [voters] : [voters, outgoing];
}

/** Whether the server has a vote, in C_old or in C_new. */
export function isVoter({ voters, outgoing }: Configuration, server: NodeId): boolean {
  return voters.includes(server) || outgoing.includes(server);
}

/** Everyone who has a vote, in C_old or in C_new. */
export function electorateOf({ voters, outgoing }: Configuration): readonly NodeId[] {
  return outgoing.length === 0 ? voters : withAll(voters, outgoing);
}

/** Everyone who gets the log. */
export function membersOf(configuration: Configuration): readonly NodeId[] {
  const { learners } = configuration;
  const electorate = electorateOf(configuration);
  return learners.length === 0 ? electorate : withAll(electorate, learners);
}

/**
 * Dissertation §4.1: changes at once, safe because a majority of the old voters meets each majority
 * of the new ones, which takes that they differ by one at most.
 */
export function changeSimply(
  configuration: Configuration,
  changes: readonly Change[],
): Configuration | Refusal {
  if (isJoint(configuration)) return refusals.joint;
  const changed = changeAll(configuration, changes);
  if (changed.voters.length === 0) return refusals.nobodyLeft;
  if (difference(configuration.voters, changed.voters) > 1) return refusals.tooMany;
  return frozen(changed);
}

/** §6: from C_old to C_old,new, in which any number of voters may change. */
export function enterJoint(
  configuration: Configuration,
  changes: readonly Change[],
  autoLeave: boolean,
): Configuration | Refusal {
  if (isJoint(configuration)) return refusals.joint;
  const { voters } = configuration;
  if (voters.length === 0) return refusals.empty;
  const changed = changeAll({ ...configuration, outgoing: voters }, changes);
  if (changed.voters.length === 0) return refusals.nobodyLeft;
  return frozen({ ...changed, autoLeave });
}

/**
 * Dissertation §4.3: one voter may come or go at once, more take a joint configuration. `joint`
 * says whether to take one anyway, and whether it is left by itself.
 */
export function orderlyChange(
  configuration: Configuration,
  changes: readonly Change[],
  joint: 'auto' | 'explicit' | undefined,
): Configuration | Refusal {
  if (joint === undefined) {
    const changed = changeSimply(configuration, changes);
    if (changed !== refusals.tooMany) return changed;
  }
  return enterJoint(configuration, changes, joint !== 'explicit');
}

/** §6: from C_old,new to C_new. */
export function leaveJoint(configuration: Configuration): Configuration | Refusal {
  if (!isJoint(configuration)) return refusals.notJoint;
  const { voters, learners, learnersNext } = configuration;
  return frozen({
    voters,
    outgoing: nobody,
    learners: withAll(learners, learnersNext),
    learnersNext: nobody,
    autoLeave: false,
  });
}

/** `voters=n1 n2 n4 && n1 n2 n3 learners=n5`: in words. */
export function describeConfiguration(configuration: Configuration): string {
  const { voters, outgoing, learners, learnersNext, autoLeave } = configuration;
  const named = (name: string, servers: readonly NodeId[]) =>
    servers.length === 0 ? '' : ` ${name}=${servers.join(' ')}`;
  const old = outgoing.length === 0 ? '' : ` && ${outgoing.join(' ')}`;
  const others = named('learners', learners) + named('learners-next', learnersNext);
  return `voters=${voters.join(' ')}${old}${others}${autoLeave ? ' auto-leave' : ''}`;
}

function changeAll(configuration: Configuration, changes: readonly Change[]): Configuration {
  let changed = configuration;
  for (const { type, server } of changes) {
    if (type === 'add') changed = add(changed, server);
    else if (type === 'learn') changed = learn(changed, server);
    else changed = remove(changed, server);
  }
  return changed;
}

function add(configuration: Configuration, server: NodeId): Configuration {
  const others = remove(configuration, server);
  const { voters } = configuration;
  return { ...others, voters: voters.includes(server) ? voters : [...voters, server] };
}

/** Who votes in C_old cannot learn yet: it waits for the end of the joint configuration. */
function learn(configuration: Configuration, server: NodeId): Configuration {
  if (configuration.learners.includes(server)) return configuration;
  const others = remove(configuration, server);
  return others.outgoing.includes(server)
    ? { ...others, learnersNext: [...others.learnersNext, server] }
    : { ...others, learners: [...others.learners, server] };
}

/** C_old keeps its voters. */
function remove(configuration: Configuration, server: NodeId): Configuration {
  const { voters, learners, learnersNext } = configuration;
  return {
    ...configuration,
    voters: without(voters, server),
    learners: without(learners, server),
    learnersNext: without(learnersNext, server),
  };
}

function difference(a: readonly NodeId[], b: readonly NodeId[]): number {
  const missing = (from: readonly NodeId[], to: readonly NodeId[]) =>
    from.filter((server) => !to.includes(server)).length;
  return missing(a, b) + missing(b, a);
}

function without(servers: readonly NodeId[], server: NodeId): readonly NodeId[] {
  return servers.includes(server) ? servers.filter((other) => other !== server) : servers;
}

function withAll(servers: readonly NodeId[], more: readonly NodeId[]): readonly NodeId[] {
  return [...servers, ...more.filter((server) => !servers.includes(server))];
}

function frozen(configuration: Configuration): Configuration {
  const { voters, outgoing, learners, learnersNext } = configuration;
  for (const servers of [voters, outgoing, learners, learnersNext]) Object.freeze(servers);
  return Object.freeze(configuration);
}
