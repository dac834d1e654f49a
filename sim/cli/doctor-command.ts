/** Examines a scenario, and prints the findings. */
import { examine, type Diagnosis } from '../advisor/index.ts';
import { wrapper } from './advise-text.ts';
import type { DoctorFlags } from './doctor.ts';
import { ExitCode } from './exit.ts';
import { complaints, openEach } from './run-command.ts';
import { parseSeed } from './seed.ts';
import type { Session } from './session.ts';

export async function doctorCommand(
  file: string,
  flags: DoctorFlags,
  session: Session,
): Promise<ExitCode> {
  const { io } = session;
  const attempts = await openEach([file], session);
  const [attempt] = attempts;
  if (attempt === undefined || !('open' in attempt)) {
    io.note(complaints(attempts));
    return ExitCode.usage;
  }
  const { scenario, catalogue } = attempt.open;
  const seed = parseSeed(flags.seed ?? String(scenario.seed ?? 1));
  const diagnosis = examine(scenario, catalogue, seed);
  if (flags.json === true) io.print(`${JSON.stringify({ scenario: file, ...diagnosis })}\n`);
  else {
    const head = `${file} · ${scenario.protocol} · seed ${seed}`;
    io.print(`${session.paint.bold(head)}\n${session.paint.dim(scenario.name)}\n\n`);
    io.print(diagnosisText(diagnosis, session));
  }
  const answers = diagnosis.findings.map(({ answer }) => answer);
  if (answers.includes('no')) return ExitCode.violated;
  return answers.includes('unknown') ? ExitCode.inconclusive : ExitCode.ok;
}

function diagnosisText({ findings }: Diagnosis, session: Session): string {
  const { paint } = session;
  const wrap = wrapper(session);
  const signs = {
    yes: paint.good(paint.yes),
    no: paint.bad(paint.no),
    unknown: paint.warn(paint.open),
    'does not apply': paint.dim('-'),
  };
  const blocks = findings.map(({ question, answer, evidence }) => [
    `  ${signs[answer]} ${question}  ${paint.bold(answer)}\n`,
    ...evidence.map(({ by, text }) => wrap(paint.dim(`      ${by.padEnd(8)}  `), text)),
  ]);
  return blocks.flat().join('');
}
