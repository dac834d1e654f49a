/** Questions of the debug checklist about the cluster: quorum, clocks, partition, fencing. */
import { brokenRules, factsOf } from '../../scenario/index.ts';
import { workloadConfig } from '../../scenario/schema-clients.ts';
import { calculateQuorum } from '../cluster.ts';
import type { Fault } from '../trial.ts';
import { finding, read, seen, type Evidence, type Finding } from './finding.ts';
import { outcomeOf, type Examined, type Patient } from './patient.ts';
import { cuts } from './watch.ts';

/** Protocols that decide by a majority of their nodes. */
const byMajority = ['raft', 'multi-paxos'];

/** Options whose quorums have to meet. */
const pairs = [
  ['read_quorum', 'write_quorum'],
  ['prepare_quorum', 'accept_quorum'],
] as const;

/** By the rules, by the options, and by counting copies of what was decided. */
export function quorum(patient: Patient): Finding {
  const { scenario, own, entry } = patient;
  const { nodes, failureTolerance: failures, byzantine } = factsOf(scenario);
  const majority = calculateQuorum(nodes);
  const broken = brokenRules({ nodes, failures, byzantine });
  const evidence: Evidence[] = [];
  let isWrong = broken.length > 0;
  for (const { sentence } of broken) evidence.push(read(sentence));
  if (broken.length === 0) {
    evidence.push(read(`${nodes} nodes tolerate f = ${failures}; n/2 + 1 is ${majority}`));
  }
  for (const pair of pairs) {
    if (!pair.some((name) => name in scenario.options)) continue;
    const [one, other] = pair.map((name) => Number(scenario.options[name] ?? majority)) as [
      number,
      number,
    ];
    const meet = one + other > nodes;
    isWrong ||= !meet;
    const sentence = meet ? 'always meet' : 'need not meet';
    evidence.push(read(`${pair[0]} ${one} and ${pair[1]} ${other} of ${nodes} ${sentence}`));
  }
  const { fewestCopies, decided, hasElectorates } = own.watch;
  if (decided > 0 && fewestCopies < Infinity && !hasElectorates) {
    const isFew =
      byMajority.includes(entry.name) && !isFlexible(scenario.options) && fewestCopies < majority;
    isWrong ||= isFew;
    evidence.push(
      seen(
        `what was decided (${decided} positions) was in the logs of at least ${fewestCopies} of ` +
          `${nodes} nodes when a node first knew of it`,
      ),
    );
  }
  return finding('quorum', 'Quorum size correct (n/2 + 1)?', isWrong ? 'no' : 'yes', evidence);
}

function isFlexible(options: Readonly<Record<string, unknown>>): boolean {
  return pairs.flat().some((name) => name in options);
}

/**
 * By how much each clock may run fast or slow while leases are safe. Multi-Paxos says that itself;
 * Raft says how far two clocks may drift apart within the least election timeout, by default a
 * fifth of it.
 */
function leaseDriftPpm({ entry, scenario: { options } }: Patient): number {
  if (entry.name !== 'raft') return Number(options['clock_drift_ppm'] ?? 200_000);
  const { clock_bound_ms: boundMs, election_timeout_ms: timeout } = options;
  const [leastMs] = Array.isArray(timeout) ? (timeout as number[]) : [];
  const isGiven = typeof boundMs === 'number' && leastMs !== undefined;
  return Math.floor(((isGiven ? boundMs / leastMs : 0.2) / 2) * 1_000_000);
}

/** By what leans on clocks, by the skew that the scenario has, and by a run with more of it. */
export function clocks(patient: Patient): Finding {
  const { options, faults, random_faults: random, cluster_config: cluster } = patient.scenario;
  const hasLeases = options['reads'] === 'lease';
  const isByClock = options['timestamps'] === 'clock';
  const bound = hasLeases ? leaseDriftPpm(patient) : Infinity;
  const worst = Math.max(0, ...faults.map((fault) => Math.abs(fault['clock-drift']?.ppm ?? 0)));
  const jumps = faults.filter((fault) => fault['clock-step'] !== undefined).length;
  const drawn = random?.kinds.includes('clocks') === true ? ', and more by chance' : '';
  const leaning = hasLeases
    ? `leases are safe while each clock drifts by at most ${bound} ppm`
    : isByClock
      ? 'the last writer by the clocks wins: any skew may lose writes'
      : 'no option leans on clocks: a skew may cost time, not safety';
  const evidence = [
    read(leaning),
    read(`the scenario has drifts of up to ${worst} ppm and ${plural(jumps, 'jump')}${drawn}`),
  ];
  const ppm = hasLeases ? Math.floor(bound * 0.9) : 100_000;
  const skew: Fault[] = [{ 'clock-drift': { nodes: ['n1'], ppm } }];
  if (cluster.nodes > 1) skew.push({ 'clock-drift': { nodes: ['n2'], ppm: -ppm } });
  // A jump is no drift: leases do not claim to survive it.
  if (!hasLeases) skew.push({ 'clock-step': { nodes: ['n1'], by: '5s' } });
  const run = patient.with(skew);
  const jump = hasLeases ? '' : ' and one that jumps by 5 s';
  evidence.push(seen(`with clocks that drift by ${ppm} ppm both ways${jump}: ${outcomeOf(run)}`));
  const isBad = run.measured.violation !== null || worst > bound;
  return finding('clocks', 'Clock skew within bounds?', isBad ? 'no' : 'yes', evidence);
}

