/** What may go wrong with a recommended protocol, what happens then, and what mends it. */
import type { Configuration } from './configure.ts';
import { dataFailures } from './data-failures.ts';
import { familyOf, type ProtocolName } from './protocols.ts';
import { isWide, nodesOfFirstRegion, type Situation } from './situation.ts';
import { firstNodes, type FailureScenario } from './trial.ts';

/** The failure scenarios of a protocol in a situation. */
export function failureScenarios(
  protocol: ProtocolName,
  situation: Situation,
  configuration: Configuration,
): readonly FailureScenario[] {
  const { quorum_size: quorum, timeout_ms: timeout } = configuration;
  switch (familyOf(protocol)) {
    case 'leader':
      return ledByMajority(situation, quorum, timeout);
    case 'quorum':
      return withoutLeader(situation, quorum, timeout);
    case 'liars':
      return amongLiars(situation, quorum, timeout);
    default:
      return dataFailures(protocol, situation, configuration);
  }
}

/** Raft: the leader, a minority, a partition, a majority, a region. */
function ledByMajority(situation: Situation, quorum: number, timeout: number): FailureScenario[] {
  const { nodes, failures } = situation;
  const scenarios: FailureScenario[] = [];
  const elected =
    `a follower misses heartbeats for ${timeout} to ${2 * timeout} ms, stands for election and ` +
    `is elected by ${quorum} of ${nodes}; clients find it by its hint or by trying`;
  if (nodes - 1 >= quorum) {
    scenarios.push({
      scenario: 'the leader crashes',
      behavior: 'nothing is committed until there is a new leader; nothing committed is lost',
      recovery: elected,
      trial: { faults: [{ crash: '{leader}' }], promise: 'goes on' },
    });
  }
  if (failures > 1) {
    scenarios.push({
      scenario: 'as many nodes crash as leave a majority, the leader among them',
      behavior: `the ${quorum} nodes that are left elect a leader and go on`,
      recovery: `${elected}; who comes back is sent what it lacks`,
      trial: { faults: [{ crash: '{minority}' }], promise: 'goes on' },
    });
  }
  if (nodes > 2) {
    scenarios.push({
      scenario: 'the network cuts the leader off, with a minority',
      behavior:
        'the old leader cannot commit; the majority elects another one in a later term (two ' +
        'leaders for a while, in different terms)',
      recovery:
        'when the network heals, the old leader sees the later term, steps down and replaces ' +
        'what it could not commit',
      trial: { faults: [{ partition: [['{minority}'], ['{majority}']] }], promise: 'goes on' },
    });
  }
  scenarios.push(majorityLost(situation, quorum, 'a leader is elected among them'));
  if (isWide(situation)) scenarios.push(regionLost(situation, quorum));
  return scenarios;
}

/** ABD: replicas, a partition, a majority, a region. */
function withoutLeader(situation: Situation, quorum: number, timeout: number): FailureScenario[] {
  const { nodes, failures } = situation;
  const scenarios: FailureScenario[] = [];
  if (failures > 0 && nodes - failures >= quorum) {
    scenarios.push(
      {
        scenario: failures === 1 ? 'a replica crashes' : `${failures} replicas crash`,
        behavior: `operations go on at once with ${quorum} of those that are left: no failover`,
        recovery:
          `a client whose coordinator is down turns to another after its timeout; who comes back ` +
          'learns the newest versions from the next operations',
        trial: { faults: [{ crash: firstNodes(failures) }], promise: 'goes on' },
      },
      {
        scenario: 'the network cuts a minority off',
        behavior:
          `coordinators in the minority ask again every ${timeout} ms, then answer ` +
          'QUORUM_UNREACHABLE; the majority serves its clients',
        recovery: 'clients turn to the majority; when the network heals, all coordinators serve',
        trial: { faults: [{ partition: [['{minority}'], ['{majority}']] }], promise: 'goes on' },
      },
    );
  }
  scenarios.push(majorityLost(situation, quorum, 'operations go on at once'));
  if (isWide(situation)) scenarios.push(regionLost(situation, quorum));
  return scenarios;
}

/** PBFT: the primary, f that lie, more than f that are down. */
function amongLiars(situation: Situation, quorum: number, timeout: number): FailureScenario[] {
  const { failures } = situation;
  const group = 3 * failures + 1;
  const scenarios: FailureScenario[] = [];
  if (failures > 0) {
    const change =
      `backups that wait longer than ${timeout} ms for a request change the view: the next ` +
      `primary begins with what ${quorum} nodes report`;
    scenarios.push(
      {
        scenario: 'the primary falls silent',
        behavior: 'no order is proposed; nothing that was executed changes',
        recovery: change,
        trial: { faults: [{ crash: '{leader}' }], promise: 'goes on' },
      },
      {
        scenario: 'the primary lies: it proposes two orders, or none to some',
        behavior: 'at most one of the orders gets 2f+1 confirmations in this view',
        recovery: change,
        trial: { faults: [{ byzantine: '{leader}' }], promise: 'goes on', lies: true },
      },
      {
        scenario: failures === 1 ? 'a backup lies' : `${failures} backups lie`,
        behavior: `${quorum} honest nodes agree without them; clients need f+1 equal answers`,
        recovery: 'none is needed; a node that missed something fetches a stable checkpoint',
        trial: {
          faults: [{ byzantine: lastNodes(group, failures) }],
          promise: 'goes on',
          lies: true,
        },
      },
    );
  }
  const silent = group - quorum + 1;
  scenarios.push({
    scenario: group === 1 ? 'the only node is down' : `${silent} of ${group} nodes are down`,
    behavior: `fewer than ${quorum} are left, so nothing is agreed; nothing agreed is lost`,
    recovery: `as soon as ${quorum} are up again they go on, in a later view if need be`,
    trial: { faults: [{ crash: lastNodes(group, silent) }], promise: 'stops' },
  });
  return scenarios;
}

function majorityLost({ nodes }: Situation, quorum: number, next: string): FailureScenario {
  const lost = nodes - quorum + 1;
  const who = nodes === 1 ? 'the only node is down' : `${lost} of ${nodes} nodes are down at once`;
  return {
    scenario: who,
    behavior: `fewer than ${quorum} are left: operations wait or fail, nothing wrong is answered`,
    recovery: `restart nodes from their disks: as soon as ${quorum} are up, ${next}`,
    trial: { faults: [{ crash: firstNodes(lost) }], promise: 'stops' },
  };
}

function regionLost(situation: Situation, quorum: number): FailureScenario {
  const { nodes, regions } = situation;
  const lost = nodesOfFirstRegion(situation);
  const [region = ''] = regions;
  const survives = nodes - lost >= quorum;
  return {
    scenario: `the region ${region} is lost (${lost} of ${nodes} nodes)`,
    behavior: survives
      ? `the other regions have ${nodes - lost} nodes, a majority, and go on`
      : `the other regions have ${nodes - lost} nodes, no majority: operations wait or fail`,
    recovery: survives
      ? 'when the region is back, its nodes are sent what they lack'
      : 'wait until it is back; spread over three regions or more, none has a majority',
    trial: {
      faults: [{ crash: `{region:${region}}` }],
      promise: survives ? 'goes on' : 'stops',
    },
  };
}

function lastNodes(of: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `n${of - i}`);
}
