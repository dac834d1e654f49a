/** What is kept of a violating run. */
import { expect, test } from 'vitest';
import { shrinkRequestOf } from '../../sim/property/hunt.ts';
import { keep } from '../../sim/property/keep.ts';
import { begin } from '../../sim/property/notes.ts';
import { subject } from '../../sim/property/subject.ts';

const halves = { protocol: 'raft', disk: { sync_ms: 0 }, mutants: ['quorum-half'] };

test('a request that names a node which the smaller cluster lacks is no reason to fail', () => {
  const cluster = (nodes: number) => ({ ...halves, cluster_config: { nodes } });
  const scripted = subject({
    ...cluster(4),
    seed: 1,
    schedule: [
      'fire n1 election',
      'deliver n2<-n1 RequestVote',
      'deliver n1<-n2 RequestVoteReply',
      { request: { node: 'n1', type: 'change-membership', remove: 'n4' } },
      'fire n3 election',
      'deliver n4<-n3 RequestVote',
      'deliver n3<-n4 RequestVoteReply',
    ],
    after_schedule: 'stop',
    expect: 'violates',
  });
  const { world, steps, failure } = begin(scripted, '1');
  expect(failure).toBeNull();
  const { violation } = world;
  if (violation === null) throw new Error('half of the servers elect a leader each');
  const plain = subject(cluster(4));
  const caught = { subject: plain, seed: '1', steps, violation, atEnd: false, inTime: false };
  const { variant } = shrinkRequestOf(caught);
  expect(keep(plain, { steps, violation, variant }, '1')?.hasSchedule).toBe(true);
  // In words of three servers there is no n4 to be removed.
  const smaller = keep(plain, { steps, violation, variant: { ...variant, nodes: 3 } }, '1');
  expect(smaller?.hasSchedule).toBe(false);
});