/** By the cuts that happen in its own run; where there are none, by one that is added. */
export function partition(patient: Patient): Finding {
  const question = 'Network partition tested?';
  const { scenario, own } = patient;
  if (scenario.cluster_config.nodes < 2) {
    return finding('partition', question, 'does not apply', [read('there is one node')]);
  }
  const written = scenario.faults.filter((fault) => cuts.some((kind) => kind in fault)).length;
  const { cutCount, cutMessages } = own.watch;
  const chance = scenario.network_assumptions.partition_probability;
  const random = scenario.random_faults?.kinds.includes('partitions') === true;
  const drawn = chance > 0 || random ? ', and more by chance' : '';
  const evidence = [read(`the timeline has ${plural(written, 'partition')}${drawn}`)];
  if (cutMessages > 0) {
    evidence.push(seen(`${cutCount} cuts lost ${cutMessages} messages: ${outcomeOf(own)}`));
    return finding('partition', question, 'yes', evidence);
  }
  const run = patient.with([{ partition: [['{minority}'], ['{majority}']] }]);
  evidence.push(
    seen('in its own run no message was lost to a cut'),
    seen(`with the leader and a minority cut off: ${outcomeOf(run)}`),
  );
  return finding('partition', question, 'no', evidence);
}

/** Some of them are still with the old leader when others have written at the new one. */
const manyReaders = workloadConfig.parse({
  clients: 10,
  operations: { kind: 'register', reads: 0.97 },
});

/** By a leader that is paused, and one that is cut off, until another one leads. */
export function fencing(patient: Patient): Finding {
  const question = 'Fencing mechanism in place?';
  const { retry } = patient.scenario;
  const change = {
    workload: manyReaders,
    retry: { ...retry, attempt_timeout_ms: Math.ceil(patient.course.from / 6) },
  };
  const runs = [
    { how: 'paused', run: patient.with([{ pause: '{leader}' }], change) },
    { how: 'cut off', run: patient.with([{ isolate: '{leader}' }], change) },
  ];
  if (!runs.some(({ run }) => run.watch.isLed)) {
    const outcome = outcomeOf(runs[0]?.run as Examined);
    const text = `nobody ever leads, so nobody has to be fenced off: ${outcome}`;
    return finding('fencing', question, 'does not apply', [seen(text)]);
  }
  const evidence = runs.map(({ how, run }) => seen(`${how}, ${overlapText(run)}`));
  const harmful = runs.filter(({ run }) => run.measured.violation !== null);
  const twins = runs.flatMap(({ run }) => run.watch.sameEpoch ?? []);
  for (const { old, fresh, freshEpoch } of twins) {
    evidence.push(
      seen(`${old} and ${fresh} led one epoch, ${freshEpoch}: nothing tells them apart`),
    );
  }
  const isDeposed = runs.some(({ run }) => run.watch.overlaps.length > 0);
  const isBad = harmful.length > 0 || twins.length > 0;
  return finding('fencing', question, isBad ? 'no' : isDeposed ? 'yes' : 'unknown', evidence);
}

function overlapText(run: Examined): string {
  const [overlap] = run.watch.overlaps;
  if (overlap === undefined) return `the leader met no successor: ${outcomeOf(run)}`;
  const { old, oldEpoch, fresh, freshEpoch, endedAfterMs } = overlap;
  const end =
    endedAfterMs === null ? 'never noticed' : `noticed ${Math.round(endedAfterMs)} ms later`;
  return (
    `${old} believed to lead epoch ${oldEpoch} when ${fresh} began to lead epoch ${freshEpoch}, ` +
    `and ${end}: ${outcomeOf(run)}`
  );
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
