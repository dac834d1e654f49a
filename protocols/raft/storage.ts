/**
 * Asynchronous storage writes, as in etcd/raft (doc.go, "Usage with Asynchronous Storage Writes"):
 * appending and applying are steps of their own, and the server goes on meanwhile. Entries are
 * acknowledged as they become durable.
 */
import type { AppendEntriesReply, RaftEffects } from './messages.ts';
import type { RaftRules } from './rules.ts';
import type { RaftState, Storage } from './state.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';

/** At the start of a life the disk has all of the log. */
export function initialStorage(isAsync: boolean, lastIndex: number): Storage | null {
  return isAsync ? { stableIndex: lastIndex, writing: [], acknowledgements: [] } : null;
}

/** The log was cut behind `kept`: what is durable or being written beyond it is something else. */
export function noteCut(rules: RaftRules, state: RaftState, kept: number): void {
  const { storage } = state;
  if (storage === null) return;
  storage.stableIndex = Math.min(storage.stableIndex, kept);
  storage.writing = storage.writing.map(({ token, index }) => ({
    token,
    index: rules.writtenAfterCut(index, kept),
  }));
}

/** A write of the log as it is now is under way. */
export function noteWrite({ storage, log }: RaftState, token: number): void {
  if (storage === null) return;
  storage.writing = [...storage.writing, { token, index: log.lastIndex }];
}

/** The disk has everything up to some write: acknowledgements that waited for it leave. */
export function onLogDurable(state: RaftState, token: number, effects: RaftEffects): void {
  const { storage } = state;
  if (storage === null || (storage.writing[0]?.token ?? Infinity) > token) return;
  for (const { token: written, index } of storage.writing) {
    if (written <= token) storage.stableIndex = Math.max(storage.stableIndex, index);
  }
  storage.writing = storage.writing.filter((write) => write.token > token);
  const { acknowledgements } = storage;
  storage.acknowledgements = acknowledgements.filter(({ reply }) => !isStable(storage, reply));
  for (const { to, reply } of acknowledgements) {
    // An acknowledgement to the leader of an earlier term is of no use to anybody.
    if (reply.term === state.currentTerm && isStable(storage, reply)) effects.send(to, reply);
  }
}

/** Sends an acknowledgement, now or when the entries that it is about are durable. */
export function acknowledge(
  rules: RaftRules,
  state: RaftState,
  to: NodeId,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  const { storage } = state;
  if (storage === null || isStable(storage, reply) || !rules.acknowledgementWaitsForDisk) {
    effects.send(to, reply);
  } else {
    storage.acknowledgements = [...storage.acknowledgements, { to, reply }];
  }
}

function isStable({ stableIndex }: Storage, { matchIndex }: AppendEntriesReply): boolean {
  return matchIndex <= stableIndex;
}
