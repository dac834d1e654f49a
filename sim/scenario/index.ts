/** The public face of scenarios: load, check, prepare. */
export * from './catalogue.ts';
export { conditionForms, parseCondition } from './condition.ts';
export { brokenRules, validationRules, type ClusterSize } from './cluster-rules.ts';
export { durationAdvice, formatDuration, parseDuration } from './duration.ts';
export { editScenario, type Edit } from './edit.ts';
export { jsonSchema } from './json-schema.ts';
export { liarsIn, mayLie } from './liars.ts';
export { loadScenario, moduleNamedIn, type Loaded, type LoadOptions } from './load.ts';
export { factsOf, prepare } from './prepare.ts';
export type { Expectation, Prepared, PrepareOptions } from './prepare.ts';
export { formatProblems, type Problem } from './problems.ts';
export { scenarioSchema, type Scenario, type ScenarioInput } from './schema.ts';
export { parseStep, type ScriptStep } from './script-grammar.ts';
export { scriptSteps } from './script.ts';
export { hint, nearest } from './suggest.ts';
export { writeFault, type WrittenStep } from './write-step.ts';
export { writeEntry } from './write-entry.ts';
