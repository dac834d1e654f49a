/** What may go wrong with protocols that replicate, place, commit or merge data. */
import { calculateQuorum } from './cluster.ts';
import type { Configuration } from './configure.ts';
import { firstNodes, type FailureScenario, type Trial } from './trial.ts';
import type { ProtocolName } from './protocols.ts';
import type { Situation } from './situation.ts';

type Told = Omit<FailureScenario, 'trial'> & { readonly trial?: Trial };

export function dataFailures(
  protocol: ProtocolName,
  situation: Situation,
  configuration: Configuration,
): readonly FailureScenario[] {
  const tell = told[protocol];
  if (tell === undefined) return [];
  return tell(situation, configuration).map((scenario) => ({ trial: null, ...scenario }));
}

type Teller = (situation: Situation, configuration: Configuration) => readonly Told[];

const told: Readonly<Partial<Record<ProtocolName, Teller>>> = {
  'synchronous-replication': (situation, configuration) => [
    ...backupsLost(situation, {
      scenario: 'a replica is down or unreachable',
      behavior: 'writes wait, for all includes it; so do reads that go through the log',
      recovery: 'bring it back; or remove it from the set, and let it join again with a full copy',
      count: 1,
    }),
    promoted(
      'nothing acknowledged is lost, for every replica has it; writes wait until all are back',
      situation,
      configuration,
    ),
    fenced(situation, configuration),
  ],
  'semi-synchronous-replication': (situation, configuration) => [
    ...backupsLost(situation, {
      scenario:
        configuration.quorum_size > 2
          ? `fewer than ${configuration.quorum_size - 1} replicas answer`
          : 'no replica answers',
      behavior: 'writes wait (PostgreSQL) or, if so configured, become asynchronous (MySQL)',
      recovery: 'restart a replica; decide beforehand whether to wait or to fall back',
      count: situation.nodes - configuration.quorum_size + 1,
    }),
    promoted(
      'one of the replicas has every acknowledged write, if at most ' +
        `${Math.max(1, situation.failures)} fail`,
      situation,
      configuration,
    ),
    fenced(situation, configuration),
    ...lagging(situation, configuration),
  ],
  'asynchronous-replication': (situation, configuration) => [
    promoted(
      'writes that it had acknowledged and not yet shipped are lost (RPO > 0)',
      situation,
      configuration,
    ),
    fenced(situation, configuration),
    ...lagging(situation, configuration),
  ],
  'consistent-hashing': ({ failures }, { quorum_size: quorum }) => [
    {
      scenario: failures === 0 ? 'a node is lost' : `${failures} nodes of a key are lost`,
      behavior: `${quorum} nodes had its acknowledged writes, so a copy is left`,
      recovery: 'the next nodes on the ring take over and copy; about k/n of the keys move',
    },
    {
      scenario: 'two nodes believe that they own a key',
      behavior: 'both take writes while their views of the ring differ',
      recovery: 'versions are compared when the views meet; concurrent ones are merged',
    },
    {
      scenario: 'one key is far hotter than others',
      behavior: 'virtual nodes balance keys, not requests: its owner is overloaded',
      recovery: 'split the key (a suffix), cache it, or read at all of its copies',
    },
  ],
  'replicated-directory': (_, { quorum_size: quorum, timeout_ms: timeout }) => [
    {
      scenario: 'a client has a stale route',
      behavior: 'the former owner refuses: the epoch of the route is older than its own',
      recovery: 'the client asks the directory again and repeats the request',
    },
    {
      scenario: "the directory's leader crashes",
      behavior: 'clients go on with the routes that they know; ranges do not move',
      recovery: `${quorum} of its nodes elect another one after ${timeout} to ${2 * timeout} ms`,
    },
    {
      scenario: 'an owner is cut off from the directory',
      behavior: 'its lease runs out, and it stops serving before anybody else may begin',
      recovery: 'the directory gives its keys to another node in a new epoch',
    },
  ],
  'two-phase-commit': (_, { quorum_size: quorum, timeout_ms: timeout }) => [
    {
      scenario: 'the coordinator crashes between the votes and the decision',
      behavior: 'participants keep their locks: they cannot know what was decided (blocking)',
      recovery:
        `its log is on ${quorum} nodes: another one takes over after ${timeout} to ` +
        `${2 * timeout} ms; without a decision in it the transaction is aborted (presumed abort)`,
    },
    {
      scenario: 'a participant does not vote in time',
      behavior: 'the coordinator decides to abort; nothing takes effect anywhere',
      recovery: 'the client tries again with backoff',
    },
    deadlock(timeout),
  ],
  'snapshot-isolation': (_, { timeout_ms: timeout }) => [
    {
      scenario: 'a client crashes in the middle of its commit',
      behavior: 'its locks stay; whoever meets one looks at its primary lock',
      recovery: 'primary committed: roll forward; else, when it is too old: roll back',
    },
    {
      scenario: 'the timestamp oracle crashes',
      behavior: 'no transaction begins or commits; none is half visible',
      recovery: `a successor begins above all timestamps handed out, after ${timeout} ms`,
    },
    {
      scenario: 'two transactions read what the other one writes (write skew)',
      behavior: 'both commit, although no serial order gives this result',
      recovery: 'lock what is read (select for update), or ask for sequential consistency',
    },
  ],
  saga: (_, { timeout_ms: timeout }) => [
    {
      scenario: 'a step fails',
      behavior: 'the steps before it have taken effect, and others have seen them',
      recovery: 'their compensations run in reverse order; they are idempotent and cannot fail',
    },
    {
      scenario: 'the coordinator crashes',
      behavior: 'the saga stands still between two steps; nothing is locked',
      recovery: `it reads its log and goes on; what is open after ${timeout} ms is sent again`,
    },
  ],
  'version-vectors': () => [
    {
      scenario: 'two clients write one key at the same time',
      behavior: 'both versions are kept as siblings',
      recovery: 'the next client that reads merges them; its write replaces both',
    },
    apart(),
    lostReplica(),
  ],
  crdt: (_, { heartbeat_ms: gossip }) => [
    {
      scenario: 'two replicas take updates at the same time',
      behavior: 'they differ until they have exchanged states',
      recovery: `gossip every ${gossip} ms; merging gives the same result in any order`,
    },
    apart(),
    lostReplica(),
  ],
};

