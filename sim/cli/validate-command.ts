/** Checks scenario files and reports on each. */
import { ExitCode } from './exit.ts';
import { type Attempt, complaints, openEach } from './run-command.ts';
import type { Session } from './session.ts';
import type { ValidateFlags } from './validate.ts';

export async function validateCommand(
  files: readonly string[],
  flags: ValidateFlags,
  session: Session,
): Promise<ExitCode> {
  const { io, paint } = session;
  const attempts = await openEach(files, session);
  if (flags.json === true) {
    io.print(`${JSON.stringify(attempts.map(jsonOf))}\n`);
  } else {
    for (const attempt of attempts) {
      if ('open' in attempt) io.print(`${paint.good(paint.yes)} ${attempt.file}\n`);
    }
    io.note(complaints(attempts));
  }
  return attempts.every((attempt) => 'open' in attempt) ? ExitCode.ok : ExitCode.usage;
}

/** A file that cannot be read has its problem at its beginning. */
function jsonOf(attempt: Attempt): object {
  const { file } = attempt;
  if ('open' in attempt) return { file, valid: true, problems: [] };
  if ('refusal' in attempt) {
    return { file, valid: false, problems: [{ line: 1, column: 1, message: attempt.refusal }] };
  }
  const places = attempt.problems.map(({ line, column, message }) => ({ line, column, message }));
  return { file, valid: false, problems: places };
}
