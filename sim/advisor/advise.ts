/** From a context to a recommendation, in the specification's output schema. */
import { choose } from './choose.ts';
import { configure, type Configuration } from './configure.ts';
import type { Context } from './context.ts';
import { failureScenarios } from './failure-scenarios.ts';
import { participants, recommendable, type ProtocolName } from './protocols.ts';
import type { Reason } from './reasons.ts';
import { situationOf, type Situation } from './situation.ts';
import type { FailureScenario } from './trial.ts';

export interface Advice {
  readonly situation: Situation;
  readonly protocol: ProtocolName;
  readonly configuration: Configuration;
  readonly failures: readonly FailureScenario[];
  readonly rationale: readonly Reason[];
}

/** The specification's output schema, and the reasons under one more key. */
export interface AdviceOutput {
  readonly protocol: {
    readonly name: string;
    readonly description: string;
    readonly correctness_guarantee: string;
  };
  readonly configuration: Configuration;
  readonly failure_scenarios: readonly {
    readonly scenario: string;
    readonly behavior: string;
    readonly recovery: string;
  }[];
  readonly rationale: readonly Reason[];
}

/** What to take, how to configure it, what may go wrong, and why so. Pure. */
export function advise(context: Context): Advice {
  const { situation, reasons } = situationOf(context);
  const chosen = choose(situation);
  const { protocol } = chosen;
  const configured = configure(protocol, situation);
  const { configuration } = configured;
  return {
    situation,
    protocol,
    configuration,
    failures: failureScenarios(protocol, situation, configuration),
    rationale: [
      ...reasons,
      ...chosen.reasons,
      ...configured.reasons,
      ...manyVoters(protocol, situation),
    ],
  };
}

export function outputOf({ protocol, configuration, failures, rationale }: Advice): AdviceOutput {
  const { description, guarantee } = recommendable[protocol];
  return {
    protocol: { name: protocol, description, correctness_guarantee: guarantee },
    configuration,
    failure_scenarios: failures.map(({ scenario, behavior, recovery }) => ({
      scenario,
      behavior,
      recovery,
    })),
    rationale,
  };
}

/** With more voters every commit costs more messages; five to nine are what people run. */
const MANY = 9;

function manyVoters(protocol: ProtocolName, situation: Situation): Reason[] {
  const voters = participants(protocol, situation);
  const { family } = recommendable[protocol];
  if (voters <= MANY || !['leader', 'quorum', 'liars'].includes(family)) return [];
  return [
    {
      rule: 'few-voters',
      decides: 'alternative',
      because:
        `${voters} nodes that vote make every commit dear, and an election by just a majority ` +
        `rare, for all of it has to agree: let ${MANY} or fewer vote, and the others learn`,
      source: "Ongaro's dissertation, §4.2.1 (learners); Hunt et al., USENIX ATC 2010 (observers)",
    },
  ];
}
