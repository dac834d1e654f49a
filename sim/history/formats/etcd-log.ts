/** Reads a Jepsen log of etcd: `INFO  jepsen.util - 4\t:invoke\t:write\t1`. */
import { type Complete, type LogEvent, jepsenEnding, pair } from './pairing.ts';
import type { Problem, ReadHistory } from './problem.ts';
import { wordsOf } from './words.ts';

const linePattern = /jepsen\.util - (\S+)\s+:(invoke|ok|fail|info)\s+:([\w-]+)\s+(.*?)\s*$/;
const argument = /^(?:nil|-?\d+|\[\s*(?:nil|-?\d+)\s+(?:nil|-?\d+)\s*\])$/;

/**
 * The traps of this format: a failed `:cas` is a definite answer (the register held another value);
 * a `:read` that failed or timed out tells nothing; whatever else timed out may have happened.
 */
const ending: Complete = (invoked, completed, words) => {
  if (invoked.f === 'read' && completed.type !== 'ok') return null;
  if (invoked.f === 'cas' && completed.type === 'fail' && completed.value !== undefined) {
    return { outcome: 'ok', output: { swapped: false } };
  }
  return jepsenEnding(invoked, completed, words);
};

/** One compare-and-swap register; lines of the nemesis and of other loggers are skipped. */
export function readEtcdLog(text: string): ReadHistory {
  const problems: Problem[] = [];
  const events: LogEvent[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.includes('jepsen.util -') || /jepsen\.util - :nemesis/.test(line)) continue;
    const found = linePattern.exec(line);
    const event = found === null ? null : toEvent(index + 1, found);
    if (typeof event === 'object' && event !== null) events.push(event);
    else problems.push({ line: index + 1, message: event ?? unreadable });
  }
  if (events.length === 0 && problems.length === 0) {
    problems.push({ line: 1, message: `no operation found: ${unreadable}` });
  }
  const model = 'cas-register';
  const words = wordsOf(model)?.words;
  // With lines missing, what the others lack would only be noise.
  const canPair = words !== undefined && problems.length === 0;
  const history = canPair ? pair(events, words, ending, problems) : [];
  return { format: 'etcd-log', history, model, problems };
}

const unreadable =
  'expected "jepsen.util - PROCESS :invoke|:ok|:fail|:info :read|:write|:cas ARGUMENT"';

function toEvent(line: number, found: RegExpExecArray): LogEvent | string {
  const [, process = '', type = '', f = '', text = ''] = found;
  if (f !== 'read' && f !== 'write' && f !== 'cas') return `:${f}: expected :read, :write or :cas`;
  const isTimeout = text.startsWith(':');
  if (!isTimeout && !argument.test(text)) {
    return `${text}: expected nil, a number, [expected new] or :timed-out`;
  }
  if (isTimeout && (type === 'invoke' || type === 'ok')) {
    return `${text}: expected the argument of :${type}, not how it ended`;
  }
  const shape = { read: /^(nil|-?\d+)$/, write: /^(nil|-?\d+)$/, cas: /^\[/ }[f];
  if (!isTimeout && !shape.test(text)) {
    return `:${f} ${text}: expected ${f === 'cas' ? '[expected new]' : 'nil or a number'}`;
  }
  return {
    line,
    process,
    type: type as LogEvent['type'],
    f,
    value: isTimeout ? undefined : valueOf(text),
    key: undefined,
    ...(isTimeout ? { error: text.slice(1) } : {}),
  };
}

function valueOf(text: string): unknown {
  if (text.startsWith('[')) return text.slice(1, -1).trim().split(/\s+/).map(valueOf);
  return text === 'nil' ? null : Number(text);
}
