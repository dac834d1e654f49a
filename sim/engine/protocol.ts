/** The contract between the engine and a protocol. Types only: nothing here runs. */

export type NodeId = string;
export type ClientId = string;

/** Data that can be cloned, hashed, compared and written to a file. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [field: string]: Plain | undefined };

/**
 * A large value inside a node's state that knows how to copy itself cheaply (a replicated log, a
 * key-value table). The engine never looks inside. Every other object in a state is plain, and a
 * frozen object counts as immutable all the way down: it is shared, never copied.
 */
export interface Forkable {
  /** An independent copy; O(1) or close to it. */
  fork(): Forkable;
  /** Changes whenever the content changes; equal versions of one lineage mean equal contents. */
  readonly version: number;
  /** A 32-bit hash of the content; the two lanes are independent. */
  hash(lane: number): number;
  /** The content as plain data, for traces and people. */
  toPlain(): Plain;
  /** Damages the stored copy as a failing disk would; `choose(bound)` picks how. */
  damage?(choose: (bound: number) => number): void;
}

/** What a client asks of the replicated state machine. */
export interface Command {
  readonly type: string;
  readonly [field: string]: Plain | undefined;
}

/** Names one request for ever: a retry carries the same id. */
export interface RequestId {
  readonly client: ClientId;
  readonly sequence: number;
}

export interface Request extends RequestId {
  readonly command: Command;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The client's, where its protocol signs requests: over client, sequence and command. */
  readonly signature?: Signature;
}

/**
 * `code` is a word of the specification's retry vocabulary; `hint` names a node to try next, or
 * whom to ask the next time.
 */
export type Response =
  | { readonly type: 'ok'; readonly value: Plain; readonly hint?: NodeId }
  | { readonly type: 'error'; readonly code: string; readonly hint?: NodeId };

/**
 * Symbolic: only the holder of `signer`'s secret can make a tag that verifies. An alias, so that it
 * counts as plain data.
 */
export type Signature = {
  /** The name of a node or a client. */
  readonly signer: string;
  readonly tag: number;
};

/** A structured log event (specification, "Log Format"). */
export interface LogEvent {
  readonly level?: 'INFO' | 'WARN';
  readonly event:
    | 'election_started'
    | 'leader_elected'
    | 'log_replicated'
    | 'commit_applied'
    | 'partition_detected'
    | 'partition_healed'
    | 'conflict_resolved';
  readonly term?: number;
  readonly context?: { readonly [field: string]: Plain };
}

/** Names one persist() of one node's life; tokens grow. */
export type WriteToken = number;

/** All a handler may ask of the outside world. Valid only during the call it was passed to. */
export interface Effects<Message, Timer extends string> {
  readonly self: NodeId;
  /** Every node that exists; who is a member is the protocol's own business. */
  readonly nodes: readonly NodeId[];
  /** This node's own clock in milliseconds, a multiple of 0.001: it may be skewed or drift. */
  now(): number;
  send(to: NodeId, message: Message): void;
  /**
   * (Re)starts the timer of that name and key; it fires once, after a duration of this node's clock
   * in [atLeastMs, atMostMs]. The engine draws it, so a protocol never touches randomness.
   */
  setTimer(timer: Timer, atLeastMs: number, atMostMs: number, key?: string): void;
  cancelTimer(timer: Timer, key?: string): void;
  /**
   * Writes the durable fields as they are now. Whatever this node sends or answers later waits for
   * it (a FIFO barrier per node), unless `{ barrier: false }`: then `onPersisted` tells the
   * protocol, which answers for the order itself.
   */
  persist(options?: { readonly barrier: boolean }): WriteToken;
  /** Answers a client. */
  respond(request: RequestId, response: Response): void;
  /** An integer in [0, bound), for protocols that choose (a gossip peer). */
  choose(bound: number): number;
  sign(payload: Plain): Signature;
  verify(signature: Signature, payload: Plain): boolean;
  log(event: LogEvent): void;
}

/** One handler per message type: a message without a handler does not compile. */
export type Handlers<State, Message extends { type: string }, Timer extends string> = {
  readonly [T in Message['type']]: (
    state: State,
    from: NodeId,
    message: Extract<Message, { type: T }>,
    effects: Effects<Message, Timer>,
  ) => void;
};

