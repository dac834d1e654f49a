/**
 * The messages of the three phases (Paxos Made Simple §2.2, §2.3), of leaders, and of learners that
 * lag behind; a reply is a message of its own.
 */
import type { Command, Effects, NodeId, RequestId } from '../../sim/engine/protocol.ts';
import type { MachineSnapshot } from '../common/state-machine.ts';
import { describeBallot, type Ballot } from './ballot.ts';

/** A client's request as a value holds it; `stamp` is the leader's clock (ms) when it came in. */
export interface LoggedRequest extends RequestId {
  readonly command: Command;
  readonly stamp: number;
}

/** What can be chosen in a slot. Immutable: it is shared between nodes. */
export interface Value {
  /** The ballot under which it was proposed first; with the slot it names the value for ever. */
  readonly origin: Ballot;
  /** Null in the no-op that fills a gap. */
  readonly request: LoggedRequest | null;
  /** In a value that changes the configuration: who accepts from `activeFrom` on. */
  readonly acceptors?: readonly NodeId[];
}

/** A numbered proposal: what an acceptor accepts, and what is chosen in the end. */
export interface Proposal {
  readonly ballot: Ballot;
  readonly value: Value;
}

export interface SlotProposal extends Proposal {
  readonly slot: number;
}

/** From `from` on, these acceptors decide. */
export interface Configuration {
  readonly from: number;
  readonly acceptors: readonly NodeId[];
}

/** Phase 1a, for `slot` and all slots behind it at once (Paxos Made Simple §3). */
export interface Prepare {
  readonly type: 'Prepare';
  readonly ballot: Ballot;
  readonly slot: number;
}

/** Phase 1b: nothing below `ballot` will be accepted here, and this is what has been. */
export interface Promised {
  readonly type: 'Promised';
  readonly ballot: Ballot;
  /** Up to here everything is decided, and the acceptor has forgotten what it accepted. */
  readonly base: number;
  /** Up to here the sender has learned what is chosen. */
  readonly decided: number;
  /** The slot from which on it reports: that of the Prepare. */
  readonly slot: number;
  readonly accepted: readonly SlotProposal[];
}

/** Phase 2a. */
export interface Accept extends SlotProposal {
  readonly type: 'Accept';
}

/** Phase 2b. */
export interface Accepted {
  readonly type: 'Accepted';
  readonly ballot: Ballot;
  readonly slot: number;
}

/** A higher ballot is known here: the answer to a Prepare, an Accept or a Heartbeat that is old. */
export interface Rejected {
  readonly type: 'Rejected';
  readonly ballot: Ballot;
  readonly promised: Ballot;
}

/** Phase 3: the distinguished learner tells the others what is chosen (Paxos Made Simple §2.3). */
export interface Learn extends SlotProposal {
  readonly type: 'Learn';
}

/** `round` counts a leader's heartbeats; a grant of the lease says which one it answers. */
export interface Heartbeat {
  readonly type: 'Heartbeat';
  readonly ballot: Ballot;
  readonly decided: number;
  readonly round: number;
}

/** Until its lease timer fires, the sender promises nobody else anything (Paxos Made Live §5.2). */
export interface Granted {
  readonly type: 'Granted';
  readonly ballot: Ballot;
  readonly round: number;
}

/** What is chosen in `slot` and behind it? */
export interface CatchUp {
  readonly type: 'CatchUp';
  readonly slot: number;
}

export interface CaughtUp {
  readonly type: 'CaughtUp';
  readonly chosen: readonly SlotProposal[];
  readonly decided: number;
}

/** Instead of slots that are no longer there: the state that they lead to. */
export interface InstallSnapshot {
  readonly type: 'InstallSnapshot';
  readonly snapshot: Snapshot;
  readonly decided: number;
}

/** The state after `slot`. Frozen: it is shared between worlds and disks. */
export interface Snapshot {
  readonly slot: number;
  /** Of the value chosen in that slot. */
  readonly origin: Ballot;
  readonly machine: MachineSnapshot;
  /** Those that some slot behind this one still needs; the oldest first. */
  readonly configurations: readonly Configuration[];
}

export type MultiPaxosMessage =
  | Prepare
  | Promised
  | Accept
  | Accepted
  | Rejected
  | Learn
  | Heartbeat
  | Granted
  | CatchUp
  | CaughtUp
  | InstallSnapshot;

/** `lease`: what an acceptor has granted; `master`: what a leader may rely on. */
export type MultiPaxosTimer = 'election' | 'heartbeat' | 'lease' | 'master';

export type MultiPaxosEffects = Effects<MultiPaxosMessage, MultiPaxosTimer>;

/** A message in a few words, as golden conversations and traces show it. */
export function describeMessage(message: MultiPaxosMessage): string {
  switch (message.type) {
    case 'Prepare':
      return `ballot=${describeBallot(message.ballot)} slots=${message.slot}..`;
    case 'Promised': {
      const { ballot, base, decided, accepted } = message;
      const reported = accepted.map((one) => `${one.slot}@${describeBallot(one.ballot)}`);
      const forgotten = base > 0 ? ` base=${base}` : '';
      const known = `decided=${decided}${forgotten}`;
      return `ballot=${describeBallot(ballot)} ${known} accepted=${reported.join(',') || 'none'}`;
    }
    case 'Accept':
    case 'Accepted':
    case 'Learn':
      return `ballot=${describeBallot(message.ballot)} slot=${message.slot}`;
    case 'Rejected': {
      const { ballot, promised } = message;
      return `ballot=${describeBallot(ballot)} promised=${describeBallot(promised)}`;
    }
    case 'Heartbeat':
      return `ballot=${describeBallot(message.ballot)} decided=${message.decided}`;
    case 'Granted':
      return `ballot=${describeBallot(message.ballot)} round=${message.round}`;
    case 'CatchUp':
      return `slots=${message.slot}..`;
    case 'CaughtUp':
      return `+${message.chosen.length} decided=${message.decided}`;
    case 'InstallSnapshot':
      return `slot=${message.snapshot.slot} decided=${message.decided}`;
  }
}
