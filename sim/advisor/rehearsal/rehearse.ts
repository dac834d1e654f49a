/** Puts a recommendation to the test in the simulator, and each of its failure scenarios. */
import { catalogue } from '../../registry/index.ts';
import { assert } from '../../engine/index.ts';
import { loadScenario, prepare, type Scenario, type ScenarioInput } from '../../scenario/index.ts';
import type { Advice } from '../advise.ts';
import type { ProtocolName } from '../protocols.ts';
import type { FailureScenario, Trial } from '../trial.ts';
import { measure, type Measured } from './measure.ts';
import { faultyScenario, stageOf, steadyScenario, type Times } from './stage.ts';
import { consistencyOf, figuresOf, recoveryOf } from './summary.ts';
import type { Consistency, Figures, Recovery } from './summary.ts';

/** What became of one failure scenario. */
export interface Rehearsed extends Figures, Recovery {
  readonly scenario: string;
  readonly promise: Trial['promise'];
  readonly consistency: Consistency;
  /** For pictures: of the first run. */
  readonly sample: { readonly measured: Measured; readonly times: Times };
}

export type Rehearsal =
  | { readonly possible: false; readonly protocol: string; readonly why: string }
  | {
      readonly possible: true;
      readonly protocol: string;
      readonly runs: number;
      readonly seed: string;
      readonly steady: Figures & {
        readonly consistency: Consistency;
        readonly sample: { readonly measured: Measured };
      };
      readonly failures: readonly Rehearsed[];
      /** Failure scenarios of which there is no trial. */
      readonly untried: readonly string[];
    };

export interface RehearsalOptions {
  readonly seed: string;
  /** Runs of each scenario: seeds are `<seed>-1`, `<seed>-2`, … */
  readonly runs: number;
  /** Called before each run. */
  readonly progress?: (done: number, of: number) => void;
}

/** Runs to the end; the same advice and options give the same result. */
export function rehearse(advice: Advice, options: RehearsalOptions): Rehearsal {
  const { protocol, failures } = advice;
  const stage = stageOf(protocol);
  if (stage === null || !catalogue.protocols.has(stage.protocol)) {
    return { possible: false, protocol, why: whyNot(protocol) };
  }
  const { runs, seed, progress = () => {} } = options;
  const tried = failures.filter(hasTrial);
  let done = 0;
  const play = (input: ScenarioInput): Measured[] => {
    const scenario = opened(input);
    return Array.from({ length: runs }, (_, i) => {
      progress(done++, runs * (1 + tried.length));
      return measure(prepare(scenario, { seed: `${seed}-${i + 1}`, catalogue }));
    });
  };
  const steady = play(steadyScenario(advice, stage));
  return {
    possible: true,
    protocol: stage.protocol,
    runs,
    seed,
    steady: {
      ...figuresOf(steady, advice),
      consistency: consistencyOf(steady, stage),
      sample: { measured: steady[0] as Measured },
    },
    failures: tried.map(({ scenario, trial }): Rehearsed => {
      const { input, times } = faultyScenario(advice, stage, trial);
      const measured = play(input);
      return {
        scenario,
        promise: trial.promise,
        ...recoveryOf(measured, trial, times),
        ...figuresOf(measured, advice),
        consistency: consistencyOf(measured, stage),
        sample: { measured: measured[0] as Measured, times },
      };
    }),
    untried: failures.filter((one) => !hasTrial(one)).map(({ scenario }) => scenario),
  };
}

/**
 * `passed`: every promise was kept. `failed`: one was not. `inconclusive`: a fault found nobody, or
 * an invariant was not put to the test.
 */
export function verdictOf(rehearsal: Rehearsal): 'passed' | 'failed' | 'inconclusive' {
  if (!rehearsal.possible) return 'inconclusive';
  const { steady, failures } = rehearsal;
  const held = [steady, ...failures].map(({ consistency }) => consistency.held);
  const recovered = failures.map((failure) => failure.recovered);
  const isServed = steady.operations > 0;
  if (!isServed || held.includes(false) || recovered.includes(false)) return 'failed';
  return held.includes(null) || recovered.includes(null) ? 'inconclusive' : 'passed';
}

function hasTrial(failure: FailureScenario): failure is FailureScenario & { trial: Trial } {
  return failure.trial !== null;
}

/** What the registry has instead, where it has something of that name. */
const otherwise: Readonly<Partial<Record<ProtocolName, string>>> = {
  'two-phase-commit': 'its shards there are single nodes, not groups of 2f+1',
};

function whyNot(protocol: ProtocolName): string {
  const other = catalogue.protocols.has(protocol) ? otherwise[protocol] : undefined;
  const reason = other ?? 'the registry of this version cannot run it with such a configuration';
  return (
    `${protocol} is recommended by its rules, but ${reason}, so nothing of this advice has ` +
    'been measured'
  );
}

/** A scenario that we made ourselves has to be right. */
function opened(input: ScenarioInput): Scenario {
  const loaded = loadScenario(JSON.stringify(input), { file: 'rehearsal', catalogue });
  const problems = loaded.ok ? '' : loaded.problems.map(({ message }) => message).join('; ');
  assert(loaded.ok, `the scenario of a rehearsal can be used ${problems}`);
  return loaded.scenario;
}
