/** The public face of shrinking: a violating run in, the few events that matter out. */
export { polish, type Polished } from './polish.ts';
export { recordSteps, type Recording } from './record.ts';
export { shrunkScenario } from './scenario.ts';
export { scheduleOf } from './schedule.ts';
export type { MakeWorld } from './session.ts';
export {
  shrink,
  type Progress,
  type Shrunk,
  type ShrinkRequest,
  type ShrunkStep,
} from './shrink.ts';
export { storyOf, storyText, type Story, type StoryLine } from './story.ts';
export { applyVariant, variantOf, worldsOf, type Variant, type Weather } from './variant.ts';
export { isSameKind } from './violation.ts';
export type { Need } from './why.ts';