/** A replicated log seen from outside: positions first..last are present. */
export interface LogView {
  readonly firstIndex: number;
  readonly lastIndex: number;
  termAt(index: number): number;
}

/** A node's state in the words that all protocols share. */
export interface Observation {
  /** The protocol's own word: leader, follower, candidate, primary, acceptor, … */
  readonly role: string;
  /** Term, ballot or view: whatever grows when leadership may change. */
  readonly epoch: number;
  /** True when this node believes that it leads `epoch`. */
  readonly leads: boolean;
  /** Whom this node believes to lead, if anyone. */
  readonly leader: NodeId | null;
  /** Every position up to here is decided, as far as this node knows. */
  readonly decided: number;
  /** Every position up to here has been applied to the state machine. */
  readonly applied: number;
  readonly log: LogView | null;
  /** Groups of voters: it takes a quorum of each. Absent: all nodes are one group. */
  readonly electorates?: readonly (readonly NodeId[])[];
  /** How many of a group can elect and decide by themselves. Absent: a majority. */
  readonly quorum?: number;
}

export interface Protocol<State, Message extends { type: string }, Timer extends string, Options> {
  readonly name: string;
  readonly paper: string;
  /** Fields that survive a crash, as of the last completed persist(). */
  readonly durable: readonly (keyof State & string)[];
  /** Set when safety leans on clocks (leases): untimed order stays within this drift bound. */
  readonly clockBoundMs?: number;
  /** `durable` is null on the very first start (and after a wipe), else what the disk holds. */
  start(durable: Partial<State> | null, options: Options, effects: Effects<Message, Timer>): State;
  readonly onMessage: Handlers<State, Message, Timer>;
  readonly onTimer: {
    readonly [T in Timer]: (state: State, effects: Effects<Message, Timer>, key: string) => void;
  };
  onRequest(state: State, request: Request, effects: Effects<Message, Timer>): void;
  onPersisted?(state: State, token: WriteToken, effects: Effects<Message, Timer>): void;
  /** Requests that no client of a run sends, out of a script, are signed in its place. */
  readonly signsRequests?: true;
  /** How a client of this protocol behaves; default in protocols/common/client.ts. */
  readonly client?: ClientProtocol;
  /** A pure projection of the state in shared words. */
  observe(state: State): Observation;
  /**
   * A promise beside eventual consistency: so long after the last update and the last fault, in
   * milliseconds, all replicas answer alike. What clients read before is not judged. Left out: 0.
   */
  settlesMs?(options: Options): number;
  /** A message for people: `term=3 prev=4 +2`. Default: its scalar fields. */
  describe?(message: Message): string;
}

/** How an operation ended, as its client sees it. */
export type Completion =
  | { readonly type: 'ok'; readonly value: Plain }
  | { readonly type: 'fail' | 'info'; readonly error: string };

/** All a client's handler may ask of the outside world. */
export interface ClientEffects {
  readonly self: ClientId;
  readonly nodes: readonly NodeId[];
  now(): number;
  send(to: NodeId, request: Request): void;
  setTimer(timer: string, atLeastMs: number, atMostMs: number): void;
  cancelTimer(timer: string): void;
  choose(bound: number): number;
  sign(payload: Plain): Signature;
  /** Ends the open operation; the workload then decides when the next one begins. */
  complete(completion: Completion): void;
}

/** A client is an actor, too: a table of handlers over plain data. */
export interface ClientProtocol<State = Plain> {
  start(options: Plain, effects: ClientEffects): State;
  onOperation(state: State, request: Request, effects: ClientEffects): void;
  onResponse(
    state: State,
    from: NodeId,
    sequence: number,
    response: Response,
    effects: ClientEffects,
  ): void;
  onTimer(state: State, timer: string, effects: ClientEffects): void;
}

/** A protocol whose own types are forgotten: what the engine handles. */
export type AnyProtocol = Protocol<object, AnyMessage, string, unknown>;
export type AnyMessage = { readonly type: string };
