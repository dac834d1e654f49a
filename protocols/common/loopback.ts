/** Messages to oneself: handled in the same event, right after the handler that sent them. */
import { assert } from '../../sim/engine/assert.ts';
import type { Effects, Protocol, WriteToken } from '../../sim/engine/protocol.ts';

type Tagged = { readonly type: string };

/** More of them in one event are two handlers that answer each other for ever. */
const PATIENCE = 1000;

/**
 * The same protocol for a node that plays several roles (coordinator and shard): what one role says
 * to another one on the same node crosses no network. A write with a barrier does not hold such
 * messages back: a write that they lead to comes later on the same disk.
 */
export function withLoopback<State, Message extends Tagged, Timer extends string, Options>(
  protocol: Protocol<State, Message, Timer, Options>,
): Protocol<State, Message, Timer, Options> {
  type Handler = (state: State, from: string, message: Message, effects: E) => void;
  type E = Effects<Message, Timer>;
  const handlers = protocol.onMessage as unknown as Readonly<Record<string, Handler>>;

  const within = (state: State, effects: E, act: (own: E) => void): void => {
    const own = new Own(effects);
    act(own);
    for (let i = 0; i < own.queue.length; i++) {
      assert(i < PATIENCE, 'a node comes to an end with what it says to itself');
      const message = own.queue[i] as Message;
      handlers[message.type]?.(state, own.self, message, own);
    }
  };

  const onMessage: Record<string, Handler> = {};
  for (const [type, handler] of Object.entries(handlers)) {
    onMessage[type] = (state, from, message, effects) =>
      within(state, effects, (own) => handler(state, from, message, own));
  }
  const onTimer: Record<string, (state: State, effects: E, key: string) => void> = {};
  for (const timer of Object.keys(protocol.onTimer) as Timer[]) {
    onTimer[timer] = (state, effects, key) =>
      within(state, effects, (own) => protocol.onTimer[timer](state, own, key));
  }
  const looped = {
    ...protocol,
    onMessage: onMessage as unknown as typeof protocol.onMessage,
    onTimer: onTimer as unknown as typeof protocol.onTimer,
    onRequest: (state: State, request: Parameters<typeof protocol.onRequest>[1], effects: E) =>
      within(state, effects, (own) => protocol.onRequest(state, request, own)),
  };
  if (protocol.onPersisted === undefined) return looped;
  return {
    ...looped,
    onPersisted: (state: State, token: WriteToken, effects: E) =>
      within(state, effects, (own) => protocol.onPersisted?.(state, token, own)),
  };
}

/** The effects of one call, with a queue for what the node says to itself. */
class Own<Message extends Tagged, Timer extends string> implements Effects<Message, Timer> {
  readonly queue: Message[] = [];
  private readonly effects: Effects<Message, Timer>;

  constructor(effects: Effects<Message, Timer>) {
    this.effects = effects;
  }

  get self(): string {
    return this.effects.self;
  }

  get nodes(): readonly string[] {
    return this.effects.nodes;
  }

  now(): number {
    return this.effects.now();
  }

  send(to: string, message: Message): void {
    if (to === this.effects.self) this.queue.push(message);
    else this.effects.send(to, message);
  }

  setTimer(timer: Timer, atLeastMs: number, atMostMs: number, key?: string): void {
    this.effects.setTimer(timer, atLeastMs, atMostMs, key);
  }

  cancelTimer(timer: Timer, key?: string): void {
    this.effects.cancelTimer(timer, key);
  }

  persist(options?: { readonly barrier: boolean }): WriteToken {
    return this.effects.persist(options);
  }

  respond(...answer: Parameters<Effects<Message, Timer>['respond']>): void {
    this.effects.respond(...answer);
  }

  choose(bound: number): number {
    return this.effects.choose(bound);
  }

  sign(...payload: Parameters<Effects<Message, Timer>['sign']>) {
    return this.effects.sign(...payload);
  }

  verify(...signed: Parameters<Effects<Message, Timer>['verify']>): boolean {
    return this.effects.verify(...signed);
  }

  log(...event: Parameters<Effects<Message, Timer>['log']>): void {
    this.effects.log(...event);
  }
}
