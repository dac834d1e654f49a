/** A lesson around a scenario: what to ask, what to say when, what to try (`lesson`). */
import { z } from 'zod';
import { condition } from './schema-faults.ts';
import { duration, nodeRef, prose } from './schema-common.ts';

export const beat = z
  .strictObject({
    when: condition.describe('The moment, by what has happened, never by the clock alone.'),
    say: prose.describe('What to say then: two sentences at most.'),
    focus: z.array(nodeRef).optional().describe('The nodes to look at.'),
    pause: z.boolean().default(false).describe('Whether the playback stops here for a thought.'),
  })
  .describe('One moment of the lesson.');

export const lesson = z
  .strictObject({
    title: prose.describe('What the lesson is called in a list.'),
    level: z.enum(['intro', 'core', 'deep']).describe('For whom it is.'),
    time: duration.optional().describe('How long a learner takes.'),
    needs: z.array(prose).default([]).describe('Lessons to take before this one.'),
    question: prose.optional().describe('Asked before anything is shown.'),
    choices: z.array(prose).min(2).optional().describe('Answers to choose from.'),
    answer: z
      .int()
      .min(1)
      .optional()
      .describe('Which choice is right, counted from 1; needs `choices`.'),
    hint: prose.optional().describe('For someone who is stuck.'),
    beats: z.array(beat).default([]).describe('What to say along the way.'),
    try: z
      .array(prose)
      .default([])
      .describe('Changes for the learner to make, each with another outcome.'),
    source: z.array(prose).default([]).describe('Papers and chapters behind the lesson.'),
  })
  .describe('How to teach with this scenario.');

export type BeatConfig = z.output<typeof beat>;
