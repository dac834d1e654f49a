/**
 * A tiny protocol for tests of the engine's neighbours: nodes ping a random peer on a timer, count
 * the pongs, keep a durable list of what clients put, and pass each put on to the next node.
 */
import type { ClientProtocol, Forkable, NodeId, Plain } from '../../sim/engine/index.ts';
import type { Protocol, Request } from '../../sim/engine/index.ts';

export type PingerMessage =
  | { readonly type: 'Ping'; readonly round: number }
  | { readonly type: 'Pong'; readonly round: number }
  | { readonly type: 'Copy'; readonly value: string };

export interface PingerState {
  round: number;
  pongs: Record<NodeId, number>;
  note?: string;
  values: Values;
}

/** A list with versions, as large values in states are. */
export class Values implements Forkable {
  version = 0;
  /** How often all of it was turned into plain data. */
  unfolded = 0;
  private items: readonly string[];

  constructor(items: readonly string[] = []) {
    this.items = items;
  }

  get length(): number {
    return this.items.length;
  }

  add(value: string): void {
    this.items = [...this.items, value];
    this.version++;
  }

  fork(): Values {
    const copy = new Values(this.items);
    copy.version = this.version;
    return copy;
  }

  hash(lane: number): number {
    return this.items.join().length * 31 + lane;
  }

  toPlain(): Plain {
    this.unfolded++;
    return [...this.items];
  }
}

export interface PingerOptions {
  readonly everyMs: number;
}

export const pinger: Protocol<PingerState, PingerMessage, 'beat', PingerOptions> = {
  name: 'pinger',
  paper: 'none',
  durable: ['values'],
  start(durable, { everyMs }, effects) {
    effects.setTimer('beat', everyMs, 2 * everyMs);
    return { round: 0, pongs: {}, values: durable?.values ?? new Values() };
  },
  onMessage: {
    Ping(_state, from, { round }, effects) {
      effects.send(from, { type: 'Pong', round });
    },
    Pong(state, from, { round }) {
      state.pongs[from] = (state.pongs[from] ?? 0) + 1;
      if (round % 3 === 0) delete state.note;
      else state.note = `${from} in round ${round}`;
    },
    Copy(state, _from, { value }, effects) {
      state.values.add(value);
      effects.persist();
      effects.log({ event: 'log_replicated', context: { value } });
    },
  },
  onTimer: {
    beat(state, effects) {
      state.round++;
      const peers = effects.nodes.filter((id) => id !== effects.self);
      const peer = peers[effects.choose(peers.length)];
      if (peer !== undefined) effects.send(peer, { type: 'Ping', round: state.round });
      if (state.round % 5 === 0) state.pongs = {};
      effects.setTimer('beat', 5, 15);
    },
  },
  onRequest(state, request, effects) {
    const value = `${request.client}/${request.sequence}`;
    state.values.add(value);
    effects.persist();
    const at = effects.nodes.indexOf(effects.self);
    const next = effects.nodes[(at + 1) % effects.nodes.length];
    if (next !== undefined && next !== effects.self) effects.send(next, { type: 'Copy', value });
    effects.respond(request, { type: 'ok', value: state.values.length });
  },
  observe: ({ round, values }) => ({
    role: 'peer',
    epoch: round,
    leads: false,
    leader: null,
    decided: values.length,
    applied: values.length,
    log: null,
  }),
  describe: (message) => ('round' in message ? `round=${message.round}` : message.value),
};

/** Sends each operation to a random node and gives up after 40 ms. */
export const pingerClient: ClientProtocol<{ open: number }> = {
  start: () => ({ open: 0 }),
  onOperation(state, request: Request, effects) {
    state.open = request.sequence;
    const node = effects.nodes[effects.choose(effects.nodes.length)];
    if (node !== undefined) effects.send(node, request);
    effects.setTimer('give-up', 40, 40);
  },
  onResponse(state, _from, sequence, response, effects) {
    if (sequence !== state.open) return;
    state.open = 0;
    effects.cancelTimer('give-up');
    effects.complete(response.type === 'ok' ? response : { type: 'fail', error: response.code });
  },
  onTimer(state, _timer, effects) {
    state.open = 0;
    effects.complete({ type: 'info', error: 'TIMEOUT' });
  },
};
