/** Lessons on the command line: the list of them, one of them played. */
import { type ExitCode, UsageError } from './exit.ts';
import type { Session } from './session.ts';
import type { ViewFlags } from './view.ts';

export async function lessonCommand(
  _paths: readonly string[],
  _flags: ViewFlags,
  _session: Session,
): Promise<ExitCode> {
  await Promise.resolve();
  throw new UsageError('there are no lessons yet');
}
