/** How the command line ends: exit codes, and the two sorts of errors it knows. */

export const ExitCode = {
  /** All expectations are met; an expected violation is one. */
  ok: 0,
  /** An invariant is violated, or an expected violation did not occur. */
  violated: 1,
  /** A mistake in the command, or a file that cannot be used. */
  usage: 2,
  /** The budget ended before it could be told. */
  inconclusive: 3,
  /** A replay was not the run of the trace. */
  diverged: 4,
  /** Our own fault. */
  internal: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The user's mistake: a sentence that says what is wrong and how to mend it. */
export class UsageError extends Error {}

/** Something broke inside of a run: says which, so that it can be reported. */
export class RunError extends Error {
  constructor(cause: unknown, where: string) {
    const text = cause instanceof Error ? cause.message : String(cause);
    super(`${text} (${where})`, { cause });
  }
}
