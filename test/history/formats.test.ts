/** What the readers of histories make of good and of bad text. */
import { expect, test } from 'vitest';
import { readHistory } from '../../sim/history/formats/index.ts';
import { writeJsonLines } from '../../sim/history/formats/json-lines.ts';
import type { FormatName } from '../../sim/history/formats/problem.ts';

const log = (...lines: string[]): string =>
  lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(' ', '\t')}\n`).join('');

const outcomes = (text: string, model?: string): unknown[] =>
  readHistory(text, undefined, model).history.map(({ outcome, output }) => [outcome, output]);

test('in an etcd log a failed cas is an answer, a failed read none, a timeout may land', () => {
  const text = log(
    '0 :invoke :cas [1 2]',
    '0 :fail :cas [1 2]',
    '1 :invoke :read nil',
    '1 :fail :read :timed-out',
    '2 :invoke :write 3',
    '2 :info :write :timed-out',
    '3 :invoke :write 4',
  ).replaceAll('[1\t2]', '[1 2]');
  expect(readHistory(text).problems).toEqual([]);
  expect(outcomes(text)).toEqual([
    ['ok', { swapped: false }],
    ['info', undefined],
    ['info', undefined],
  ]);
});

test('in EDN a failed cas did not happen, and the nemesis is no client', () => {
  const text = `[{:process 0, :type :invoke, :f :cas, :value [1 2]} ; a comment
    {:process :nemesis, :type :info, :f :kill, :value nil}
    #jepsen.history.Op{:process 0, :type :fail, :f :cas, :value [1 2]}]`;
  const { format, model, history } = readHistory(text);
  expect([format, model]).toEqual(['edn', 'cas-register']);
  expect(history).toMatchObject([{ outcome: 'fail', input: { type: 'cas', from: 1, to: 2 } }]);
});

test('Elle writes the same transactions in EDN and in JSON', () => {
  const edn = `{:process 0, :type :invoke, :f :txn, :value [[:append 5 1] [:r 6 nil]]}
{:process 0, :type :ok, :f :txn, :value [[:append 5 1] [:r 6 [2 3]]]}`;
  const json = `{"process":0,"type":"invoke","f":"txn","value":[["append",5,1],["r",6,null]]}
{"process":0,"type":"ok","f":"txn","value":[["append",5,1],["r",6,[2,3]]]}`;
  expect(readHistory(json)).toMatchObject({ format: 'jepsen-json', model: 'list-append' });
  expect(readHistory(edn).history).toEqual(readHistory(json).history);
});

test('our JSON lines come back as they were written', () => {
  const { history } = readHistory(log('0 :invoke :write 1', '0 :ok :write 1'));
  expect(readHistory(writeJsonLines(history))).toMatchObject({
    format: 'json-lines',
    model: 'cas-register',
    history,
    problems: [],
  });
});

test('the operations tell the model unless they fit several', () => {
  const one = (f: string, value: string): string =>
    ['invoke', 'ok']
      .map((type) => `{:process 0, :type :${type}, :f :${f}, :value ${value}}\n`)
      .join('');
  const modelOf = (text: string): string | null => readHistory(text).model;
  expect(modelOf(one('enqueue', '1'))).toBe('queue');
  expect(modelOf(one('acquire', 'nil'))).toBe('mutex');
  expect(modelOf(one('add', '1') + one('read', '#{1}'))).toBe('set');
  expect(modelOf(one('add', '1') + one('read', '1'))).toBe('counter');
  expect(modelOf(one('add', '1'))).toBe(null);
});

/** So often that the stack would not be long enough. */
function deep(text: string): string {
  return text.repeat(100_000);
}

const bad: Readonly<
  Record<string, readonly [text: string, format?: FormatName | undefined, model?: string]>
> = {
  'an etcd log with unknown words': [
    `${log('1 :invoke :wrte 1', '1 :ok :write x')}INFO  jepsen.util - 2\n`,
  ],
  'an etcd log whose processes do not take turns': [
    log('1 :invoke :write 1', '1 :invoke :read nil', '2 :ok :read 3'),
  ],
  'EDN that ends too early': ['{:process 0,\n :type :invoke, :value [1'],
  'EDN with an odd map': ['{:process 0 :type}'],
  'EDN without type and f': ['{:process 0, :value 1}\n{:process 0, :type :okay, :f :read}'],
  'EDN with a cas of one value': ['{:process 0, :type :invoke, :f :cas, :value 1}'],
  'EDN that fits no model': ['{:process 0, :type :invoke, :f :frobnicate, :value 1}'],
  'EDN for another model': ['{:process 0, :type :invoke, :f :read}', undefined, 'queue'],
  'transactions with unknown steps': ['{:process 0, :type :invoke, :f :txn, :value [[:inc 1 2]]}'],
  'JSON lines that are no operations': [
    '{"client":1,"input":{"type":"read"},"invokedAt":"now","outcome":"maybe"}\nnonsense\n',
    'json-lines',
  ],
  'JSON lines that overlap': [
    [
      [1, 9],
      [5, 3],
      [6, 8],
    ]
      .map(([invokedAt, completedAt]) => {
        const rest = { client: 'a', input: { type: 'read' }, outcome: 'ok', output: 1 };
        return `${JSON.stringify({ ...rest, invokedAt, completedAt })}\n`;
      })
      .join(''),
  ],
  'EDN nested without end': [`{:process 0, :type :invoke, :f :write, :value ${deep('[')}`],
  'EDN that leaves out without end': [deep('#_')],
  'EDN with a second history': ['[{:process 0, :type :invoke, :f :read}]\n[]'],
  'JSON nested without end': [
    `[{"process":0,"type":"invoke","f":"write","value":${deep('[')}${deep(']')}}]`,
  ],
  'JSON lines nested without end': [
    `{"client":"a","invokedAt":1,"input":{"value":${deep('[')}${deep(']')}}}`,
  ],
  'a scenario': ['# yaml-language-server: $schema=scenario.schema.json\nname: not a history'],
  'nothing at all': [''],
  prose: ['Once upon a time'],
};

test('every problem is told with its line and what was expected', async () => {
  const told = Object.entries(bad).map(([what, [text, format, model]]) => {
    const { problems } = readHistory(text, format, model);
    expect(problems.length, what).toBeGreaterThan(0);
    return `${what}\n${problems.map(({ line, message }) => `  ${line}: ${message}\n`).join('')}`;
  });
  await expect(told.join('\n')).toMatchFileSnapshot('golden/format-problems.txt');
});
