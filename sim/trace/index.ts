/** The public face of traces: record, write, read, replay, compare, explain, export. */
export * from './cycle.ts';
export * from './diff.ts';
export * from './difference.ts';
export * from './digest.ts';
export * from './explain.ts';
export * from './follow.ts';
export * from './format.ts';
export * from './line.ts';
export * from './read.ts';
export * from './recorder.ts';
export * from './render.ts';
export * from './replay.ts';
export * from './state.ts';
export * from './write.ts';
