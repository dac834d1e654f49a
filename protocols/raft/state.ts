/** The "State" box of Figure 2, and the few steps that every section shares. */
import type { NodeId, RequestId } from '../../sim/engine/protocol.ts';
import type { Log } from '../common/log.ts';
import type { Machine, MachineSnapshot } from '../common/state-machine.ts';
import { electorateOf, type Configuration, type ConfigurationAt } from './configuration.ts';
import type { AppendEntriesReply, Entry, RaftEffects, RaftMessage } from './messages.ts';
import { optionsOf, type SparseOptions } from './options.ts';
import type { RaftRules } from './rules.ts';

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/** What a leader knows of one server. */
export interface Progress {
  nextIndex: number;
  matchIndex: number;
  /** Heard from since the last look of CheckQuorum. */
  active: boolean;
  snapshot: Outgoing | null;
  /** With flow control only. */
  flow?: Flow;
}

/** How a leader may send to a server (etcd/raft, tracker/progress.go). */
export interface Flow {
  /** `probe`: where the logs meet is not known, one message at a time. `replicate`: a window. */
  mode: 'probe' | 'replicate';
  /** Nothing more is sent until an answer comes. */
  isPaused: boolean;
  /** Messages with entries that are not acknowledged, the oldest first. */
  inflight: readonly InFlight[];
}

export interface InFlight {
  readonly lastIndex: number;
  readonly bytes: number;
}

/** A snapshot on its way to a follower; it is finished even when a newer one is taken meanwhile. */
export interface Outgoing {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly lastConfig: ConfigurationAt | null;
  readonly text: string;
  /** How much of the text has arrived. */
  offset: number;
}

/** §7. Frozen: it is shared between worlds and disks. */
export interface Snapshot {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly machine: MachineSnapshot;
  /** The configuration as of lastIncludedIndex; null: the one that the cluster began with. */
  readonly lastConfig: ConfigurationAt | null;
}

/** A snapshot that is arriving in pieces (Figure 13). */
export interface Incoming {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  text: string;
}

/** What a server knows of its own disk, with asynchronous storage writes. */
export interface Storage {
  /** The log is durable up to here. */
  stableIndex: number;
  /** Writes under way, and up to where each makes the log durable as it is now. */
  writing: readonly { readonly token: number; readonly index: number }[];
  /** Acknowledgements that wait for entries to become durable. */
  acknowledgements: readonly Acknowledgement[];
}

export interface Acknowledgement {
  readonly to: NodeId;
  readonly reply: AppendEntriesReply;
}

/** A leadership on its way to another server (dissertation §3.10). */
export interface Transfer {
  readonly to: NodeId;
  /** Who asked for it. */
  readonly request: RequestId;
  /** TimeoutNow has been sent. */
  isTold: boolean;
}

/** A read that waits (dissertation §6.4). */
export interface Read extends RequestId {
  readonly key: string;
  /** The follower that asks on behalf of its client; null: the client asked the leader. */
  readonly asker: NodeId | null;
  /** The leader's commit index when it took up the read; 0: it may not do so yet. */
  readIndex: number;
  /** The round of heartbeats that has to be acknowledged. */
  round: number;
}

/** A follower's read: it has asked the leader. `readIndex` is 0 until the leader has answered. */
export type AskedRead = Pick<Read, 'client' | 'sequence' | 'key' | 'readIndex'>;

/** What a leader knows of reads and of its lease (dissertation §6.4). */
export interface Reading {
  /** The latest round of heartbeats. */
  round: number;
  /** Rounds not confirmed yet, the oldest first, and the leader's clock (ms) at their start. */
  begun: readonly { readonly round: number; readonly atMs: number }[];
  /** The latest round that each server has acknowledged. */
  acknowledged: Record<NodeId, number>;
  /** The leader's clock when the latest confirmed round began; null: none is confirmed. */
  confirmedAtMs: number | null;
  /** Somebody was told to begin an election at once: no promise keeps it from being elected. */
  isHandedOver: boolean;
  waiting: Read[];
}

export interface RaftState {
  // Persistent state on all servers.
  currentTerm: number;
  votedFor: NodeId | null;
  log: Log<Entry>;
  snapshot: Snapshot | null;

  // Volatile state on all servers.
  role: Role;
  leaderId: NodeId | null;
  commitIndex: number;
  lastApplied: number;
  machine: Machine;
  /** This server's clock (ms) when it last heard from a leader of its term; -1: never. */
  leaderContactAt: number;
  incoming: Incoming | null;

