/** Requests that come twice: a write has one timestamp, however often it is asked for. */
import { expect, test } from 'vitest';
import { paperRules } from '../../protocols/quorum-register/rules.ts';
import { quorumRegister } from '../../protocols/quorum-register/index.ts';
import { defaultOptions } from '../../protocols/quorum-register/options.ts';
import type { RegisterEffects, RegisterMessage } from '../../protocols/quorum-register/messages.ts';
import type { RegisterState } from '../../protocols/quorum-register/state.ts';
import type { Request, Response } from '../../sim/engine/protocol.ts';

/** One node of three by itself: what it says is written down. Its disk syncs at once. */
function node(durable: Partial<RegisterState> | null = null, deduplicate = true) {
  const protocol = quorumRegister(paperRules);
  const sent: [string, RegisterMessage][] = [];
  const answers: [string, Response][] = [];
  const written: number[] = [];
  let token = 0;
  const effects = {
    self: 'n1',
    nodes: ['n1', 'n2', 'n3'],
    now: () => 0,
    send: (to, message) => void sent.push([to, message]),
    setTimer: () => {},
    cancelTimer: () => {},
    persist: () => (written.push(++token), token),
    respond: ({ client, sequence }, response) =>
      void answers.push([`${client}/${sequence}`, response]),
    choose: () => 0,
    sign: () => ({ signer: 'n1', tag: 0 }),
    verify: () => true,
    log: () => {},
  } satisfies RegisterEffects;
  const state = protocol.start(durable, { ...defaultOptions, deduplicate }, effects);
  const settle = () => {
    for (const one of written.splice(0)) protocol.onPersisted?.(state, one, effects);
  };
  return {
    state,
    sent,
    answers,
    ask(request: Request) {
      protocol.onRequest(state, request, effects);
      settle();
    },
    hear(from: string, message: RegisterMessage) {
      const { type } = message;
      if (type === 'QueryReply') protocol.onMessage.QueryReply(state, from, message, effects);
      else if (type === 'PropagateReply') {
        protocol.onMessage.PropagateReply(state, from, message, effects);
      }
      settle();
    },
  };
}

const put = (sequence: number, value: number): Request => ({
  client: 'c1',
  sequence,
  attempt: 1,
  command: { type: 'put', key: 'x', value },
});
const id = { client: 'c1', sequence: 1 };
const nothing = { counter: 0, node: '', value: null };

/** c1's first write, with its timestamp chosen. */
function chosen() {
  const n1 = node();
  n1.ask(put(1, 7));
  n1.hear('n2', { type: 'QueryReply', ...id, version: nothing });
  return n1;
}

test('a second copy of a request that is under way changes nothing', () => {
  const n1 = chosen();
  const before = n1.sent.length;
  n1.ask(put(1, 7));
  expect(n1.sent).toHaveLength(before);
  expect(n1.state.operations).toHaveLength(1);
});

test('a write that was acknowledged is acknowledged once more, and written only once', () => {
  const n1 = chosen();
  n1.hear('n2', { type: 'PropagateReply', ...id, counter: 1, node: 'n1' });
  n1.ask(put(1, 7));
  const ok: Response = { type: 'ok', value: null };
  expect(n1.answers).toEqual([
    ['c1/1', ok],
    ['c1/1', ok],
  ]);
  expect(n1.state.lastCounter).toBe(1);
});

test('after a crash a retried write goes on under the timestamp of its first attempt', () => {
  const { registers, writes, lastCounter } = chosen().state;
  const n1 = node({ registers, writes, lastCounter });
  n1.ask({ ...put(1, 7), attempt: 2 });
  expect(n1.sent.map(([to, { type }]) => `${to} ${type}`)).toEqual([
    'n2 Propagate',
    'n3 Propagate',
  ]);
  expect(n1.state.operations[0]?.version).toEqual({ counter: 1, node: 'n1', value: 7 });
});

test('an old copy of a write that its client has left behind is refused', () => {
  const n1 = chosen();
  n1.hear('n2', { type: 'PropagateReply', ...id, counter: 1, node: 'n1' });
  n1.ask(put(2, 8));
  n1.hear('n2', { type: 'QueryReply', client: 'c1', sequence: 2, version: nothing });
  n1.ask(put(1, 7));
  expect(n1.answers.at(-1)).toEqual(['c1/1', { type: 'error', code: 'DUPLICATE_REQUEST' }]);
});

test('without idempotency keys a retried write is a second write', () => {
  const { registers, writes, lastCounter } = chosen().state;
  const n1 = node({ registers, writes, lastCounter }, false);
  n1.ask({ ...put(1, 7), attempt: 2 });
  expect(n1.sent.map(([, { type }]) => type)).toEqual(['Query', 'Query']);
});

test('an acknowledgement of another timestamp does not count', () => {
  const n1 = chosen();
  n1.hear('n2', { type: 'PropagateReply', ...id, counter: 9, node: 'n2' });
  expect(n1.state.operations).toHaveLength(1);
});

test('a repeated answer counts once', () => {
  const n1 = node();
  n1.state.operations.length = 0;
  n1.ask(put(1, 7));
  n1.hear('n2', { type: 'QueryReply', ...id, version: nothing });
  n1.hear('n2', { type: 'QueryReply', ...id, version: nothing });
  expect(n1.state.operations[0]?.answered).toEqual(['n1']);
});
