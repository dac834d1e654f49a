/**
 * Faults as data: every kind with its parameters. A scenario's timeline, a random plan, a script
 * and a search all speak of faults in these words, and `performFault` makes them happen.
 */
import type { LatencyShape, Plain } from '../engine/index.ts';

/**
 * Names a node: its id, `{leader}` (the believed leader of the highest epoch), `{followers}` (all
 * other nodes that are up), `{liars}` (the byzantine nodes), `{minority}` (the leader and the
 * lowest-numbered others, as many as stay below a majority), `{majority}` (the rest), `{any}` (one
 * drawn of those on which the fault has an effect), `{region:eu}`. Resolved when the fault happens;
 * who is not there is ignored.
 */
export type NodeRef = string;

/**
 * Cuts. They act on links between nodes; on a client's links only where the client is named (`c1`).
 * What is on its way already still arrives.
 */
export type PartitionFault =
  /** Every link between different sides, both ways. A node on no side keeps all its links. */
  | { readonly kind: 'partition'; readonly sides: readonly (readonly NodeRef[])[] }
  /** Each of these alone: cut off from every other node, one another included. */
  | { readonly kind: 'isolate'; readonly nodes: readonly NodeRef[] }
  /** Messages from `from` to `to` are lost; the other way they pass. */
  | {
      readonly kind: 'one-way';
      readonly from: readonly NodeRef[];
      readonly to: readonly NodeRef[];
    }
  /** Two sides that see each other only through the bridge. */
  | {
      readonly kind: 'bridge';
      readonly sides: readonly (readonly NodeRef[])[];
      readonly bridge: readonly NodeRef[];
    }
  /** Each node sees a majority, no two the same one (Jepsen's "majorities ring"); from 3 nodes. */
  | { readonly kind: 'majorities-ring' }
  /** Two random halves, drawn when it happens. */
  | { readonly kind: 'random-halves' }
  /** Drawn: two sides, isolate, one-way, bridge or ring; nothing while another cut is in force. */
  | { readonly kind: 'random-partition' }
  /** Each region named here is cut off from every other region. */
  | { readonly kind: 'region-partition'; readonly regions: readonly string[] }
  /** A cut that comes and goes: cut for downUs, whole for upUs, and again. */
  | {
      readonly kind: 'flapping';
      readonly sides: readonly (readonly NodeRef[])[];
      readonly downUs: number;
      readonly upUs: number;
    };

/**
 * Weather on links between nodes; `between` limits it to links that touch one of these nodes, and
 * brings in the links of clients named there. Chances in a million, per message.
 */
export type MessageFault =
  | { readonly kind: 'loss'; readonly ppm: number; readonly between?: readonly NodeRef[] }
  | { readonly kind: 'duplicate'; readonly ppm: number; readonly between?: readonly NodeRef[] }
  /** Added to the link's own latency. */
  | {
      readonly kind: 'delay';
      readonly medianUs: number;
      readonly shape: LatencyShape;
      readonly between?: readonly NodeRef[];
    }
  /**
   * Holds back a share of the messages for up to byUs, so that later ones overtake them (not on
   * `fifo` links: there the later ones wait as well).
   */
  | {
      readonly kind: 'reorder';
      readonly ppm: number;
      readonly byUs: number;
      readonly between?: readonly NodeRef[];
    }
  /** A copy arrives once more when it is old: 4 to 200 times the link's median latency later. */
  | { readonly kind: 'replay-old'; readonly ppm: number; readonly between?: readonly NodeRef[] };

/** With `limit`, no more nodes than that are down or paused afterwards (the others are spared). */
export type NodeFault =
  | { readonly kind: 'crash'; readonly nodes: readonly NodeRef[]; readonly limit?: number }
  /** Starts those that are down; the others are left alone. */
  | { readonly kind: 'restart'; readonly nodes: readonly NodeRef[] }
  /** Crash, and the disk is empty afterwards (amnesia). */
  | { readonly kind: 'wipe'; readonly nodes: readonly NodeRef[]; readonly limit?: number }
  | { readonly kind: 'pause'; readonly nodes: readonly NodeRef[]; readonly limit?: number }
  | { readonly kind: 'resume'; readonly nodes: readonly NodeRef[] }
  /** The clock jumps by byUs (skew: a jump at the beginning of time); its end sets it right. */
  | { readonly kind: 'clock-step'; readonly nodes: readonly NodeRef[]; readonly byUs: number }
  /** From now on the clock gains ppm microseconds a second; armed timers keep their time. */
  | { readonly kind: 'clock-drift'; readonly nodes: readonly NodeRef[]; readonly ppm: number };

export type DiskFault = {
  readonly kind: 'disk';
  readonly nodes: readonly NodeRef[];
  readonly problem:
    /** Syncs lie: a crash loses what they covered. */
    | 'lying-fsync'
    /** The next crash leaves the last unsynced write half done. */
    | 'torn-write'
    /** Crash now, in the middle of whatever is unsynced. */
    | 'lose-unsynced'
    /** The next start finds the stored log with an entry lost or corrupted. */
    | 'corrupt-entry'
    /** Every sync that begins takes byUs longer. */
    | 'slow'
    /** No sync begins; what waits for a write waits on. */
    | 'full';
  readonly byUs?: number;
  /** For `lose-unsynced`: see NodeFault. */
  readonly limit?: number;
};

