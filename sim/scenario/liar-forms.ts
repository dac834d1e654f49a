/** How byzantine nodes and their lies are written in a scenario. */
import { z } from 'zod';
import { behaviourNames, type BehaviourName, type Tell } from '../faults/fault.ts';
import { form } from './fault-form.ts';
import { duration, nodeRefs, ppm, probability } from './schema-common.ts';

export const behaviour = z.enum(behaviourNames).meta({
  id: 'Behaviour',
  description:
    'What a byzantine node does: silent, selective-silence (to half of the others), delay (to ' +
    "the edge of the receiver's timeout), equivocate (another story for half of the others), " +
    'double-vote, corrupt (one field by one, or another value of the run), replay, old-value, ' +
    'stale-certificate, forge (it does not verify), partial-mac, amnesia, twins (two instances, ' +
    'one identity), collude (shared secrets and story), lying-view-change, bad-state-transfer, ' +
    "flood (numbers far ahead), own (the protocol's own lies).",
});

/** What stands beside `byzantine` in an entry or a step. */
export const besideFields = {
  behaviours: z
    .array(behaviour)
    .min(1)
    .optional()
    .describe('With `byzantine`: what these nodes do, one of it at a time. Left out: everything.'),
  probability: probability
    .optional()
    .describe(
      'With `byzantine`: for each message of theirs, the probability that they do something with ' +
        'it. Left out: each behaviour has its own, from always (silent) to seldom (amnesia).',
    ),
};

/** Everything but what would make all else impossible. */
const everything = behaviourNames.filter((name) => name !== 'silent' && name !== 'collude');

export const liarForms = {
  byzantine: form(
    nodeRefs.describe(
      'These nodes lie from now on: n2, or {liars} for f nodes drawn from the seed. `behaviours` ' +
        'beside it says how.',
    ),
    'nodes',
    (nodes, { behaviours = everything, probability: share }) => ({
      kind: 'byzantine',
      nodes,
      // The schema has checked the names.
      behaviours: behaviours as readonly BehaviourName[],
      ...(share === undefined ? {} : { ppm: ppm(share) }),
    }),
  ),
  lie: form(
    z
      .strictObject({
        message: z
          .string()
          .min(1)
          .describe('Which message on its way: n2<-n1 AppendEntries, words, or #hash behind it.'),
        how: behaviour.optional().describe('Under which name; default corrupt.'),
        field: z.string().min(1).optional().describe('The path of a field: entries.0.term.'),
        add: z.int().optional().describe('With `field`: it is so much more.'),
        value: z.json().optional().describe('With `field`: it is this.'),
        instead: z
          .record(z.string(), z.json())
          .optional()
          .describe('Another message altogether, all its fields.'),
        also: z.literal(true).optional().describe('The truth arrives as well.'),
        late: duration.optional().describe('It says the truth, so much later.'),
        silence: z.literal(true).optional().describe('It is not sent at all.'),
      })
      .describe('One lie about one message that a node has sent; the node is byzantine then.'),
    'nodes',
    ({ message, how = 'corrupt', late, ...rest }) => ({
      kind: 'lie',
      how,
      message,
      ...(rest as Tell),
      ...(late === undefined ? {} : { byUs: late }),
    }),
  ),
  amnesia: form(
    nodeRefs.describe('These byzantine nodes start anew at once, with empty disks.'),
    'nodes',
    (nodes) => ({ kind: 'amnesia', nodes }),
  ),
  twin: form(
    nodeRefs.describe('At these byzantine nodes the other of two instances takes over.'),
    'nodes',
    (nodes) => ({ kind: 'twin', nodes }),
  ),
};
