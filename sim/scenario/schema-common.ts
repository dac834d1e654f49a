/** The small parts that every section of a scenario is made of. */
import { z } from 'zod';
import { durationAdvice, durationPattern, parseDuration } from './duration.ts';

/** A duration longer than this would not fit the engine's queue. */
export const LONGEST_US = 7_200_000_000;

const durationText = z
  .string({ error: ({ input }) => durationAdvice(input) })
  .regex(durationPattern, { error: ({ input }) => durationAdvice(input) })
  .transform((text) => parseDuration(text) as number);

/** A duration, possibly negative: how far a clock jumps. */
export const signedDuration = durationText
  .refine((us) => Math.abs(us) <= LONGEST_US, { error: 'expected a duration of at most 2h' })
  .meta({
    id: 'SignedDuration',
    description: 'A duration that may point backwards: 500ms, -2s.',
    examples: ['500ms', '-2s'],
  });

/** A duration that may be nothing. */
export const pause = durationText
  .refine((us) => us >= 0, { error: 'expected a duration that is not negative' })
  .refine((us) => us <= LONGEST_US, { error: 'expected a duration of at most 2h' })
  .meta({
    id: 'Duration',
    description: 'A duration of virtual time with its unit: us, ms, s, m or h. At most 2h.',
    examples: ['500ms', '1.5s', '2m'],
  });

/** A duration longer than nothing. */
export const duration = pause
  .refine((us) => us > 0, { error: 'expected a duration longer than nothing' })
  .meta({
    id: 'PositiveDuration',
    description: 'A duration of virtual time, longer than nothing: 500ms, 1.5s, 2m.',
    examples: ['500ms', '1.5s', '2m'],
  });

export const probability = z
  .number()
  .min(0)
  .max(1)
  .meta({ id: 'Probability', description: 'A probability from 0 (never) to 1 (always).' });

/** The cluster's nodes in groups that a fault is aimed at while a run is under way. */
export const placeholders = [
  '{leader}',
  '{followers}',
  '{minority}',
  '{majority}',
  '{any}',
  '{liars}',
];

/**
 * One node, or a group. Unquoted, YAML reads {leader} as a mapping: the loader turns it back into
 * text before the schema sees it, and editors are told that both are right (see json-schema.ts).
 */
export const nodeRef = z
  .string({ error: 'expected a node, such as n1 or {leader}' })
  .min(1)
  .meta({
    id: 'NodeRef',
    description:
      'A node (n1, n2, …) or a group, resolved when the fault happens: {leader} is the believed ' +
      'leader of the highest epoch, {followers} all other nodes that are up, {minority} the ' +
      'leader and enough followers to stay below a majority, {majority} the rest, {any} one node ' +
      'drawn from the seed, {liars} the byzantine nodes, {region:eu} the nodes of a region.',
  });

/** One node or several: always a list afterwards. */
export const nodeRefs = z
  .union([nodeRef, z.array(nodeRef).min(1)], {
    error: 'expected a node or a list of nodes, such as n1 or [n1, n2]',
  })
  .transform((nodes) => (typeof nodes === 'string' ? [nodes] : nodes))
  .meta({ id: 'NodeRefs', description: 'One node or group, or a list of them.' });

/** A value in a command of a client. */
export const commandValue = z
  .union([z.string(), z.number()], { error: 'expected text or a number' })
  .describe('A key or a value: text or a number.');

/** Text that is worth reading. */
export const prose = z.string().min(1);

/** Chances in a million, as the engine counts. */
export function ppm(share: number): number {
  return Math.round(share * 1_000_000);
}
