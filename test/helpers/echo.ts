/** A tiny protocol for tests of faults: nodes ping one another, and count durably when asked. */
import { erase, finish, mix } from '../../sim/engine/index.ts';
import type {
  ClientProtocol,
  Effects,
  Forkable,
  Observation,
  Protocol,
} from '../../sim/engine/index.ts';

/** What each increment wrote; a damaged disk loses the last one. */
export class Entries implements Forkable {
  values: readonly number[];

  constructor(values: readonly number[] = []) {
    this.values = values;
  }

  get version(): number {
    return this.values.length;
  }

  fork(): Entries {
    return new Entries(this.values);
  }

  hash(lane: number): number {
    return finish(this.values.reduce(mix, lane));
  }

  toPlain(): readonly number[] {
    return this.values;
  }

  damage(): void {
    this.values = this.values.slice(0, -1);
  }
}

export interface EchoState {
  /** Durable: how often a client asked, and what each increment wrote. */
  count: number;
  twin: number;
  entries: Entries;
  /** Volatile. */
  sent: number;
  /** The numbers of the pings from each node, in the order of arrival. */
  heard: Record<string, number[]>;
  /** This node's own clock at each ping it sent, in milliseconds. */
  pingedAt: number[];
  epoch: number;
  leads: boolean;
}

export interface EchoOptions {
  /** Milliseconds of the node's clock between two pings to everybody; 0: never. */
  readonly everyMs: number;
}

interface Ping {
  readonly type: 'Ping';
  readonly number: number;
}

const initial = (): EchoState => ({
  count: 0,
  twin: 0,
  entries: new Entries(),
  sent: 0,
  heard: {},
  pingedAt: [],
  epoch: 0,
  leads: false,
});

const protocol: Protocol<EchoState, Ping, 'ping', EchoOptions> = {
  name: 'echo',
  paper: 'none',
  durable: ['count', 'twin', 'entries'],
  start(durable, { everyMs }, effects) {
    if (everyMs > 0) effects.setTimer('ping', everyMs, everyMs, String(everyMs));
    return { ...initial(), ...durable };
  },
  onMessage: {
    Ping(state, from, { number }) {
      (state.heard[from] ??= []).push(number);
    },
  },
  onTimer: {
    ping(state, effects, everyMs) {
      effects.setTimer('ping', Number(everyMs), Number(everyMs), everyMs);
      ping(state, effects);
    },
  },
  onRequest(state, request, effects) {
    const { type } = request.command;
    if (type === 'ping') ping(state, effects);
    if (type === 'lead') {
      state.epoch = Number(request.command['epoch']);
      state.leads = true;
    }
    if (type === 'increment') {
      state.count++;
      state.twin++;
      state.entries = new Entries([...state.entries.values, state.count]);
      effects.persist();
      effects.respond(request, { type: 'ok', value: state.count });
    }
  },
  observe: ({ epoch, leads, count }): Observation => ({
    role: leads ? 'leader' : 'follower',
    epoch,
    leads,
    leader: null,
    decided: count,
    applied: count,
    log: null,
  }),
};

export const echo = erase(protocol);

function ping(state: EchoState, effects: Effects<Ping, 'ping'>): void {
  state.sent++;
  state.pingedAt.push(effects.now());
  for (const node of effects.nodes) {
    if (node !== effects.self) effects.send(node, { type: 'Ping', number: state.sent });
  }
}

/** Asks the first node for an increment, again and again; waits 100 ms for each answer. */
const client: ClientProtocol<{ open: number }> = {
  start: () => ({ open: 0 }),
  onOperation(state, request, effects) {
    state.open = request.sequence;
    effects.send(effects.nodes[0] as string, request);
    effects.setTimer('patience', 100, 100);
  },
  onResponse(state, _from, sequence, response, effects) {
    if (sequence !== state.open || response.type !== 'ok') return;
    state.open = 0;
    effects.cancelTimer('patience');
    effects.complete({ type: 'ok', value: response.value });
  },
  onTimer(state, _timer, effects) {
    state.open = 0;
    effects.complete({ type: 'info', error: 'timeout' });
  },
};

// Sound: the engine hands a client only the states that it made itself.
export const echoClient = client as unknown as ClientProtocol;
