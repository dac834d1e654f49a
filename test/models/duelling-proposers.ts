/**
 * Two proposers and three acceptors of Paxos: Lamport, "Paxos Made Simple", 2001, §2.4. Two that
 * keep outbidding each other make no progress; one distinguished proposer does. Ballots grow
 * without bound, so a state keeps only how the two present ballots compare.
 */
import { finish, mixString } from '../../sim/engine/hash.ts';
import type { Model } from '../../sim/search/model.ts';

type Phase = 'idle' | 'preparing' | 'accepting';

interface State {
  readonly phases: readonly [Phase, Phase];
  /** The proposer whose present ballot is the higher one. */
  readonly ahead: 0 | 1;
  /** By acceptor: the proposer whose present ballot it has promised to; null: an older ballot. */
  readonly promised: readonly (0 | 1 | null)[];
  /** By acceptor: the proposer whose present ballot it has accepted. */
  readonly accepted: readonly (0 | 1 | null)[];
  readonly chosen: boolean;
}

const ACCEPTORS = [0, 1, 2] as const;
const MAJORITY = 2;

/** `bid 0`, `prepare 0 at 1`, `accept 0 at 1`, `lead 0`, `give-up 0`, with the proposer second. */
export function duellingProposers(proposers: 1 | 2): Model<State, string> {
  return {
    name: 'Paxos with two phases',
    bounds: `${proposers} proposers, 3 acceptors`,
    initial: () => [
      {
        phases: ['idle', 'idle'],
        ahead: 0,
        promised: [null, null, null],
        accepted: [null, null, null],
        chosen: false,
      },
    ],
    actions(state, into) {
      for (let p = 0; p < proposers; p++) {
        const phase = state.phases[p];
        if (phase === 'idle') into.push(`bid ${p}`);
        for (const a of ACCEPTORS) {
          if (isRefused(state, p, a)) continue;
          if (phase === 'preparing' && state.promised[a] !== p) into.push(`prepare ${p} at ${a}`);
          if (phase === 'accepting' && state.accepted[a] !== p) into.push(`accept ${p} at ${a}`);
        }
        if (phase === 'preparing' && count(state.promised, p) >= MAJORITY) into.push(`lead ${p}`);
        if (phase !== 'idle' && refusals(state, p) >= MAJORITY) into.push(`give-up ${p}`);
      }
    },
    next: (state, action) => {
      const [verb, proposer, , acceptor] = action.split(' ');
      const p = Number(proposer) as 0 | 1;
      const a = Number(acceptor);
      switch (verb) {
        case 'bid':
          return {
            ...state,
            phases: withPhase(state, p, 'preparing'),
            ahead: p,
            // What was promised to this proposer's last ballot, or accepted in it, is old now.
            promised: state.promised.map((who) => (who === p ? null : who)),
            accepted: state.accepted.map((who) => (who === p ? null : who)),
          };
        case 'lead':
          return { ...state, phases: withPhase(state, p, 'accepting') };
        case 'give-up':
          return { ...state, phases: withPhase(state, p, 'idle') };
        case 'prepare':
          return { ...state, promised: replaced(state.promised, a, p) };
        default: {
          const accepted = replaced(state.accepted, a, p);
          const promised = replaced(state.promised, a, p);
          return { ...state, accepted, promised, chosen: count(accepted, p) >= MAJORITY };
        }
      }
    },
    fingerprint(state, into) {
      const text = JSON.stringify(state);
      into.low = finish(mixString(1, text));
      into.high = finish(mixString(2, text));
    },
    properties: [{ id: 'paxos/chosen', kind: 'eventually', holds: ({ chosen }) => chosen }],
    // Nobody sleeps for ever: each proposer, and each acceptor's dealings with it, is a party.
    fairness: (action) => {
      const [, proposer, , acceptor] = action.split(' ');
      return Number(proposer) * 4 + (acceptor === undefined ? 3 : Number(acceptor));
    },
    describe: (_state, action) => [action],
  };
}

/** An acceptor has promised to ignore the ballot of this proposer. */
function isRefused(state: State, p: number, acceptor: number): boolean {
  return state.promised[acceptor] === 1 - p && state.ahead !== p;
}

function refusals(state: State, p: number): number {
  return ACCEPTORS.filter((a) => isRefused(state, p, a)).length;
}

function count(list: State['promised'], p: number): number {
  return list.filter((who) => who === p).length;
}

function withPhase({ phases }: State, p: 0 | 1, phase: Phase): State['phases'] {
  return p === 0 ? [phase, phases[1]] : [phases[0], phase];
}

function replaced(list: State['promised'], at: number, p: 0 | 1): State['promised'] {
  return list.map((who, i) => (i === at ? p : who));
}