/** What a byzantine node does; `byzantine/behaviours.ts` has a sentence for each. */
export const behaviourNames = [
  'silent',
  'selective-silence',
  'delay',
  'equivocate',
  'double-vote',
  'corrupt',
  'replay',
  'old-value',
  'stale-certificate',
  'forge',
  'partial-mac',
  'amnesia',
  'twins',
  'collude',
  'lying-view-change',
  'bad-state-transfer',
  'flood',
  'own',
] as const;

export type BehaviourName = (typeof behaviourNames)[number];

/**
 * These nodes lie from now on, each in one of these ways at a time. `ppm`: the chance in a million,
 * for each of their messages, that they do; left out, each behaviour has its own. `to`: the actors
 * that hear another story, or nothing, while the rest hears the truth; left out, half are drawn.
 */
export type ByzantineFault = {
  readonly kind: 'byzantine';
  readonly nodes: readonly NodeRef[];
  readonly behaviours: readonly BehaviourName[];
  readonly ppm?: number;
  readonly to?: readonly NodeRef[];
};

/** What a liar does with a message: one of these, and `also` when the truth arrives as well. */
export type Tell = {
  /** The field with this path (`entries.0.term`) is another: so much more, or this value. */
  readonly field?: string;
  readonly add?: number;
  readonly value?: Plain;
  /** Another message altogether. */
  readonly instead?: Plain;
  readonly also?: true;
  /** It comes so many microseconds later. */
  readonly byUs?: number;
  /** It is not sent at all. */
  readonly silence?: true;
};

/** One lie: about one message on its way, by its name (`n2<-n1 AppendEntries#1a2b3c4d`). */
export type LieFault = Tell & {
  readonly kind: 'lie';
  readonly how: BehaviourName;
  readonly message: string;
};

/** A byzantine node's other sins: these count as byzantine from then on. */
export type SinFault =
  /** Starts anew at once, with an empty disk. */
  | { readonly kind: 'amnesia'; readonly nodes: readonly NodeRef[] }
  /** Another instance with the same identity takes over; it knows what both knew at first. */
  | { readonly kind: 'twin'; readonly nodes: readonly NodeRef[] };

/** Ends faults of a kind, or all; nodes that are down restart, paused ones resume. */
export type HealFault = {
  readonly kind: 'heal';
  readonly what: 'all' | 'partitions' | 'messages' | 'nodes' | 'clocks' | 'disks' | 'liars';
};

/** Ends one fault, exactly as it was performed. `forUs` makes these. */
export type EndFault = {
  readonly kind: 'end';
  readonly what:
    PartitionFault['kind'] | MessageFault['kind'] | 'disk' | 'clock-step' | 'byzantine';
  readonly fault: PartitionFault | MessageFault | DiskFault | NodeFault | ByzantineFault;
};

/** A client request out of a script, put into a node's hands at once. */
export type RequestFault = {
  readonly kind: 'request';
  readonly node: NodeRef;
  readonly command: { readonly type: string; readonly [field: string]: string | number };
};

/** One message on its way, by its identity (`n2<-n1 AppendEntries#1a2b3c4d`): a search's means. */
export type OneMessageFault =
  | { readonly kind: 'lose'; readonly message: string }
  | { readonly kind: 'repeat'; readonly message: string };

export type Fault =
  | PartitionFault
  | MessageFault
  | NodeFault
  | DiskFault
  | HealFault
  | EndFault
  | RequestFault
  | OneMessageFault
  | ByzantineFault
  | LieFault
  | SinFault;

export type FaultKind = Fault['kind'];

/** When a timeline entry happens. */
export type Trigger =
  | { readonly type: 'at'; readonly us: number }
  /** `afterUs` after the condition first holds, counted from when the entry before it happened. */
  | { readonly type: 'when'; readonly condition: Condition; readonly afterUs: number };

/** What a timeline can wait for; evaluated after every event on `observe()` of the nodes. */
export type Condition =
  /** A node of `among` (any node if absent) leads an epoch in which no node led before. */
  | { readonly type: 'leader-elected'; readonly among?: readonly NodeRef[] }
  /** Some node (of `among`) has decided at least `position`. */
  | { readonly type: 'decided'; readonly position: number; readonly among?: readonly NodeRef[] }
  /** Some node has reached the epoch. */
  | { readonly type: 'epoch'; readonly epoch: number }
  /** All nodes that are up have the same log length and have decided all of it. */
  | { readonly type: 'converged' }
  /** The n-th event has happened. */
  | { readonly type: 'event'; readonly index: number };

/** One line of a scenario's timeline; `forUs` ends it (the fault's own inverse) after a while. */
export interface TimelineEntry {
  readonly trigger: Trigger;
  readonly fault: Fault;
  readonly forUs?: number;
}
