/** An example: n1 lends a lock to the other nodes, and its invariant, in one file. */
import type { Invariant, Protocol } from '../../sim/engine/index.ts';

interface LockState {
  /** n1's book, on its disk: to whom the lock is lent, and the number of the loan. */
  holder: string | null;
  loan: number;
  /** The last loan that this node has accepted, on its disk: an old Grant is no new one. */
  accepted: number;
  /** Whether this node believes that it holds the lock. */
  holds: boolean;
}

type LockMessage =
  { readonly type: 'Acquire' } | { readonly type: 'Grant' | 'Release'; readonly loan: number };
type LockTimer = 'want' | 'done' | 'lease';

/** `lease`: n1 takes the lock back after 500 ms, whether or not the holder knows. */
export const defaultOptions = { lease: false };

export const protocol: Protocol<LockState, LockMessage, LockTimer, typeof defaultOptions> = {
  name: 'lock',
  paper: 'an example of Schism',
  durable: ['holder', 'loan', 'accepted'],
  start(durable, options, effects) {
    if (effects.self !== 'n1') effects.setTimer('want', 10, 100);
    else if (options.lease) effects.setTimer('lease', 500, 500);
    return { holder: null, loan: 0, accepted: 0, ...durable, holds: false };
  },
  onMessage: {
    Acquire(state, from, _message, effects) {
      if (state.holder !== null) return;
      state.holder = from;
      state.loan++;
      effects.persist();
      effects.send(from, { type: 'Grant', loan: state.loan });
    },
    Grant(state, _from, { loan }, effects) {
      if (loan <= state.accepted) return;
      state.accepted = loan;
      effects.persist();
      state.holds = true;
      effects.setTimer('done', 50, 100);
    },
    Release(state, from, { loan }, effects) {
      if (state.holder !== from || state.loan !== loan) return;
      state.holder = null;
      effects.persist();
    },
  },
  onTimer: {
    want(_state, effects) {
      effects.send('n1', { type: 'Acquire' });
      effects.setTimer('want', 100, 200);
    },
    done(state, effects) {
      state.holds = false;
      effects.send('n1', { type: 'Release', loan: state.accepted });
    },
    lease(state, effects) {
      state.holder = null;
      effects.setTimer('lease', 500, 500);
    },
  },
  onRequest() {},
  observe: ({ holds, loan }) => ({
    role: holds ? 'holder' : 'idle',
    epoch: loan,
    leads: false,
    leader: null,
    decided: 0,
    applied: 0,
    log: null,
  }),
};

const mutualExclusion: Invariant = {
  id: 'lock/mutual-exclusion',
  title: 'at most one node holds the lock',
  source: 'Dijkstra, Solution of a problem in concurrent programming control, CACM 1965',
  create() {
    return {
      afterEvent({ nodes }) {
        const holders = nodes.filter(({ state }) => (state as LockState | null)?.holds === true);
        if (holders.length < 2) return null;
        const names = holders.map(({ id }) => id).join(' and ');
        return { message: `${names} hold the lock`, facts: [] };
      },
      fork() {
        return this;
      },
    };
  },
};

export const invariants = [mutualExclusion];
