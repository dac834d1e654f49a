/** How to configure it: quorums and timeouts, each by a rule. */
import { calculateQuorum } from './cluster.ts';
import { familyOf, participants, type Family, type ProtocolName } from './protocols.ts';
import { apply, type Reason, type ValueRule } from './reasons.ts';
import { isWide, roundTripMs, type Situation } from './situation.ts';

/** The configuration in the specification's output schema. */
export interface Configuration {
  readonly quorum_size: number;
  readonly timeout_ms: number;
  readonly heartbeat_ms: number;
}

export function configure(
  protocol: ProtocolName,
  situation: Situation,
): { readonly configuration: Configuration; readonly reasons: readonly Reason[] } {
  const family = familyOf(protocol);
  const quorum = apply(quorumRule(protocol), 'quorum_size', situation);
  const timing = timingOf(family);
  const timeout = apply(timing.timeout, 'timeout_ms', situation);
  const heartbeat = apply(timing.heartbeat, 'heartbeat_ms', situation);
  const configuration = {
    quorum_size: quorum.value,
    timeout_ms: timeout.value,
    heartbeat_ms: heartbeat.value,
  };
  const spare = spareNodes(protocol, situation);
  return {
    configuration,
    reasons: [quorum.reason, ...spare, timeout.reason, heartbeat.reason],
  };
}

const majority: ValueRule = {
  rule: 'majority',
  source: 'specification, Debug Checklist (n/2 + 1); Gifford, SOSP 1979',
  value: ({ nodes }) => calculateQuorum(nodes),
  because: ({ nodes }) =>
    `any two sets of ${calculateQuorum(nodes)} of ${nodes} nodes share one that remembers`,
};

const byzantineQuorum: ValueRule = {
  rule: 'byzantine-quorum',
  source: 'Castro and Liskov, OSDI 1999, §4 (2f+1 of 3f+1)',
  value: ({ failures }) => 2 * failures + 1,
  because: ({ failures: f }) =>
    `any two sets of ${2 * f + 1} of ${3 * f + 1} nodes share ${f + 1}, one more than may lie`,
};

const copies: ValueRule = {
  rule: 'one-copy-more-than-failures',
  source: 'specification, validation rules (f of 2f+1); Dynamo §4.5 (W of N)',
  value: ({ nodes, failures }) => Math.min(nodes, failures + 1),
  because: ({ failures }) =>
    `a write that ${failures + 1} of ${2 * failures + 1} nodes have survives the loss of ` +
    `${failures}`,
};

const primary: Readonly<Partial<Record<ProtocolName, ValueRule>>> = {
  'synchronous-replication': {
    rule: 'wait-for-all',
    source: 'specification, Replication Strategies (write waits for all replicas)',
    value: ({ nodes }) => nodes,
    because: ({ nodes }) => `a write waits until all ${nodes} nodes have it, the primary included`,
  },
  'semi-synchronous-replication': {
    rule: 'wait-for-f-replicas',
    source: 'specification, Replication Strategies (at least one replica)',
    value: ({ nodes, failures }) => Math.min(nodes, Math.max(1, failures) + 1),
    because: ({ failures }) =>
      `the primary and ${Math.max(1, failures)} more have a write when it is acknowledged`,
  },
};

const oneNode: ValueRule = {
  rule: 'answer-at-once',
  source: 'specification, Replication Strategies (write returns after primary)',
  value: () => 1,
  because: () => 'the node that takes a write answers without waiting for another one',
};

function quorumRule(protocol: ProtocolName): ValueRule {
  switch (familyOf(protocol)) {
    case 'leader':
    case 'quorum':
      return majority;
    case 'liars':
      return byzantineQuorum;
    case 'primary':
      return primary[protocol] ?? oneNode;
    case 'ring':
    case 'directory':
    case 'shards':
      return copies;
    case 'saga':
    case 'everywhere':
      return oneNode;
  }
}

/** A cluster larger than its tolerance of lies needs. */
function spareNodes(protocol: ProtocolName, situation: Situation): Reason[] {
  const spare = situation.nodes - participants(protocol, situation);
  if (spare === 0) return [];
  const most = Math.floor((situation.nodes - 1) / 3);
  const more = most > situation.failures ? `, or tolerate ${most}` : '';
  return [
    {
      rule: 'no-more-than-3f+1',
      decides: 'quorum_size',
      because:
        `run it on ${situation.nodes - spare} of the ${situation.nodes} nodes${more}: ` +
        'with more of them sets of 2f+1 need not share an honest node',
      source: 'Castro and Liskov, OSDI 1999, §3',
    },
  ];
}

