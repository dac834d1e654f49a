/** A scenario: what to run, what goes wrong, and what must hold. This schema is its manual. */
import { z } from 'zod';
import {
  clusterConfig,
  consistencyRequirement,
  diskConfig,
  networkAssumptions,
  problemType,
} from './schema-cluster.ts';
import { workloadConfig } from './schema-clients.ts';
import { duration, prose } from './schema-common.ts';
import { timelineEntry } from './schema-faults.ts';
import { lesson } from './schema-lesson.ts';
import { randomFaults } from './schema-random-faults.ts';
import { retryConfig } from './schema-retry.ts';
import { initial, schedule } from './schema-schedule.ts';

const outcome = z
  .enum(['holds', 'violates'])
  .describe('holds: no violation is found. violates: one is found (a known weakness, a mutant).');

export const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .min(10)
      .describe('A sentence of at least ten characters: what happens. It names the test.'),
    description: prose.optional().describe('What to watch, and why it happens.'),
    protocol: z
      .string()
      .min(1)
      .describe("The protocol to run, or a module of one's own: ./my-protocol.ts"),
    options: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The protocol's own options; what is left out has the protocol's default."),
    problem_type: problemType.optional(),
    cluster_config: clusterConfig,
    network_assumptions: networkAssumptions.prefault({}),
    consistency_requirement: consistencyRequirement.optional(),
    disk: diskConfig.prefault({}),
    duration: duration
      .default(10_000_000)
      .describe('How much virtual time the run lasts. Default 10s.'),
    max_events: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .default(10_000_000)
      .describe('The run ends after so many events, whatever the time.'),
    seed: z
      .union([z.int().min(0), z.string().min(1).max(100)], {
        error: 'expected a whole number or a word',
      })
      .optional()
      .describe('Decides every draw: same seed, same run. Left out: the command line chooses.'),
    workload: workloadConfig.optional(),
    retry: retryConfig.prefault({}),
    initial: initial.optional(),
    schedule: schedule.default([]),
    after_schedule: z
      .enum(['continue', 'stop'])
      .default('continue')
      .describe('Whether the run goes on freely when the schedule has been performed.'),
    faults: z.array(timelineEntry).default([]).describe('The timeline of faults, in any order.'),
    random_faults: randomFaults.optional(),
    mutants: z
      .array(z.string())
      .default([])
      .describe('Deliberate errors to switch on in the protocol; `schism list mutants` has them.'),
    invariants: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Ids of what is checked after every event. Left out: all of the protocol.'),
    expect: z
      .union(
        [
          outcome,
          z
            .record(z.string().describe('The id of an invariant.'), outcome)
            .describe('What becomes of each invariant named; all others have to hold.'),
        ],
        { error: 'expected holds, violates, or { invariant: holds | violates }' },
      )
      .default('holds')
      .describe('The outcome that counts as success: one word for all, or one per invariant.'),
    beyond_tolerance: z
      .boolean()
      .default(false)
      .describe('True for a scenario that means to have more failures than nodes allow.'),
    lesson: lesson.optional(),
  })
  .describe('A scenario of Schism: a cluster, its network, its faults, and what must hold.');

/** A scenario as read and checked: defaults filled in, durations in microseconds. Plain data. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as written. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** Its sections, whose parts are checked even when other sections are wrong. */
export type ScenarioKey = keyof Scenario;
