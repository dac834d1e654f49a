/** What a run tells an operator: its log and its metrics, in the forms of the specification. */
export { LogWriter, lineOf, timestampOf, type LogLine } from './log.ts';
export { Metrics } from './metrics.ts';
