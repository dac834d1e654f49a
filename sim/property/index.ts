/**
 * What tests import: schedules, fault plans, client operations and whole scenarios for fast-check,
 * and matchers for vitest.
 */
export { clientOperations, operationKinds } from './operations.ts';
export type { ClientOperations, ClientOperationsOptions, OperationKind } from './operations.ts';
export { faultPlans, planKinds } from './fault-plans.ts';
export type { FaultPlan, FaultPlansOptions, PlanKind } from './fault-plans.ts';
export { GeneratedScenario } from './generated.ts';
export type { Kept } from './keep.ts';
export { historyMatchers } from './matchers.ts';
export { reporter, reportingTo } from './reporter.ts';
export { runMatchers } from './run-matchers.ts';
export { scenarios, type ScenariosOptions } from './scenarios.ts';
export { Schedule } from './schedule.ts';
export { ScheduleArbitrary, schedules, type SchedulesOptions } from './schedules.ts';
export { subject, type ProtocolModule, type Subject, type SubjectInput } from './subject.ts';
