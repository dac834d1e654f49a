/**
 * The client (§4.1): it asks the primary, then everybody, and believes a result when f + 1 replicas
 * give it: one of them is correct. With read-only requests (§5.1) it asks all replicas for a read,
 * and believes a quorum of equal replies only.
 */
import type {
  ClientEffects,
  ClientProtocol,
  NodeId,
  Request,
  Response,
} from '../../sim/engine/protocol.ts';
import type { ClientOptions } from '../common/client.ts';
import { retryDelayMs } from '../common/retry.ts';
import { requestPayload } from './messages.ts';
import type { PbftOptions } from './options.ts';
import { isReadOnly } from './requests.ts';
import { faultsTolerated } from './state.ts';

export type PbftClientState = {
  readonly options: ClientOptions;
  /** The index of the replica that it believes to be the primary. */
  primary: number;
  request: Pick<Request, keyof Request> | null;
  /** What each replica has replied to the open request. */
  replies: { readonly replica: NodeId; readonly response: Response }[];
};

/** What a rule may change about a client. */
export interface ClientRules {
  readonly repliesNeeded: (faults: number) => number;
  readonly readRepliesNeeded: (nodes: number, faults: number) => number;
  readonly writeRepliesNeeded: (nodes: number, faults: number) => number;
}

/** `readOnly` as in the options of the replicas. */
export function pbftClient(
  rules: ClientRules,
  { readOnly = false }: Pick<PbftOptions, 'readOnly'>,
): ClientProtocol<PbftClientState> {
  /** How many equal replies end this request. */
  const needed = (request: Request, nodes: number): number => {
    const faults = faultsTolerated(nodes);
    if (isReadOnly({ readOnly }, request)) return rules.readRepliesNeeded(nodes, faults);
    return readOnly ? rules.writeRepliesNeeded(nodes, faults) : rules.repliesNeeded(faults);
  };
  return {
    start: (options) => ({
      options: options as ClientOptions,
      primary: 0,
      request: null,
      replies: [],
    }),

    onOperation(state, request, effects) {
      const signature = effects.sign(requestPayload(request));
      state.request = Object.freeze({ ...request, signature });
      state.replies = [];
      if (isReadOnly({ readOnly }, request)) sendToAll(state.request, effects);
      else effects.send(effects.nodes[state.primary] as NodeId, state.request);
      waitForReplies(state, effects);
    },

    onResponse(state, from, sequence, response, effects) {
      const { request } = state;
      if (request === null || request.sequence !== sequence) return;
      // A reply from outside the order says nothing about what was ordered, late as it may come.
      const isOrdered = response.hint !== undefined;
      if (readOnly && isOrdered === isReadOnly({ readOnly }, request)) return;
      if (state.replies.some(({ replica }) => replica === from)) return;
      state.replies.push({ replica: from, response });
      const equal = state.replies.filter((reply) => isSameResult(reply.response, response));
      if (equal.length < needed(request, effects.nodes.length)) return;
      const primary = effects.nodes.indexOf(response.hint ?? '');
      if (primary >= 0) state.primary = primary;
      end(state, effects);
      effects.complete(completionOf(response));
    },

    onTimer(state, timer, effects) {
      const { request, options } = state;
      if (request === null) return;
      const { retry } = options;
      if (timer === 'timeout') {
        if (request.attempt >= retry.maxAttempts) {
          end(state, effects);
          effects.complete({ type: 'info', error: 'TIMEOUT' });
          return;
        }
        const delayMs = retryDelayMs(retry, request.attempt, (bound) => effects.choose(bound));
        effects.setTimer('retry', delayMs, delayMs);
        return;
      }
      // §5.1: a read that failed is ordered from now on; what was said outside the order is void.
      if (isReadOnly({ readOnly }, request)) state.replies = [];
      // §4.1: no answer in time: everybody hears of it, and watches the primary.
      state.request = Object.freeze({ ...request, attempt: request.attempt + 1 });
      sendToAll(state.request, effects);
      waitForReplies(state, effects);
    },
  };
}

function sendToAll(request: Request, effects: ClientEffects): void {
  for (const node of effects.nodes) effects.send(node, request);
}

function waitForReplies({ options }: PbftClientState, effects: ClientEffects): void {
  effects.setTimer('timeout', options.requestTimeoutMs, options.requestTimeoutMs);
}

function end(state: PbftClientState, effects: ClientEffects): void {
  state.request = null;
  state.replies = [];
  effects.cancelTimer('timeout');
  effects.cancelTimer('retry');
}

function isSameResult(a: Response, b: Response): boolean {
  if (a.type === 'error') return b.type === 'error' && a.code === b.code;
  return b.type === 'ok' && JSON.stringify(a.value) === JSON.stringify(b.value);
}

/** An agreed refusal is final; only that an answer is gone does not say what it was. */
function completionOf(response: Response) {
  if (response.type === 'ok') return { type: 'ok' as const, value: response.value };
  const type = response.code === 'DUPLICATE_REQUEST' ? ('info' as const) : ('fail' as const);
  return { type, error: response.code };
}
