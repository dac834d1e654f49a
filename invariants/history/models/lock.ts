/** A lock that one client holds at a time, plain or with fencing tokens. */
import type { LockInput, LockOutput } from '../../../sim/history/vocabulary.ts';
import type { Model } from '../model.ts';

interface LockState {
  readonly isHeld: boolean;
  /** Null when whoever acquired it did not say who he was. */
  readonly owner: string | null;
  /** The greatest fencing token handed out. */
  readonly token: number;
}

type LockModel = Model<LockState, LockInput, LockOutput>;

/** A lock: acquire needs it free, release needs it held (by the owner, where owners are named). */
export function mutex(): LockModel {
  return lock('mutex', (token) => token);
}

/**
 * A lock whose `acquire` answers an integer token greater than all before. An acquire whose answer
 * nobody saw has used up at least one token (Kleppmann, "How to do distributed locking", 2016).
 */
export function fencedLock(): LockModel {
  return lock('fenced-lock', (token, output) => {
    if (output === undefined) return token + 1;
    return typeof output === 'number' && output > token ? output : null;
  });
}

function lock(
  name: string,
  nextToken: (token: number, output: LockOutput | undefined) => number | null,
): LockModel {
  return {
    name,
    initial: { isHeld: false, owner: null, token: 0 },
    step(state, input, output) {
      const owner = input.owner ?? null;
      if (input.type === 'release') {
        const mayRelease = state.isHeld && (owner === null || owner === (state.owner ?? owner));
        if (output === false) return mayRelease ? null : state;
        return mayRelease ? { ...state, isHeld: false, owner: null } : null;
      }
      if (output === false) return state.isHeld ? state : null;
      const token = nextToken(state.token, output);
      return state.isHeld || token === null ? null : { isHeld: true, owner, token };
    },
    isPure: (_input, output) => output === false,
    describe(input, output) {
      const who = input.owner === undefined ? '' : ` by ${input.owner}`;
      const answer = output === undefined || output === null ? '' : ` → ${String(output)}`;
      return `${input.type}${who}${answer}`;
    },
  };
}
