/**
 * Rounds of heartbeats: Ongaro's dissertation, §6.4. Whoever is acknowledged by a majority in a
 * round was still the leader when the round began; for leases (§6.4.1) that is the moment to count.
 */
import { agreedRound } from './agreement.ts';
import type { AppendEntriesReply, RaftEffects } from './messages.ts';
import type { NodeId } from '../../sim/engine/protocol.ts';
import type { RaftRules } from './rules.ts';
import type { RaftState, Reading } from './state.ts';
import { optionsOf } from './options.ts';

/** The leader's table of reads, made when it is first needed. */
export function readingOf(state: RaftState): Reading {
  state.reading ??= {
    round: 0,
    begun: [],
    acknowledged: {},
    confirmedAtMs: null,
    isHandedOver: false,
    waiting: [],
  };
  return state.reading;
}

/** The number that heartbeats carry from now on; undefined while there is nothing to confirm. */
export function beginRound(
  rules: RaftRules,
  state: RaftState,
  effects: RaftEffects,
): number | undefined {
  const { reads, electionTimeoutMinMs } = optionsOf(state);
  if (reads !== 'lease' && (state.reading?.waiting ?? []).length === 0) return undefined;
  const reading = readingOf(state);
  reading.round = rules.nextRound(reading.round);
  const atMs = effects.now();
  // Rounds that are older than any lease tell nothing about it.
  const recent = reading.begun.filter((round) => atMs - round.atMs < electionTimeoutMinMs);
  reading.begun = [...recent, { round: reading.round, atMs }];
  return reading.round;
}

/** A server has answered a heartbeat of a round. */
export function noteRound(
  rules: RaftRules,
  state: RaftState,
  from: NodeId,
  reply: AppendEntriesReply,
  effects: RaftEffects,
): void {
  const { reading } = state;
  if (reading === null || reply.round === undefined || !rules.countsRound(state, reply)) return;
  const { acknowledged, begun } = reading;
  acknowledged[from] = Math.max(acknowledged[from] ?? 0, reply.round);
  const agreed = agreedRound(rules, state, reading, effects.self);
  const confirmed = begun.filter(({ round }) => round <= agreed);
  const latest = confirmed[confirmed.length - 1];
  if (latest === undefined) return;
  reading.confirmedAtMs = latest.atMs;
  reading.begun = begun.slice(confirmed.length);
}
