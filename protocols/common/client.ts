/**
 * Clients: they send to the node that they believe to lead (or, where nobody leads, to anyone),
 * follow hints, retry by the specification's retry_config and say honestly how an operation ended.
 */
import type {
  ClientEffects,
  ClientProtocol,
  NodeId,
  Request,
  Response,
} from '../../sim/engine/protocol.ts';
import { defaultRetry, retryDelayMs, type RetryConfig } from './retry.ts';

/** An alias, so that it counts as plain data. */
export type ClientOptions = {
  /** How long a client waits for the answer to one attempt. */
  readonly requestTimeoutMs: number;
  readonly retry: RetryConfig;
  /**
   * The network may deliver a request twice. Then a node's refusal does not prove that the request
   * never takes effect, for a second copy may find the node in another mood.
   */
  readonly requestsMayDuplicate: boolean;
};

export const defaultClientOptions: ClientOptions = Object.freeze({
  requestTimeoutMs: 1000,
  retry: defaultRetry,
  requestsMayDuplicate: false,
});

/** Where a client turns: what differs between protocols with a leader and those without. */
export interface ClientPolicy {
  /** A new operation goes where the last one succeeded, or to a node that is drawn. */
  readonly begins: 'where it succeeded' | 'anywhere';
  /** Whether a retry of this request may go to another node than the attempt before. */
  mayMove(request: Request): boolean;
}

/** A node that answers so has not taken the attempt up and will not: it did not land. */
const refusals: readonly string[] = [
  'LEADER_NOT_FOUND',
  'NETWORK_PARTITION_HEALING',
  'INVALID_TERM',
  'PERMANENT_FAILURE',
];

export type ClientState = {
  readonly options: ClientOptions;
  /** The index of the node to which the latest attempt went: the leader, as far as known. */
  target: number;
  /** The open operation as it was last sent; its `attempt` counts the sends. */
  request: Pick<Request, keyof Request> | null;
  /** True from a send to its answer or timeout; false during the delay before a retry. */
  waiting: boolean;
  /** The latest attempt followed a hint. */
  redirected: boolean;
  /** The node that last left an attempt of this operation unanswered; -1: none did. */
  silent: number;
  /** Per node: attempts sent there that were not refused. */
  unrefused: number[];
  /** The word with which the latest attempt ended. */
  lastCode: string;
};

/** A client that believes in a leader. */
export const defaultClient = clientOf({ begins: 'where it succeeded', mayMove: () => true });

/** A client of a protocol: its policy says where it turns. */
export function clientOf(policy: ClientPolicy): ClientProtocol<ClientState> {
  return {
    start(options, effects) {
      return {
        options: options as ClientOptions,
        target: effects.choose(effects.nodes.length),
        request: null,
        waiting: false,
        redirected: false,
        silent: -1,
        unrefused: [],
        lastCode: '',
      };
    },

    onOperation(state, request, effects) {
      if (policy.begins === 'anywhere') state.target = effects.choose(effects.nodes.length);
      state.request = request;
      state.redirected = false;
      state.silent = -1;
      state.unrefused = effects.nodes.map(() => 0);
      send(state, request, effects);
    },

    onResponse(state, from, sequence, response, effects) {
      const { request } = state;
      // Answers to operations that have ended come late; they change nothing.
      if (request === null || request.sequence !== sequence) return;
      const node = effects.nodes.indexOf(from);
      if (response.type === 'ok') {
        state.target = node;
        end(state, effects);
        effects.complete({ type: 'ok', value: response.value });
        return;
      }
      if (refusals.includes(response.code)) noteRefusal(state, node);
      // An earlier attempt's error; the answer to the latest one is still to come.
      if (!state.waiting || node !== state.target) return;
      state.waiting = false;
      effects.cancelTimer('timeout');
      afterError(policy, state, request, response, effects);
    },

    onTimer(state, timer, effects) {
      const { request } = state;
      if (request === null) return;
      if (timer === 'retry') {
        send(state, { ...request, attempt: request.attempt + 1 }, effects);
        return;
      }
      state.waiting = false;
      state.silent = state.target;
      afterError(policy, state, request, { type: 'error', code: 'TIMEOUT' }, effects);
    },
  };
}

/**
 * Retries, or ends the operation. A hint is followed at once, but not twice in a row: two nodes
 * that name each other would use up all attempts in an instant; and never to a node that has just
 * been silent, for its followers may not know yet that it is cut off. Every send is an attempt.
 */
function afterError(
  policy: ClientPolicy,
  state: ClientState,
  request: Request,
  { code, hint }: Extract<Response, { type: 'error' }>,
  effects: ClientEffects,
): void {
  const { retry } = state.options;
  const { attempt } = request;
  state.lastCode = code;
  if (!retry.retryOn.includes(code) || retry.abortOn.includes(code)) {
    giveUp(state, effects);
    return;
  }
  const hinted = nodeNamed(hint, effects);
  const isRedirect = hinted >= 0 && hinted !== state.target && hinted !== state.silent;
  if (isRedirect) state.target = hinted;
  else if (policy.mayMove(request)) state.target = (state.target + 1) % effects.nodes.length;
  // The next operation begins where this one would have gone on.
  if (attempt >= retry.maxAttempts) {
    giveUp(state, effects);
    return;
  }
  if (isRedirect && !state.redirected) {
    state.redirected = true;
    send(state, { ...request, attempt: attempt + 1 }, effects);
    return;
  }
  state.redirected = false;
  const delayMs = retryDelayMs(retry, attempt, (bound) => effects.choose(bound));
  effects.setTimer('retry', delayMs, delayMs);
}

function send(state: ClientState, request: Request, effects: ClientEffects): void {
  const { target, unrefused, options } = state;
  state.request = request;
  state.waiting = true;
  unrefused[target] = (unrefused[target] ?? 0) + 1;
  effects.setTimer('timeout', options.requestTimeoutMs, options.requestTimeoutMs);
  effects.send(effects.nodes[target] as NodeId, request);
}

function noteRefusal(state: ClientState, node: number): void {
  const count = state.unrefused[node] ?? 0;
  if (count > 0 && !state.options.requestsMayDuplicate) state.unrefused[node] = count - 1;
}

/** `fail` is a promise that the operation never happens; whoever cannot give it says `info`. */
function giveUp(state: ClientState, effects: ClientEffects): void {
  const type = state.unrefused.every((count) => count === 0) ? 'fail' : 'info';
  const error = state.lastCode;
  end(state, effects);
  effects.complete({ type, error });
}

function end(state: ClientState, effects: ClientEffects): void {
  state.request = null;
  state.waiting = false;
  effects.cancelTimer('timeout');
  effects.cancelTimer('retry');
}

/** The index of a hinted node; -1 for no hint, or one that names nobody. */
function nodeNamed(hint: NodeId | undefined, effects: ClientEffects): number {
  return hint === undefined ? -1 : effects.nodes.indexOf(hint);
}
