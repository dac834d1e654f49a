/**
 * What a scenario may name: protocols, invariants, mutants. Only shapes; `sim/registry` fills them,
 * and a user's own module exports a `ProtocolEntry`.
 */
import type { z } from 'zod';
import type { OwnLies, RequestFault } from '../faults/index.ts';
import type {
  AnyMessage,
  AnyProtocol,
  ClientProtocol,
  Command,
  Invariant,
  NodeId,
} from '../engine/index.ts';

/** What default options are derived from. */
export interface ClusterFacts {
  readonly nodes: number;
  /** The largest median one-way latency of any link, in milliseconds. */
  readonly latencyMs: number;
  /** How long a disk takes to sync, in milliseconds. */
  readonly syncMs: number;
  readonly failureTolerance: number;
  readonly byzantine: boolean;
  /** Whether a retry is known by its key, and for how long replicas remember it. */
  readonly deduplicate: boolean;
  readonly dedupWindowMs: number;
}

/** A command as a scenario writes it. */
export type ScriptCommand = RequestFault['command'];

/** Where a node begins, when not with an empty disk; `command` is null in a no-op. */
export interface InitialNode {
  readonly term: number;
  readonly votedFor: NodeId | null;
  readonly log: readonly { readonly term: number; readonly command: Command | null }[];
}

/** A protocol with one deliberate, documented error. */
export interface MutantEntry {
  readonly id: string;
  readonly protocol: string;
  /** One sentence: what it does wrong. */
  readonly description: string;
  /** Ids of the invariants of which one has to catch it. */
  readonly violates: readonly string[];
  /** What a run must contain for the error to show: `crash`, `partition`, `duplicate`, … */
  readonly needs: readonly string[];
  /** In a smaller cluster it behaves like the clean protocol. */
  readonly minNodes: number;
  /** Papers, issues and reports in which it was found. */
  readonly sources: readonly string[];
  /** Why another invariant sees it first than the one that its sources name. */
  readonly remark?: string;
  /** True for an equivalent change that no invariant may ever report. */
  readonly control: boolean;
  readonly script?: MutantScript;
}

/** A schedule that shows an error at its last step; the clean protocol survives the same steps. */
export interface MutantScript {
  readonly nodes: number;
  /** As a scenario writes them. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly syncMs?: number;
  /** Who lies in it. */
  readonly liars?: readonly string[];
  readonly clients?: number;
  readonly latencyMs?: number;
  readonly seed?: number;
  /** As in a scenario's `faults`. */
  readonly faults?: readonly Readonly<Record<string, unknown>>[];
  /** As in a scenario's `schedule`. */
  readonly steps: readonly (string | object)[];
}

/** What makes exhaustive search of a protocol smaller, and its default bounds. */
export interface Exhaustion {
  /** Nodes are interchangeable: none is named by an option, and the protocol never orders ids. */
  readonly symmetric: boolean;
  /** How often timers of a name fire over all nodes, unless the user says otherwise. */
  readonly timers: Readonly<Record<string, number>>;
  /** Messages that can do nothing any more; the claim is checked in everything explored. */
  readonly inert?: (message: AnyMessage, receiver: object) => boolean;
}

export interface ProtocolEntry {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The protocol, with the given mutants' errors; ids are those of `mutants`. */
  create(mutants: readonly string[]): AnyProtocol;
  /** Options as a scenario writes them: a strict object in which every field may be left out. */
  readonly optionsSchema: z.ZodObject;
  /**
   * Every option, in the protocol's own shape: what a scenario says (checked by `optionsSchema`),
   * else what its mutants need, else what suits the cluster.
   */
  options(
    written: Readonly<Record<string, unknown>>,
    facts: ClusterFacts,
    mutants: readonly string[],
  ): unknown;
  /** What is wrong with options of the right shape in a cluster of so many nodes. */
  optionProblems?(
    written: Readonly<Record<string, unknown>>,
    nodes: number,
    /** The scenario goes beyond what the protocol can survive, and means it. */
    beyondTolerance: boolean,
  ): readonly { readonly option: string; readonly message: string }[];
  /** Options under which errors with these needs show soon, for `schism mutants`. */
  searchOptions?(needs: readonly string[]): Readonly<Record<string, unknown>>;
  /** What a search asks a leader for beside operations, with these options and mutants. */
  searchRequests?(
    written: Readonly<Record<string, unknown>>,
    nodes: readonly NodeId[],
    mutants: readonly string[],
  ): readonly ScriptCommand[];
  /** What an exhaustive search may assume of the protocol with these options; absent: nothing. */
  exhaustion?(written: Readonly<Record<string, unknown>>): Exhaustion;
  /** What is wrong with a command that a scenario puts into a node's hands; null: nothing. */
  requestProblem?(command: ScriptCommand, nodes: readonly NodeId[]): string | null;
  /**
   * Clients that suit these options, with the errors of these mutants; undefined: the protocol's
   * own, or the common ones.
   */
  client?(options: unknown, mutants: readonly string[]): ClientProtocol | undefined;
  /** What clients of this protocol are promised; a run without a requirement is held to it. */
  readonly consistency:
    | 'linearizable'
    | 'sequential'
    | 'causal'
    | 'eventual'
    | 'strong-snapshot-isolation'
    | 'read-uncommitted'
    | 'nothing';
  /** Everything that is checked unless a scenario says otherwise. */
  readonly invariants: readonly Invariant[];
  /** What a scenario may ask for beyond that: known weaknesses. */
  readonly unpromised?: readonly Invariant[];
  /** What clients do when a mutant is searched; left out: a register, or strings that grow. */
  readonly operations?: 'list-append' | 'map';
  readonly mutants: readonly MutantEntry[];
  /** What a byzantine node might say in place of a message, beside what its structure offers. */
  readonly lies?: OwnLies;
  /** What a disk holds for a node that does not begin empty; absent: it always does. */
  initialDurable?(node: InitialNode, options: unknown): object;
}

/** The table of names that loading and preparing a scenario ask. */
export interface Catalogue {
  readonly protocols: ReadonlyMap<string, ProtocolEntry>;
  /** What may be asked of what clients see, whatever the protocol. */
  readonly historyInvariants: readonly Invariant[];
  /** How clients behave when their protocol does not say; null: such a protocol has no clients. */
  readonly defaultClient: ClientProtocol | null;
  /** Modules that could not be loaded, by the name a scenario gives them: why not. */
  readonly failures?: ReadonlyMap<string, string>;
}