  // Volatile state on candidates.
  votesGranted: NodeId[];
  /** The write that holds a candidate's own vote: it counts once it is durable. */
  voteToken: number;

  // Volatile state on leaders.
  progress: Record<NodeId, Progress>;
  /** Own entries on their way to the disk: the leader counts itself only afterwards. */
  persisting: { readonly token: number; readonly index: number; readonly term: number }[];
  /** The timer of a batch is running: requests wait for it. */
  isBatching: boolean;

  /** With asynchronous storage writes only. */
  storage: Storage | null;
  /** The batch that is being applied goes up to here; 0: nothing is. */
  applying: number;

  /** Reads without a log entry; null unless this server leads and has had one. */
  reading: Reading | null;
  /** Reads of clients for which this server has asked the leader. */
  asked: readonly AskedRead[];

  /** Until somebody leads: a leader that has stepped down still waits for its target. */
  transfer: Transfer | null;

  /** §6: the one in force, last, and those before it to which a truncation may lead back. */
  configurations: readonly ConfigurationAt[];
  readonly options: SparseOptions;
}

/** Figure 2, rules for all servers: a newer term turns any server into a follower (§5.1). */
export function adoptNewerTerm(
  rules: RaftRules,
  state: RaftState,
  term: number,
  effects: RaftEffects,
): boolean {
  if (term <= state.currentTerm) return false;
  becomeFollower(rules, state, term, effects);
  return true;
}

/** The server follows, in `term`, nobody yet. Its vote is free again only if the term is new. */
export function becomeFollower(
  rules: RaftRules,
  state: RaftState,
  term: number,
  effects: RaftEffects,
): void {
  const wasLeader = state.role === 'leader';
  state.votedFor = rules.voteInTerm(state.currentTerm, term, state.votedFor);
  if (term > state.currentTerm) state.leaderId = null;
  state.currentTerm = term;
  state.role = 'follower';
  state.votesGranted = [];
  state.progress = {};
  if (wasLeader) {
    effects.cancelTimer('heartbeat');
    effects.cancelTimer('quorum');
    effects.cancelTimer('batch');
    state.leaderId = null;
    dropReads(state, effects);
    restartElectionTimer(rules, state, effects);
  }
}

/** §5.2: timeouts are drawn anew each time, from a fixed interval. */
export function restartElectionTimer(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
): void {
  const [least, most] = rules.electionTimeout(optionsOf(state));
  effects.setTimer('election', least, most);
}

/** Whether this server has heard from a leader within the minimum election timeout (§6). */
export function hearsLeader(state: RaftState, effects: RaftEffects): boolean {
  if (state.role === 'leader') return true;
  if (state.leaderId === null || state.leaderContactAt < 0) return false;
  return effects.now() - state.leaderContactAt < optionsOf(state).electionTimeoutMinMs;
}

/** Sends one message to every other server that votes, in the order of the configuration. */
export function sendToVoters(state: RaftState, message: RaftMessage, effects: RaftEffects): void {
  for (const server of electorateOf(configurationOf(state))) {
    if (server !== effects.self) effects.send(server, message);
  }
}

export function latestConfiguration({
  configurations,
}: Pick<RaftState, 'configurations'>): ConfigurationAt {
  return configurations[configurations.length - 1] as ConfigurationAt; // There is at least one.
}

/** §6: a server uses the latest configuration in its log. */
export function configurationOf(state: Pick<RaftState, 'configurations'>): Configuration {
  return latestConfiguration(state).configuration;
}

/** Reads have no effect, so whoever leads no more can tell their clients to ask elsewhere. */
function dropReads(state: RaftState, effects: RaftEffects): void {
  for (const read of state.reading?.waiting ?? []) {
    if (read.asker === null) effects.respond(read, { type: 'error', code: 'LEADER_NOT_FOUND' });
  }
  state.reading = null;
}

/** The transfer is over: the target leads, or another server, or still this one. */
export function stopTransfer(state: RaftState, effects: RaftEffects, leaderId: NodeId): void {
  const { transfer } = state;
  if (transfer === null) return;
  state.transfer = null;
  effects.cancelTimer('transfer');
  const { request, to } = transfer;
  effects.respond(request, leaderId === to ? { type: 'ok', value: to } : timedOut);
}

const timedOut = Object.freeze({ type: 'error' as const, code: 'TIMEOUT' });
