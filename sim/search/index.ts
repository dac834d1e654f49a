/** Searching: many runs, each another schedule, until one breaks the protocol. */
export * from './abstract.ts';
export {
  forever,
  Ground,
  untimedArm,
  type Arm,
  type MakeWorld,
  type Played,
  type Runs,
} from './arm.ts';
export * from './branch.ts';
export * from './chance.ts';
export * from './coverage-guided.ts';
export * from './explore.ts';
export { Follow } from './follow.ts';
export { Pct } from './pct.ts';
export * from './liveness.ts';
export * from './portfolio.ts';
export { Pos } from './pos.ts';
export * from './probes.ts';
export { RandomWalk } from './random-walk.ts';
export { Rounds } from './rounds.ts';
export * from './scope.ts';
export * from './swarm.ts';
export { StepNotes, TapeStrategy } from './tell.ts';
export * from './weights.ts';
