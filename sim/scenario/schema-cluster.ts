/** The cluster and what connects it: `cluster_config`, `network_assumptions`, `disk`. */
import { z } from 'zod';
import { latencyShapes, type LatencyShape } from '../engine/index.ts';
import { probability } from './schema-common.ts';

/** The specification's limits: 1 to 1000 nodes. */
export const clusterConfig = z
  .strictObject({
    nodes: z.int().min(1).max(1000).describe('How many nodes there are; they are n1, n2, …'),
    failure_tolerance: z
      .int()
      .min(0)
      .optional()
      .describe(
        'f: how many nodes may fail at a time. Needs 2f+1 nodes, or 3f+1 with byzantine nodes. ' +
          'Left out, it is the most that the number of nodes allows.',
      ),
    regions: z
      .array(z.string().min(1).describe('The name of a region.'))
      .min(1)
      .optional()
      .describe(
        'Regions. Nodes are dealt out in turn: with [eu, us], n1 is in eu, n2 in us, n3 in eu; ' +
          'clients likewise.',
      ),
  })
  .describe('The cluster.');

export const latencyShape = z
  .enum(latencyShapes as unknown as readonly [LatencyShape, ...LatencyShape[]])
  .meta({
    id: 'LatencyShape',
    description:
      'How latencies lie around their median: fixed (always the median), uniform, normal (a sum ' +
      'of four draws, so never far out), heavy-tail (one in a hundred takes 6 times the median, ' +
      'one in a thousand 20 times).',
  });

export const networkAssumptions = z
  .strictObject({
    latency_ms: z
      .int()
      .min(1)
      .default(10)
      .describe(
        'The median one-way latency of a link, in milliseconds, a bare number. `shape` says how ' +
          'latencies lie around it; `region_latency_ms` overrides it between regions.',
      ),
    partition_probability: probability
      .default(0)
      .describe(
        'The probability, per second of virtual time, that a random partition begins while none ' +
          'is active; its shape and length are drawn from the seed. None begins, and all is ' +
          'healed, from random_faults.until on (default: three quarters of the duration).',
      ),
    byzantine: z
      .union([z.boolean(), z.array(z.string().describe('A node.'))], {
        error: 'expected true, false, or a list of nodes',
      })
      .default(false)
      .describe(
        'Whether nodes may lie. Then f failures need 3f+1 nodes. true: where no entry of ' +
          '`faults` says who lies, f nodes drawn from the seed do, at times and in ways that are ' +
          'drawn, until random faults end. A list: these may, when an entry, a step or a search ' +
          'says so.',
      ),
    shape: latencyShape.default('uniform'),
    spread: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'For shape uniform, half the width, and for normal, three standard deviations, as a ' +
          'share of the median: 0.5 around 10 ms is 5 to 15 ms. The other shapes ignore it.',
      ),
    loss: probability.default(0).describe('The probability that a message is lost.'),
    duplicate: probability.default(0).describe('The probability that a message arrives twice.'),
    fifo: z
      .boolean()
      .default(false)
      .describe('Whether a link delivers in the order of sending, as one TCP connection does.'),
    region_latency_ms: z
      .record(
        z.string(),
        z
          .record(z.string(), z.int().min(1).describe('Milliseconds, one way.'))
          .describe('The median one-way latency to each of these regions.'),
      )
      .optional()
      .describe(
        'Median one-way latencies between regions, `from: { to: milliseconds }`. A direction ' +
          'that is left out is taken from the other one; a pair that is left out has `latency_ms`.',
      ),
  })
  .describe('What the network may do.');

export const diskConfig = z
  .strictObject({
    sync_ms: z
      .number()
      .min(0)
      .max(60_000)
      .default(0.5)
      .describe('How long a sync (fsync) takes, in milliseconds; 0: writes are durable at once.'),
  })
  .describe('The disks of all nodes.');

export const consistencyRequirement = z
  .enum(['linearizable', 'sequential', 'causal', 'eventual'])
  .describe(
    'What the history that clients saw is held to. Left out: what the protocol promises, never ' +
      'less.',
  );

export const problemType = z
  .enum(['consensus', 'replication', 'partitioning', 'transaction', 'conflict_resolution'])
  .describe('The kind of problem that the scenario is about: for lists and for the advisor.');
