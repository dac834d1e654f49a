/** Checks scenario files and reports on each. */
import { catalogue } from '../registry/index.ts';
import { openScenario } from '../registry/open.ts';
import { formatProblems, type Problem } from '../scenario/index.ts';
import { ExitCode } from './exit.ts';
import { scenarioText } from './run-command.ts';
import type { Session } from './session.ts';
import type { ValidateFlags } from './validate.ts';

export async function validateCommand(
  files: readonly string[],
  flags: ValidateFlags,
  session: Session,
): Promise<ExitCode> {
  const { io, paint } = session;
  const results: { file: string; problems: readonly Problem[] }[] = [];
  for (const file of files) {
    const opened = await openScenario(scenarioText(file, session), file, catalogue);
    results.push({ file, problems: opened.ok ? [] : opened.problems });
  }
  const problems = results.flatMap((result) => result.problems);
  if (flags.json === true) {
    io.print(`${JSON.stringify(results.map(({ file, problems: own }) => jsonOf(file, own)))}\n`);
  } else {
    for (const { file, problems: own } of results) {
      if (own.length === 0) io.print(`${paint.good(paint.yes)} ${file}\n`);
    }
    if (problems.length > 0) io.note(formatProblems(problems));
  }
  return problems.length === 0 ? ExitCode.ok : ExitCode.usage;
}

function jsonOf(file: string, problems: readonly Problem[]): object {
  const places = problems.map(({ line, column, message }) => ({ line, column, message }));
  return { file, valid: problems.length === 0, problems: places };
}