interface Loss extends Told {
  /** How many backups; the first primary is n1. */
  readonly count: number;
}

/** Backups that are lost, and are too many; nothing where there are none. */
function backupsLost({ nodes }: Situation, { count, ...text }: Loss): Told[] {
  const backups = firstNodes(Math.min(nodes, count + 1)).slice(1);
  if (backups.length === 0) return [];
  return [{ ...text, trial: { faults: [{ crash: backups }], promise: 'stops' } }];
}

/** Whether the others elect a primary, and have as many replicas as it waits for. */
function withoutOne({ nodes }: Situation, { quorum_size: quorum }: Configuration) {
  return nodes - 1 >= Math.max(calculateQuorum(nodes), quorum) ? 'goes on' : 'stops';
}

function promoted(what: string, situation: Situation, configuration: Configuration): Told {
  const { timeout_ms: timeout } = configuration;
  return {
    scenario: 'the primary crashes',
    behavior: `nobody takes writes; ${what}`,
    recovery:
      `after ${timeout} to ${2 * timeout} ms the replica that is farthest is promoted, with a ` +
      'fencing token greater than any before',
    trial: { faults: [{ crash: '{leader}' }], promise: withoutOne(situation, configuration) },
  };
}

function fenced(situation: Situation, configuration: Configuration): Told {
  const text = {
    scenario: 'the old primary comes back and believes that it still is (split-brain)',
    behavior: 'replicas and storage refuse its token, which is too small',
    recovery: 'it becomes a replica and drops what nobody else has',
  };
  if (situation.nodes === 1) return text;
  const promise = withoutOne(situation, configuration);
  return { ...text, trial: { faults: [{ isolate: '{leader}' }], promise } };
}

function lagging(situation: Situation, configuration: Configuration): Told[] {
  const { nodes, latencyMs } = situation;
  if (nodes < 2) return [];
  const text = {
    scenario: 'a replica lags behind',
    behavior: 'reads at the replica are stale',
    recovery: 'route reads that must be fresh to the primary, or repair what is read',
  };
  if (withoutOne(situation, configuration) === 'stops') return [text];
  const delay = { median: `${10 * latencyMs}ms`, between: [`n${nodes}`] };
  return [{ ...text, trial: { faults: [{ delay }], promise: 'goes on' } }];
}

function deadlock(timeout: number): Told {
  return {
    scenario: 'two transactions wait for locks of each other (deadlock)',
    behavior: 'neither goes on',
    recovery: `one is aborted after ${timeout} ms, or by its age, and tries again with backoff`,
  };
}

function apart(): Told {
  return {
    scenario: 'the network is partitioned',
    behavior: 'every side takes reads and writes; they grow apart',
    recovery: 'when it heals, replicas exchange what the others lack and agree again',
  };
}

function lostReplica(): Told {
  return {
    scenario: 'a replica is lost with its disk',
    behavior: 'what it had acknowledged and not yet passed on is lost',
    recovery: 'a new replica copies the state of another one',
  };
}
