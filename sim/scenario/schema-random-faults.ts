/** Faults drawn from the seed (`random_faults`): what a plan may contain. */
import { z } from 'zod';
import { duration } from './schema-common.ts';

export const randomKinds = [
  'partitions',
  'crashes',
  'pauses',
  'clocks',
  'messages',
  'disks',
  'liars',
] as const;

export const randomFaults = z
  .strictObject({
    kinds: z
      .array(z.enum(randomKinds).describe('A kind of trouble.'))
      .min(1)
      .describe(
        'What may happen: partitions of drawn shape; crashes and pauses of a minority; clocks ' +
          'that jump or drift; messages lost, doubled, late, out of order or old; disks that are ' +
          'slow or full, or lose what was not synced; byzantine nodes that lie.',
      ),
    every: duration
      .default(5_000_000)
      .describe('Each fault of a kind begins about once in this time; at least 1s. Default 5s.'),
    until: duration
      .optional()
      .describe(
        'From here on no random fault begins, and everything is healed, so that the run can show ' +
          'that it recovers. Default: three quarters of the duration.',
      ),
  })
  .describe('Faults drawn from the seed, beside those of the timeline.');
