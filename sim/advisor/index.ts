/** The public face of the advisor: a context in, a recommendation out. */
export { advise, outputOf, type Advice, type AdviceOutput } from './advise.ts';
export { calculateQuorum, validateCluster } from './cluster.ts';
export type { ClusterAnswer, ClusterQuestion } from './cluster.ts';
export { contextSchema, loadContext, type Context, type LoadedContext } from './context.ts';
export { rehearse, verdictOf, type Rehearsal } from './rehearsal/rehearse.ts';
export type { Consistency, Figures } from './rehearsal/summary.ts';
export { examine, type Diagnosis } from './doctor/examine.ts';
export { reportPage, reportSvg } from './report/page.ts';
