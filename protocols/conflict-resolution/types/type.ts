/** What a replicated data type is: a join semilattice with updates that are deltas. */
import type { ClientId, Command, NodeId, Plain } from '../../../sim/engine/protocol.ts';

/** Names an update, and says what its writer knew. */
export interface Stamp {
  readonly node: NodeId;
  /** Of this node's updates of this key: 1, 2, … */
  readonly counter: number;
  readonly timestamp: number;
  readonly client: ClientId;
  /** Of this client's requests: they count up. */
  readonly sequence: number;
  /** What the client had read under the key, as `contextOf` gave it; null: nothing. */
  readonly context: Plain;
}

/**
 * States are plain data in a canonical form: equal states are equal data. `merge` is commutative,
 * associative and idempotent; merging a state with a delta gives the state after the update
 * (Almeida, Shoker and Baquero, Delta state replicated data types, 2018).
 */
export interface ReplicatedType<State extends Plain = Plain> {
  readonly initial: State;
  /** The delta of a command; null: the type does not offer it. */
  update(state: State, command: Command, stamp: Stamp): State | null;
  merge(one: State, other: State): State;
  /** What a client reads. */
  value(state: State): Plain;
  /** What a client has seen that reads this state, for its next write. */
  contextOf?(state: State): Plain;
}
