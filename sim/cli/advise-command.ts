/** Reads a context, and prints what is recommended. */
import { advise, loadContext, outputOf } from '../advisor/index.ts';
import { formatProblems } from '../scenario/index.ts';
import type { AdviseFlags } from './advise.ts';
import { adviceText } from './advise-text.ts';
import { ExitCode } from './exit.ts';
import { readBytes } from './files.ts';
import type { Session } from './session.ts';

export async function adviseCommand(
  file: string,
  flags: AdviseFlags,
  session: Session,
): Promise<ExitCode> {
  const { io } = session;
  const text = new TextDecoder().decode(readBytes(file, io, '.yaml'));
  const loaded = loadContext(text, file);
  if (!loaded.ok) {
    if (flags.json === true) {
      const problems = loaded.problems.map(({ line, column, message }) => ({
        line,
        column,
        message,
      }));
      io.print(`${JSON.stringify({ file, valid: false, problems })}\n`);
    } else io.note(formatProblems(loaded.problems));
    return ExitCode.usage;
  }
  const advice = advise(loaded.context);
  if (flags.json === true) io.print(`${JSON.stringify(outputOf(advice))}\n`);
  else io.print(adviceText(file, advice, session));
  return ExitCode.ok;
}
