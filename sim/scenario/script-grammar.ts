/** The words of a schedule: one step as text becomes one step as data, or a sentence why not. */
import type { Condition, Fault } from '../faults/fault.ts';
import { conditionHelp, parseCondition } from './condition.ts';
import { durationAdvice, parseDuration } from './duration.ts';
import { actorProblem, nodeProblem, type Names } from './nodes.ts';
import { hint } from './suggest.ts';

/** One step of a script. `event` is a name as `findPending` understands it. */
export type ScriptStep =
  | { readonly type: 'perform' | 'hold' | 'drop' | 'duplicate'; readonly event: string }
  | { readonly type: 'run'; readonly forUs: number }
  | { readonly type: 'run-until'; readonly condition: Condition }
  | { readonly type: 'fault'; readonly fault: Fault };

const NODE_VERBS = ['crash', 'restart', 'wipe', 'pause', 'resume', 'isolate'] as const;
const EVENT_VERBS = ['deliver', 'fire', 'hold', 'drop', 'duplicate'] as const;
const VERBS = [...EVENT_VERBS, ...NODE_VERBS, 'partition', 'heal', 'request', 'run'];
const HEALS = ['all', 'partitions', 'messages', 'nodes', 'clocks', 'disks', 'liars'] as const;

/** Fields of a command, in the order in which a script writes their values. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  get: ['key'],
  put: ['key', 'value'],
  append: ['key', 'value'],
  cas: ['key', 'from', 'to'],
  delete: ['key'],
  add: ['key', 'by'],
};

/** The step that the text means, or what is wrong with it. */
export function parseStep(text: string, names: Names): ScriptStep | string {
  const [verb, ...rest] = text.trim().split(/\s+/) as [string, ...string[]];
  if (isOneOf(EVENT_VERBS, verb)) return parseEvent(verb, rest, names);
  if (isOneOf(NODE_VERBS, verb)) return parseNodeFault(verb, rest, names);
  switch (verb) {
    case 'partition':
      return parsePartition(rest, names);
    case 'heal':
      return parseHeal(rest);
    case 'request':
      return parseRequest(rest, names);
    case 'run':
      return parseRun(rest, names);
  }
  // An event's name alone: `n2<-n1 AppendEntries#1a2b3c4d`, `n1 election`, `fault heal`.
  if (verb === 'fault' || verb.includes('<-') || /^[nc]\d+$/.test(verb)) {
    return parseEvent(verb === 'fault' ? 'fault' : 'perform', [verb, ...rest], names);
  }
  return `unknown step "${verb}"${hint(verb, VERBS, 'steps begin with')}`;
}

function parseEvent(
  verb: (typeof EVENT_VERBS)[number] | 'perform' | 'fault',
  words: readonly string[],
  names: Names,
): ScriptStep | string {
  const [who, what] = words;
  const type = verb === 'hold' || verb === 'drop' || verb === 'duplicate' ? verb : 'perform';
  const event = words.join(' ');
  if (who === undefined || what === undefined) {
    const example = verb === 'fire' ? 'fire n1 election' : `${verb} n2<-n1 AppendEntries`;
    const shown = verb === 'perform' || verb === 'fault' ? 'n1 election' : example;
    return `expected whom and what, as in "${shown}"`;
  }
  if (verb === 'fault') return { type, event };
  const actors = who.split('<-');
  const isMessage = actors.length === 2 || (verb === 'deliver' && what === 'disk');
  if (verb !== 'fire' && verb !== 'perform' && !isMessage) {
    return `expected receiver<-sender and a message, as in "${verb} n2<-n1 AppendEntries"`;
  }
  if (verb === 'fire' && actors.length !== 1) {
    return 'expected a node and a timer, as in "fire n1 election"; a message is delivered';
  }
  if (actors.length > 2) return 'expected one receiver and one sender, as in n2<-n1';
  for (const actor of actors) {
    const problem = actorProblem(actor, names);
    if (problem !== null) return problem;
  }
  return { type, event };
}

function parseNodeFault(
  kind: (typeof NODE_VERBS)[number],
  words: readonly string[],
  names: Names,
): ScriptStep | string {
  if (words.length === 0) return `expected a node behind "${kind}"`;
  const problem = firstProblem(words, names);
  return problem ?? { type: 'fault', fault: { kind, nodes: words } };
}

/** `partition n1 n2 | n3 n4 n5` */
function parsePartition(words: readonly string[], names: Names): ScriptStep | string {
  const sides = words
    .join(' ')
    .split('|')
    .map((side) => side.split(/[\s,]+/).filter((name) => name !== ''));
  if (sides.length < 2 || sides.some((side) => side.length === 0)) {
    return 'expected sides with | between them, as in "partition n1 n2 | n3 n4 n5"';
  }
  const problem = firstProblem(sides.flat(), names);
  return problem ?? { type: 'fault', fault: { kind: 'partition', sides } };
}

function parseHeal(words: readonly string[]): ScriptStep | string {
  const [what = 'all', ...more] = words;
  if (more.length > 0 || !isOneOf(HEALS, what)) {
    return `expected what to heal (${HEALS.join(', ')}), found "${words.join(' ')}"`;
  }
  return { type: 'fault', fault: { kind: 'heal', what } };
}

/** `request n1 put x 1`, or with named fields: `request n1 put key=x value=1`. */
function parseRequest(words: readonly string[], names: Names): ScriptStep | string {
  const [node, type, ...args] = words;
  if (node === undefined || type === undefined) {
    return 'expected a node and a command, as in "request n1 put x 1"';
  }
  const problem = nodeProblem(node, names);
  if (problem !== null) return problem;
  const fields = COMMANDS[type];
  const command: { type: string; [field: string]: string | number } = { type };
  for (const [i, arg] of args.entries()) {
    const [, name, value] = /^([a-z]\w*)=(.*)$/i.exec(arg) ?? [null, fields?.[i], arg];
    if (name === undefined) {
      const known =
        fields === undefined ? 'name its fields: key=x' : `${type} has ${fields.join(', ')}`;
      return `too many words behind "${type}"; ${known}`;
    }
    command[name] = numberOr(value);
  }
  const missing = fields?.find((field) => command[field] === undefined);
  if (missing !== undefined)
    return `"${type}" needs ${fields?.join(' and ')}: ${missing} is missing`;
  return { type: 'fault', fault: { kind: 'request', node, command } };
}

function parseRun(words: readonly string[], names: Names): ScriptStep | string {
  const [first, ...more] = words;
  if (first === 'until') {
    const parsed = more.length === 0 ? conditionHelp : parseCondition(more.join(' '));
    if (typeof parsed === 'string') return parsed;
    const among = 'among' in parsed ? (parsed.among ?? []) : [];
    return firstProblem(among, names) ?? { type: 'run-until', condition: parsed };
  }
  const forUs = parseDuration(words.join(' '));
  if (forUs === null) return `behind "run": ${durationAdvice(words.join(' '))}`;
  if (forUs <= 0) return 'behind "run": expected a duration longer than nothing';
  return { type: 'run', forUs };
}

function firstProblem(nodes: readonly string[], names: Names): string | null {
  for (const node of nodes) {
    const problem = nodeProblem(node, names);
    if (problem !== null) return problem;
  }
  return null;
}

/** Numbers are numbers: a state machine distinguishes 1 and "1". */
function numberOr(text: string): string | number {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word);
}