/** The least that the specification and Raft's paper recommend for an election timeout. */
const LEAST_TIMEOUT_MS = 150;

/** Round trips within a failure detector's timeout. */
function patience(situation: Situation): number {
  return isWide(situation) ? 10 : 5;
}

const detector: ValueRule = {
  rule: 'order-of-magnitude-above-broadcast',
  source:
    'Ongaro and Ousterhout 2014, §5.6 and §9.3; etcd manual, Tuning (10 round trips, for variance)',
  value: (situation) => {
    const trip = roundTripMs(situation);
    const split = Math.ceil((trip * situation.nodes) / 4);
    return Math.max(LEAST_TIMEOUT_MS, Math.ceil(trip * patience(situation)), split);
  },
  because: (situation) => {
    const trip = roundTripMs(situation);
    const { nodes } = situation;
    const where = isWide(situation) ? 'between regions' : 'in one place';
    return (
      `drawn from timeout_ms to twice that: ${patience(situation)} round trips of ${trip} ms ` +
      `${where}, at least ${LEAST_TIMEOUT_MS} ms, and so wide that ${nodes} nodes seldom stand ` +
      'for election within one round trip'
    );
  },
};

const third: ValueRule = {
  rule: 'two-heartbeats-may-be-lost',
  source: 'Ongaro and Ousterhout 2014, §5.2; specification (150-300 ms)',
  value: (situation) => Math.max(1, Math.floor(detector.value(situation) / 3)),
  because: () => 'a third of the least timeout: two may be lost in a row before anybody is missed',
};

const viewChange: ValueRule = {
  rule: 'wait-for-a-request-and-more',
  source: 'Castro and Liskov, OSDI 1999, §4.4 and §4.5.2 (each change in a row doubles it)',
  value: (situation) => {
    const trips = 2 * patience(situation);
    return Math.max(LEAST_TIMEOUT_MS, Math.ceil(trips * roundTripMs(situation)));
  },
  because: (situation) =>
    'a request takes five message delays until it is executed; a backup that waits for ' +
    `${2 * patience(situation)} round trips gives the primary up`,
};

const status: ValueRule = {
  rule: 'say-what-is-missing',
  source: "Castro's thesis, §5.2 (status messages)",
  value: (situation) => Math.max(1, Math.floor(viewChange.value(situation) / 3)),
  because: () => 'a node that misses something says so thrice before anybody gives the primary up',
};

const request: ValueRule = {
  rule: 'ask-again',
  source: 'Jacobson, SIGCOMM 1988 (a timeout well above the round trip)',
  value: (situation) => {
    const trips = isWide(situation) ? 6 : 3;
    return Math.max(50, Math.ceil(trips * roundTripMs(situation)));
  },
  because: (situation) =>
    `who has not answered within ${isWide(situation) ? 6 : 3} round trips is asked again`,
};

const noHeartbeat: ValueRule = {
  rule: 'nobody-leads',
  source: 'Attiya, Bar-Noy and Dolev, JACM 1995',
  value: () => 0,
  because: () => 'nobody leads, so nobody is missed: there are no heartbeats',
};

const noDetector: ValueRule = {
  rule: 'a-late-step-is-tried-again',
  source: 'Garcia-Molina and Salem, SIGMOD 1987, §5',
  value: () => 0,
  because: () => 'a step that does not answer is tried again or compensated: no heartbeats',
};

const gossip: ValueRule = {
  rule: 'gossip-once-a-round-trip',
  source: 'Demers et al., PODC 1987',
  value: (situation) => Math.ceil(roundTripMs(situation)),
  because: ({ nodes }) =>
    `states spread to all ${nodes} nodes in about ${rounds(nodes)} such rounds of gossip`,
};

/** How often a number that is known doubles until all know it. */
function rounds(nodes: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(2, nodes))));
}

function timingOf(family: Family): { readonly timeout: ValueRule; readonly heartbeat: ValueRule } {
  switch (family) {
    case 'liars':
      return { timeout: viewChange, heartbeat: status };
    case 'quorum':
      return { timeout: request, heartbeat: noHeartbeat };
    case 'saga':
      return { timeout: request, heartbeat: noDetector };
    case 'everywhere':
      return { timeout: request, heartbeat: gossip };
    default:
      return { timeout: detector, heartbeat: third };
  }
}
