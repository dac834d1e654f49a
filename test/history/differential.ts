/** Every checker against its oracle on random small histories; a difference throws. */
import { checkCausal } from '../../invariants/history/causal/check.ts';
import { checkConvergence } from '../../invariants/history/convergence.ts';
import { checkLinearizable } from '../../invariants/history/linearizable/check.ts';
import type { Weaken } from '../../invariants/history/minimize.ts';
import type { Model } from '../../invariants/history/model.ts';
import { map } from '../../invariants/history/models/register.ts';
import type { CheckResult } from '../../invariants/history/result.ts';
import { checkSequential } from '../../invariants/history/sequential/check.ts';
import {
  type SessionGuarantee,
  checkSession,
  sessionGuarantees,
} from '../../invariants/history/session.ts';
import { checkListAppend } from '../../invariants/history/transactions/check-list-append.ts';
import { checkRwRegister } from '../../invariants/history/transactions/check-rw-register.ts';
import { weakenFor, weakenReads } from '../../invariants/history/weaken.ts';
import type { History } from '../../sim/history/operation.ts';
import { isLinearizable, isSequential } from './oracle.ts';
import { randomHistory } from './random.ts';
import { kinds, transactionShape, weakShape } from './shapes.ts';
import { isSerializable, isSnapshotIsolated } from './transaction-oracle.ts';
import { converges, isCausal, keepsSession } from './weak-oracle.ts';

/** Checks the case of one seed; returns whether it is valid. Throws when something differs. */
export type Differential = (seed: number) => boolean;

interface Duel {
  readonly history: (seed: number) => History;
  readonly check: (history: History) => CheckResult;
  readonly oracle: (history: History) => boolean;
  readonly weaken: Weaken;
}

function differential({ history: make, check, oracle, weaken }: Duel): Differential {
  return (seed) => {
    const history = make(seed);
    const expected = oracle(history);
    const { verdict, counterexample } = check(history);
    const fail = (why: string): never => {
      const text = history.map((operation) => JSON.stringify(operation)).join('\n');
      throw new Error(`seed ${seed}: ${why}\n${text}`);
    };
    if (verdict !== (expected ? 'valid' : 'invalid')) {
      fail(`the checker says ${verdict}, the oracle ${expected ? 'valid' : 'invalid'}`);
    }
    if (expected) return true;
    if (counterexample === undefined) return fail('no counterexample');
    const part = counterexample.history;
    if (oracle(part)) fail('the counterexample is valid');
    if (!counterexample.minimal) fail('the counterexample is not claimed to be minimal');
    if (counterexample.because.length === 0) fail('the counterexample is not explained');
    for (const [place, operation] of part.entries()) {
      for (const weaker of weaken(operation)) {
        const smaller = weaker === null ? part.toSpliced(place, 1) : part.with(place, weaker);
        if (!oracle(smaller)) fail(`operation ${place} of the counterexample can claim less`);
      }
    }
    return false;
  };
}

const bySeed = (shape: (seed: number) => Parameters<typeof randomHistory>[1]) => (seed: number) =>
  randomHistory(seed, shape(seed) as never);

function ofModels(
  name: string,
  check: (history: History, model: Model) => CheckResult,
  oracle: (history: History, model: Model) => boolean,
): [string, Differential][] {
  return Object.entries(kinds).map(([kind, { model, whole, shape }]) => [
    `${name}: ${kind}`,
    differential({
      history: bySeed(shape as never),
      check: (history) => check(history, model),
      oracle: (history) => oracle(history, whole),
      weaken: weakenFor(model),
    }),
  ]);
}

const registers = map() as Model;

function ofWeak(
  name: string,
  check: (history: History) => CheckResult,
  oracle: (history: History) => boolean,
): [string, Differential] {
  const history = bySeed((seed) => weakShape(seed, 6) as never);
  return [name, differential({ history, check, oracle, weaken: weakenFor(registers) })];
}

const guarantees: readonly (readonly SessionGuarantee[])[] = [
  ...sessionGuarantees.map((guarantee) => [guarantee]),
  sessionGuarantees.slice(0, 2),
  sessionGuarantees.slice(1, 3),
  sessionGuarantees,
];

const orders = [
  ['', 'nothing'],
  ['strong-session-', 'session'],
  ['strong-', 'realtime'],
] as const;

function ofTransactions(
  name: string,
  f: 'append' | 'w',
  check: (history: History, level: string) => CheckResult,
): [string, Differential][] {
  return orders.flatMap(([prefix, binds]) =>
    (['serializable', 'snapshot-isolation'] as const).map((base): [string, Differential] => {
      const oracle = base === 'serializable' ? isSerializable : isSnapshotIsolated;
      const level = `${prefix}${base}`;
      return [
        `${name}: ${level}`,
        differential({
          history: bySeed((seed) => transactionShape(seed, f, 5) as never),
          check: (history) => check(history, level),
          oracle: (history) => oracle(history, binds),
          weaken: weakenReads(null),
        }),
      ];
    }),
  );
}

/** All duels by name. */
export const differentials: Readonly<Record<string, Differential>> = Object.fromEntries([
  ...ofModels('linearizable', (h, m) => checkLinearizable(h, m), isLinearizable),
  ...ofModels('sequential', (h, m) => checkSequential(h, m), isSequential),
  ...(['CC', 'CM', 'CCv'] as const).map((level) =>
    ofWeak(
      `causal: ${level}`,
      (history) => checkCausal(history, registers, level),
      (history) => isCausal(history, level),
    ),
  ),
  ...guarantees.map((asked) =>
    ofWeak(
      `session: ${asked.join(' and ')}`,
      (history) => checkSession(history, registers, asked),
      (history) => keepsSession(history, asked),
    ),
  ),
  ofWeak(
    'convergence',
    (history) => {
      const result = checkConvergence(history, registers, { quiescentAt: 6 });
      // Nobody read after quiescence: nothing contradicts convergence, which is all we compare.
      return result.verdict === 'unknown' ? { ...result, verdict: 'valid' } : result;
    },
    (history) => converges(history, 6),
  ),
  ...ofTransactions('list-append', 'append', (h, level) => checkListAppend(h, { level })),
  ...ofTransactions('rw-register', 'w', (h, level) => checkRwRegister(h, { level })),
]);
