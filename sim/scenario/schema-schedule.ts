/** Where a run begins and its first steps: `initial` logs and the `schedule` (a script). */
import { z } from 'zod';
import { besideFields } from './liar-forms.ts';
import { faultFields } from './schema-faults.ts';
import { commandValue, nodeRef } from './schema-common.ts';

const term = z.int().min(0).max(1_000_000_000);

const entry = z
  .union(
    [
      term.describe('The term of an entry without content.'),
      z.strictObject({
        term: term.describe('The term of the entry.'),
        command: z
          .object({ type: z.string().min(1).describe('put, append, cas, delete, …') })
          .catchall(commandValue)
          .optional()
          .describe('What the entry does to the state machine; left out: nothing.'),
      }),
    ],
    { error: 'expected a term, or { term, command }' },
  )
  .describe('An entry of the log: its term, or { term: 2, command: { type: put, … } }.');

const log = z.array(entry).max(10_000).describe('The log, from position 1.');

export const initialNode = z
  .union(
    [
      log,
      z.strictObject({
        term: term
          .optional()
          .describe('The term (view, ballot) the node is in; left out: that of its last entry.'),
        voted_for: nodeRef.optional().describe('Whom the node has voted for in that term.'),
        log: log.default([]),
      }),
    ],
    { error: 'expected a list of terms, or { term, voted_for, log }' },
  )
  .describe('What is on the disk of this node before it first starts.');

export const initial = z
  .record(z.string(), initialNode)
  .describe(
    "Nodes that do not begin empty: { n1: [1, 1, 2], n2: { term: 3, log: [1] } } (the paper's " +
      'Figure 7 in one line a server).',
  );

export const scheduleStep = z
  .union(
    [
      z.string().min(1).describe('A step in words, or the name of an event.'),
      z
        .strictObject({ ...besideFields, ...faultFields })
        .describe('A fault, as in the timeline but without a time.'),
    ],
    { error: 'expected a step in words (deliver n2<-n1 RequestVote), or a fault' },
  )
  .meta({
    description:
      'One step: deliver (or hold, drop) n2<-n1 AppendEntries term=3 · fire n1 election · ' +
      'crash (restart, wipe, pause, resume, isolate) n2 · partition n1 n2 | n3 n4 n5 · heal all ' +
      '· request n1 put x 1 · run 500ms · run until leader elected in n3 · or the name of an ' +
      'event alone, with #hash for exactly that one. Words behind the message type choose among ' +
      'several; the oldest that matches is meant.',
    examples: ['fire n1 election', 'deliver n2<-n1 RequestVote', 'crash n1', 'run 500ms'],
  });

export const schedule = z
  .array(scheduleStep)
  .max(100_000)
  .describe(
    'A script: these steps happen first, in this order, whatever the strategy. Time moves only ' +
      'as far as the steps need. Held messages are released when the script ends.',
  );

export type InitialNodeConfig = z.output<typeof initialNode>;
export type ScheduleStepConfig = z.output<typeof scheduleStep>;
