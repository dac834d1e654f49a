/** The protocols that the advisor recommends: what each does, and what it guarantees. */
import type { Situation } from './situation.ts';

/** How acknowledgements are counted, and how failures are noticed. */
export type Family =
  | 'leader'
  | 'liars'
  | 'quorum'
  | 'primary'
  | 'ring'
  | 'directory'
  | 'shards'
  | 'saga'
  | 'everywhere';

export interface Recommendable {
  readonly description: string;
  readonly guarantee: string;
  readonly family: Family;
}

export const recommendable = {
  raft: {
    description:
      'a log replicated by an elected leader: an entry is committed once a majority has stored ' +
      'it, and every node applies the log in the same order',
    guarantee:
      'linearizable; Election Safety, Leader Append-Only, Log Matching, Leader Completeness, ' +
      'State Machine Safety, whatever messages are lost and whichever nodes crash',
    family: 'leader',
  },
  pbft: {
    description:
      'pre-prepare, prepare, commit among 3f+1 nodes: the primary proposes an order, and 2f+1 ' +
      'nodes confirm it to each other before anybody executes',
    guarantee: 'linearizable, although up to f nodes lie; a client believes f+1 equal answers',
    family: 'liars',
  },
  'quorum-register': {
    description:
      'registers without a leader (ABD): a write asks a majority for the newest version and ' +
      'stores the next one at a majority; a read stores what it answers, too',
    guarantee: 'linearizable for reads and writes of single keys; it cannot compare and swap',
    family: 'quorum',
  },
  'synchronous-replication': {
    description: 'a primary that acknowledges a write when every replica has it',
    guarantee: 'linearizable at the primary; no acknowledged write is lost (RPO = 0)',
    family: 'primary',
  },
  'semi-synchronous-replication': {
    description:
      'a primary that orders all writes and acknowledges each when f replicas (at least 1) have it',
    guarantee:
      'all replicas apply one order; an acknowledged write survives f failures; a replica may lag',
    family: 'primary',
  },
  'asynchronous-replication': {
    description: 'a primary that acknowledges a write at once and ships it to replicas afterwards',
    guarantee:
      'eventual: when writes stop, replicas become equal; a crash of the primary may lose what ' +
      'it had acknowledged (RPO > 0)',
    family: 'primary',
  },
  'consistent-hashing': {
    description:
      'keys and virtual nodes on one ring, position = hash(key) mod ring size: a key belongs to ' +
      'the next node, and its copies to the 2f nodes behind that one',
    guarantee:
      'who joins or leaves moves about k/n of the keys and no others; copies of a key agree ' +
      'eventually',
    family: 'ring',
  },
  'replicated-directory': {
    description:
      'a routing table kept by a consensus group; a route carries an epoch, and an owner refuses ' +
      'requests of an older one',
    guarantee: 'a key has exactly one owner per epoch; operations on a key are linearizable',
    family: 'directory',
  },
  'two-phase-commit': {
    description:
      'two-phase locking in each shard and two-phase commit across them; a shard is a consensus ' +
      'group of 2f+1 nodes, so are its votes and the decision',
    guarantee: 'atomic and strictly serializable: as if transactions ran one after the other',
    family: 'shards',
  },
  'snapshot-isolation': {
    description:
      'a transaction reads one snapshot, and of two that write the same key the first to commit ' +
      'wins; timestamps come from an oracle (Percolator)',
    guarantee: 'snapshot isolation: no lost update, no torn read; write skew is possible',
    family: 'shards',
  },
  saga: {
    description:
      'a chain of local transactions, each with one that compensates for it if a later one fails',
    guarantee: 'every step takes effect or is compensated; others may see what lies between',
    family: 'saga',
  },
  'version-vectors': {
    description:
      'every write carries a (dotted) version vector; of versions of which none has seen the ' +
      'other both are kept, as siblings, and a client merges them',
    guarantee: 'causal: what a client has seen it does not lose; no concurrent write is dropped',
    family: 'everywhere',
  },
  crdt: {
    description:
      'replicated data types whose merge is commutative, associative and idempotent: every ' +
      'replica takes updates, and states or deltas spread by gossip',
    guarantee: 'strong eventual consistency: replicas that have the same updates are equal',
    family: 'everywhere',
  },
} as const satisfies Readonly<Record<string, Recommendable>>;

export type ProtocolName = keyof typeof recommendable;

export function familyOf(protocol: ProtocolName): Family {
  return recommendable[protocol].family;
}

/** How many nodes take part: lies are outvoted by 3f+1, and more would only talk more. */
export function participants(protocol: ProtocolName, { nodes, failures }: Situation): number {
  return familyOf(protocol) === 'liars' ? Math.min(nodes, 3 * failures + 1) : nodes;
}
