/**
 * Our own mistakes: an assertion that fails is a bug of the simulator, never of a protocol or a
 * user.
 */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Throws when `condition` is false; `sentence` says what should have been true. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new AssertionError(`simulator bug: ${sentence}`);
}
