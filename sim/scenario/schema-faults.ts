/** What goes wrong, and when: the timeline (`faults`) and drawn faults (`random_faults`). */
import { z } from 'zod';
import { conditionForms, conditionProblem, parseCondition } from './condition.ts';
import { faultForms, faultKinds } from './fault-forms.ts';
import { besideFields } from './liar-forms.ts';
import { duration, pause } from './schema-common.ts';

/** The kinds of fault as optional fields of an entry; the checks demand exactly one. */
type FaultFields = {
  [K in keyof typeof faultForms]: z.ZodOptional<(typeof faultForms)[K]['schema']>;
};
export const faultFields = Object.fromEntries(
  faultKinds.map((kind) => [kind, faultForms[kind].schema.optional()]),
) as FaultFields;

export const condition = z
  .string()
  .refine((text) => typeof parseCondition(text) !== 'string', {
    error: ({ input }) => conditionProblem(String(input)),
  })
  .meta({
    id: 'Condition',
    description:
      'Something to wait for, looked at after every event. leader elected [in nodes]: one of ' +
      'them leads an epoch in which none led before; decided N [in nodes]: a node knows ' +
      'positions up to N to be decided; epoch N: a node has reached it; converged: the logs of ' +
      'all nodes that are up are equal and decided; event N: so many events have happened. ' +
      'Write the nodes without brackets inside { … }.',
    examples: [...conditionForms],
  });

export const timelineEntry = z
  .strictObject({
    at: pause.optional().describe('When it happens, from the beginning of the run: 1s.'),
    when: condition.optional(),
    after: pause
      .optional()
      .describe('With `when`: so long after the condition first holds; without: at once.'),
    for: duration
      .optional()
      .describe('How long it lasts; then it is undone. Left out: until a heal, or the end.'),
    ...besideFields,
    ...faultFields,
  })
  .meta({
    description: 'One fault: `at` or `when`, and exactly one kind of fault.',
    oneOf: [{ required: ['at'] }, { required: ['when'] }],
    minProperties: 2,
  });

export type TimelineEntryInput = z.input<typeof timelineEntry>;
export type TimelineEntryConfig = z.output<typeof timelineEntry>;
