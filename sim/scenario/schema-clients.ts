/** What clients do and when they do it (`workload`). */
import { z } from 'zod';
import { pause, probability } from './schema-common.ts';

export const operationKinds = [
  'register',
  'map',
  'append',
  'counter',
  'list-append',
  'bank',
] as const;

const keys = (fallback: number) =>
  z.int().min(1).max(100_000).default(fallback).describe('Over how many keys.');
const hotKeys = (fallback: number) =>
  z.int().min(0).default(fallback).describe('How many of the keys are hot; 0: none.');
const hot = (fallback: number) =>
  probability.default(fallback).describe('The share of operations that go to a hot key.');
const reads = probability.default(0.5).describe('The share of operations that only read.');
const cas = probability.default(0).describe('The share that are compare-and-swaps.');
const values = z
  .int()
  .min(1)
  .optional()
  .describe('How many different values are written; left out: every written value is unique.');

/** The mixes of operations, as `sim/history/workloads` has them. */
const operations = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({ kind: z.literal('register').describe('One register.'), reads, cas, values })
      .describe('Reads, writes and compare-and-swaps of one register.'),
    z
      .strictObject({
        kind: z.literal('map').describe('A map of registers.'),
        reads,
        cas,
        values,
        keys: keys(10),
        hot_keys: hotKeys(1),
        hot: hot(0.5),
        deletes: probability
          .default(0)
          .describe('The share of deletions among what neither reads nor compares and swaps.'),
      })
      .describe('The same over many keys, some of them hot.'),
    z
      .strictObject({
        kind: z.literal('append').describe('Strings that are appended to.'),
        reads,
        keys: keys(5),
        hot_keys: hotKeys(0),
        hot: hot(0),
        puts: probability
          .default(0)
          .describe('The share of puts, which start a string afresh, among what does not read.'),
      })
      .describe('Appends of unique words to strings.'),
    z
      .strictObject({
        kind: z.literal('counter').describe('Counters.'),
        reads,
        keys: keys(1),
        hot_keys: hotKeys(0),
        hot: hot(0),
        max_step: z.int().min(1).default(1).describe('Additions are of 1 to this.'),
      })
      .describe('Additions to counters.'),
    z
      .strictObject({
        kind: z.literal('list-append').describe('Transactions over lists.'),
        reads: probability.default(0.5).describe('The share of steps that only read.'),
        keys: keys(3),
        max_steps: z.int().min(1).max(100).default(4).describe('Steps of a transaction at most.'),
        renew_after: z
          .int()
          .min(1)
          .default(20)
          .describe('After so many transactions a client turns to new lists.'),
      })
      .describe('Transactions that read lists and append unique values to them.'),
    z
      .strictObject({
        kind: z.literal('bank').describe('Transfers between accounts.'),
        reads: probability.default(0.5).describe('The share of operations that read all balances.'),
        accounts: z.int().min(2).max(10_000).default(5).describe('How many accounts there are.'),
        opening: z.int().min(0).default(100).describe('What each account holds at first.'),
        max_amount: z.int().min(1).default(20).describe('A transfer moves 1 to this much.'),
      })
      .describe('Transfers: the sum of all balances stays the same.'),
  ],
  { error: `expected a kind of operations: ${operationKinds.join(', ')}` },
);

const arrivals = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        kind: z.literal('closed').describe('A client waits for its answer.'),
        pause_min: pause.default(5_000).describe('From an answer to the next operation, at least.'),
        pause_max: pause.default(10_000).describe('From an answer to the next operation, at most.'),
      })
      .describe('Closed loop: a client pauses between an answer and its next operation.'),
    z
      .strictObject({
        kind: z.literal('fixed-rate').describe('Evenly spaced.'),
        per_second: z.number().positive().max(1_000_000).describe('Operations of all clients.'),
      })
      .describe('Open loop: operations begin at fixed times, whatever the answers do.'),
    z
      .strictObject({
        kind: z.literal('poisson').describe('At random times.'),
        per_second: z.number().positive().max(1_000_000).describe('Operations of all clients.'),
      })
      .describe('Open loop: operations begin at random times of a mean rate.'),
  ],
  { error: 'expected a kind of arrivals: closed, fixed-rate, poisson' },
);

export const workloadConfig = z
  .strictObject({
    clients: z
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe('How many clients there are; they are c1, c2, …'),
    operations: z
      .union([z.enum(operationKinds).describe('A kind with its defaults.'), operations], {
        error: `expected ${operationKinds.join(', ')}, or { kind: …, … }`,
      })
      .default('register')
      .describe('What clients do: register, or { kind: map, keys: 20, reads: 0.8 }.'),
    arrivals: arrivals
      .prefault({ kind: 'closed' })
      .describe('When clients begin their operations; left out: closed loop, 5 to 10 ms apart.'),
    limit: z
      .int()
      .min(1)
      .optional()
      .describe('How many operations each client makes; left out: as many as time allows.'),
    updates: z
      .int()
      .min(0)
      .optional()
      .describe('After so many operations a client only reads; left out: it never stops to write.'),
  })
  .describe('Clients: each has at most one operation open.');

/** The operations of a workload in full. */
export type OperationsConfig = z.output<typeof operations>;
export type WorkloadConfig = z.output<typeof workloadConfig>;

/** A kind named alone has its defaults. */
export function inFull(config: WorkloadConfig['operations']): OperationsConfig {
  return typeof config === 'string' ? operations.parse({ kind: config }) : config;
}
