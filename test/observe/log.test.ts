/** The log of a run: the specification's schema, and its three examples. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { LogEvent, Plain, World } from '../../sim/engine/index.ts';
import { lineOf, LogWriter, timestampOf, type LogLine } from '../../sim/observe/index.ts';
import { subject } from '../../sim/property/index.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';

/** `log_schema` of the specification. */
const schema = z.strictObject({
  level: z.enum(['INFO', 'WARN']),
  timestamp: z.iso.datetime(),
  skill: z.literal('distributed-systems'),
  node_id: z.string(),
  term: z.int(),
  event: z.enum([
    'election_started',
    'leader_elected',
    'log_replicated',
    'commit_applied',
    'partition_detected',
    'partition_healed',
    'conflict_resolved',
  ]),
  context: z.record(z.string(), z.unknown()),
});

/** Split brain with the seed that its file says: a leader is cut off for two seconds. */
const { lines, world } = logOf(readFileSync('scenarios/split-brain.yaml', 'utf8'), '42');

function logOf(text: string, seed: string): { lines: LogLine[]; world: World } {
  const written: string[] = [];
  const writer = new LogWriter((line) => void written.push(line));
  const run = runScenario(subject(text).prepare(seed), { observers: [writer] });
  expect(written.every((line) => line.endsWith('\n') && line.split('\n').length === 2)).toBe(true);
  return { lines: written.map((line) => JSON.parse(line) as LogLine), world: run.world };
}

describe('every line', () => {
  test('has the fields of the schema, in its order, and no other', () => {
    const order = ['level', 'timestamp', 'skill', 'node_id', 'term', 'event', 'context'];
    for (const line of lines) {
      expect(schema.safeParse(line).error).toBeUndefined();
      expect(Object.keys(line)).toEqual(order);
    }
    expect(lines.length).toBeGreaterThan(100);
  });

  test('has the virtual time of its event, which never goes back', () => {
    const times = lines.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    expect(timestampOf(0)).toBe('2000-01-01T00:00:00.000Z');
    expect(timestampOf(61_234_567)).toBe('2000-01-01T00:01:01.234Z');
  });

  test('of a protocol names the term it was logged in', () => {
    const terms = lines.flatMap((line) => (line.event === 'leader_elected' ? [line.term] : []));
    expect(terms).toEqual([1, 2]);
  });
});

describe('the examples of the specification', () => {
  test('a leader is elected, and the context says who, in which term', () => {
    const line = lines.find(({ event }) => event === 'leader_elected');
    expect(line).toMatchObject({
      level: 'INFO',
      event: 'leader_elected',
      context: { node_id: line?.node_id, term: line?.term },
    });
  });

  test('a partition is a warning of the network that names who is isolated', () => {
    const line = lines.find(({ event }) => event === 'partition_detected');
    expect(line).toMatchObject({
      level: 'WARN',
      node_id: 'network',
      context: { isolated_nodes: ['n1', 'n2'] },
    });
    const healed = lines.find(({ event }) => event === 'partition_healed');
    expect(healed).toMatchObject({ level: 'INFO', context: { isolated_nodes: [] } });
  });

  test('a conflict that is resolved names the key and the strategy', () => {
    const context: Record<string, Plain> = { key: 'user:123', strategy: 'LWW' };
    const logged: LogEvent = { event: 'conflict_resolved', context };
    expect(lineOf(world, 2, logged)).toMatchObject({
      level: 'INFO',
      node_id: 'n3',
      term: 2,
      event: 'conflict_resolved',
      context,
    });
  });
});
