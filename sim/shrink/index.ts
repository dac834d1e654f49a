/** The public face of shrinking. */
export * from './move.ts';
export * from './session.ts';
export * from './shrink.ts';
export * from './variant.ts';
export * from './violation.ts';
export * from './why.ts';
