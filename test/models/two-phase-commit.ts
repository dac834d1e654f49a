/**
 * Two-phase commit as a state machine: Gray and Lamport, "Consensus on Transaction Commit", ACM
 * TODS 31(1), 2006, the TwoPhase specification. Messages are a set that only grows, and a state is
 * one integer: four bits for each resource manager, then two for the transaction manager.
 */
import { finish, mix } from '../../sim/engine/hash.ts';
import type { Model } from '../../sim/search/model.ts';

/** States of a resource manager: the low two bits of its four. */
const WORKING = 0;
const PREPARED = 1;
const COMMITTED = 2;
const ABORTED = 3;
/** The transaction manager has taken note of this one's Prepared message. */
const NOTED = 4;
/** The Prepared message has been sent. */
const SENT = 8;

/** States of the transaction manager. Its Commit or Abort message is sent when it decides. */
const INIT = 0;
const DECIDED_COMMIT = 1;
const DECIDED_ABORT = 2;

const names = ['rcv-prepared', 'prepare', 'choose-abort', 'rcv-commit', 'rcv-abort'] as const;
const [RCV_PREPARED, PREPARE, CHOOSE_ABORT, RCV_COMMIT, RCV_ABORT] = [0, 1, 2, 3, 4] as const;
const TM_COMMIT = -1;
const TM_ABORT = -2;

/** With `symmetry`, states that differ by a renaming of resource managers count as one. */
export function twoPhaseCommit(managers: number, symmetry = false): Model<number, number> {
  const tmShift = 4 * managers;
  const mask = 2 ** tmShift - 1;
  const allNoted = everyManager(managers, NOTED);

  return {
    name: `TwoPhase with ${managers} resource managers`,
    bounds: `${managers} resource managers${symmetry ? ', up to renaming' : ''}`,
    initial: () => [0],

    actions(state, into) {
      const tm = state >>> tmShift;
      if (tm === INIT && (state & allNoted) === allNoted) into.push(TM_COMMIT);
      if (tm === INIT) into.push(TM_ABORT);
      for (let rm = 0; rm < managers; rm++) {
        const own = (state >>> (4 * rm)) & 15;
        if (tm === INIT && (own & SENT) !== 0) into.push(rm * 8 + RCV_PREPARED);
        if ((own & 3) === WORKING) into.push(rm * 8 + PREPARE, rm * 8 + CHOOSE_ABORT);
        if (tm === DECIDED_COMMIT) into.push(rm * 8 + RCV_COMMIT);
        if (tm === DECIDED_ABORT) into.push(rm * 8 + RCV_ABORT);
      }
    },

    next(state, action) {
      if (action === TM_COMMIT) return state | (DECIDED_COMMIT << tmShift);
      if (action === TM_ABORT) return state | (DECIDED_ABORT << tmShift);
      const shift = 4 * (action >>> 3);
      const cleared = state & ~(3 << shift);
      switch (action & 7) {
        case RCV_PREPARED:
          return state | (NOTED << shift);
        case PREPARE:
          return cleared | ((PREPARED | SENT) << shift);
        case RCV_COMMIT:
          return cleared | (COMMITTED << shift);
        default:
          return cleared | (ABORTED << shift);
      }
    },

    fingerprint(state, into) {
      const same = symmetry ? (state & ~mask) | sorted(state & mask, managers) : state;
      into.low = finish(mix(0x2fc1, same));
      into.high = finish(mix(0x77e3, same));
    },

    properties: [
      {
        id: 'two-phase/consistent',
        kind: 'always',
        holds: (state) => !(some(state, managers, COMMITTED) && some(state, managers, ABORTED)),
      },
      {
        id: 'two-phase/all-commit',
        kind: 'sometimes',
        holds: (state) => count(state, managers, COMMITTED) === managers,
      },
    ],

    // Resource managers act on their own bits; the transaction manager's decision reads all.
    independent: (a, b) => a >= 0 && b >= 0 && a >>> 3 !== b >>> 3,

    describe(_state, action) {
      if (action === TM_COMMIT) return ['tm commit'];
      if (action === TM_ABORT) return ['tm abort'];
      return [`rm${(action >>> 3) + 1} ${names[action & 7] ?? ''}`];
    },
  };
}

function everyManager(managers: number, bits: number): number {
  let all = 0;
  for (let rm = 0; rm < managers; rm++) all |= bits << (4 * rm);
  return all;
}

function count(state: number, managers: number, wanted: number): number {
  let found = 0;
  for (let rm = 0; rm < managers; rm++) if (((state >>> (4 * rm)) & 3) === wanted) found++;
  return found;
}

function some(state: number, managers: number, wanted: number): boolean {
  return count(state, managers, wanted) > 0;
}

/** The resource managers' bits in ascending order: managers have no other identity. */
function sorted(bits: number, managers: number): number {
  let result = bits;
  for (let i = 1; i < managers; i++) {
    for (let j = i; j > 0; j--) {
      const low = (result >>> (4 * j - 4)) & 15;
      const high = (result >>> (4 * j)) & 15;
      if (low <= high) break;
      const differ = low ^ high;
      result ^= (differ << (4 * j)) | (differ << (4 * j - 4));
    }
  }
  return result;
}
