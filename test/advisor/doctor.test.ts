/** The six questions of the debug checklist: sound scenarios pass, each kind of fault is found. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { examine, type Diagnosis } from '../../sim/advisor/index.ts';
import { catalogue } from '../../sim/registry/index.ts';
import { loadScenario } from '../../sim/scenario/index.ts';

function diagnose(text: string): Diagnosis {
  const loaded = loadScenario(text, { file: 'scenario.yaml', catalogue });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return examine(loaded.scenario, catalogue, '1');
}

const answers = ({ findings }: Diagnosis) =>
  Object.fromEntries(findings.map(({ name, answer }) => [name, answer]));

const evidence = ({ findings }: Diagnosis, name: string) =>
  findings
    .filter((finding) => finding.name === name)
    .flatMap((finding) => finding.evidence.map(({ by, text }) => `${by}: ${text}`))
    .join('\n');

const scenario = (more: string) => `name: a scenario to be examined
cluster_config: { nodes: 3 }
workload: { clients: 2 }
duration: 4s
${more}`;

describe('a sound scenario', () => {
  const diagnosis = diagnose(readFileSync('scenarios/split-brain.yaml', 'utf8'));

  test('gets six times yes', () => {
    expect(answers(diagnosis)).toEqual({
      quorum: 'yes',
      clocks: 'yes',
      partition: 'yes',
      fencing: 'yes',
      idempotency: 'yes',
      recovery: 'yes',
    });
  });

  test('has evidence from reading and from running for every answer', () => {
    for (const { evidence: found } of diagnosis.findings) {
      const by = new Set(found.map((one) => one.by));
      expect(by.has('run')).toBe(true);
    }
    expect(evidence(diagnosis, 'quorum')).toContain('in the logs of at least 3 of 5 nodes');
    expect(evidence(diagnosis, 'partition')).toMatch(/cuts? lost \d+ messages/);
    expect(evidence(diagnosis, 'fencing')).toMatch(/believed to lead epoch 1 when n\d began to/);
    expect(evidence(diagnosis, 'idempotency')).toContain('all');
  });
});

test('a quorum that is one short is counted', () => {
  const text = scenario('protocol: raft\nmutants: [commit-even-off-by-one]');
  const diagnosis = diagnose(text.replace('nodes: 3', 'nodes: 4'));
  expect(answers(diagnosis)['quorum']).toBe('no');
  expect(evidence(diagnosis, 'quorum')).toContain('in the logs of at least 2 of 4 nodes');
});

test('quorums that need not meet are found by their sizes', () => {
  const options = 'options: { read_quorum: 1, write_quorum: 2 }';
  const diagnosis = diagnose(scenario(`protocol: quorum-register\n${options}`));
  expect(answers(diagnosis)['quorum']).toBe('no');
  expect(evidence(diagnosis, 'quorum')).toContain('of 3 need not meet');
});

test('a cluster beyond its tolerance breaks a rule of the specification', () => {
  const text = scenario('protocol: raft\nbeyond_tolerance: true').replace(
    'nodes: 3',
    'nodes: 3, failure_tolerance: 2',
  );
  const diagnosis = diagnose(text);
  expect(answers(diagnosis)['quorum']).toBe('no');
  expect(evidence(diagnosis, 'quorum')).toContain('fewer than 2f+1 nodes');
});

test('timestamps by clocks are no good when clocks are skewed', () => {
  const diagnosis = diagnose(scenario('protocol: quorum-register\noptions: { timestamps: clock }'));
  expect(answers(diagnosis)).toMatchObject({ clocks: 'no', fencing: 'does not apply' });
  expect(evidence(diagnosis, 'clocks')).toContain('run: with clocks that drift');
});

test('leases of Raft are examined within the drift that they allow for', () => {
  const diagnosis = diagnose(scenario('protocol: raft\noptions: { reads: lease }'));
  expect(answers(diagnosis)['clocks']).toBe('yes');
  expect(evidence(diagnosis, 'clocks')).toContain('each clock drifts by at most 100000 ppm');
  expect(evidence(diagnosis, 'clocks')).toContain('drift by 90000 ppm both ways: all');
});

test('transactions are counted by what they append', () => {
  const diagnosis = diagnose(scenario('protocol: two-phase-commit'));
  expect(answers(diagnosis)).toMatchObject({ idempotency: 'yes', fencing: 'does not apply' });
  expect(evidence(diagnosis, 'idempotency')).toContain('list-append operations');
});

test('a scenario without a partition and without a description is told so', () => {
  const diagnosis = diagnose(scenario('protocol: raft'));
  expect(answers(diagnosis)).toMatchObject({ partition: 'no', recovery: 'no', fencing: 'yes' });
  expect(evidence(diagnosis, 'partition')).toContain('with the leader and a minority cut off: all');
});

test('reads by a leader that was deposed are a lack of fencing', () => {
  const diagnosis = diagnose(scenario('protocol: raft\noptions: { reads: local }'));
  expect(answers(diagnosis)['fencing']).toBe('no');
});

test('a retry that is a new request is not idempotent', () => {
  const diagnosis = diagnose(
    scenario('protocol: raft\nretry: { idempotency: { required: false } }'),
  );
  expect(answers(diagnosis)['idempotency']).toBe('no');
  expect(evidence(diagnosis, 'idempotency')).toContain('history/exactly-once');
});

test('one node has no partition to be tested', () => {
  const diagnosis = diagnose(scenario('protocol: raft').replace('nodes: 3', 'nodes: 1'));
  expect(answers(diagnosis)).toMatchObject({ partition: 'does not apply', fencing: 'unknown' });
});
