/** The result of a run for people: story, verdicts, what to do next. */
import { quoted } from './call.ts';
import { eventLines } from './event-lines.ts';
import { failureText } from './failure.ts';
import type { RunFlags } from './run.ts';
import type { Outcome, Plan } from './run-one.ts';
import type { Session } from './session.ts';
import { count, list, ms } from './story/words.ts';
import { taleText } from './tale.ts';
import { verdictLine, verdictTable } from './verdicts.ts';

/** What is known before the run: above all its seed. */
export function printHead({ open, file, seed }: Plan, flags: RunFlags, session: Session): void {
  const { io, paint } = session;
  if (flags.quiet === true) return;
  const { scenario } = open;
  const { nodes } = scenario.cluster_config;
  const clients = scenario.workload?.clients ?? 0;
  const size = `${count(nodes, 'node')}${clients === 0 ? '' : `, ${count(clients, 'client')}`}`;
  const mutants = scenario.mutants.length === 0 ? '' : ` · with ${list(scenario.mutants)}`;
  const head = `${file} · ${scenario.protocol}${mutants} · ${size} · seed ${seed}\n`;
  if (flags.json === true) io.note(head);
  else io.print(`${paint.bold(head.trimEnd())}\n${paint.dim(scenario.name)}\n\n`);
}

export function printResult(outcome: Outcome, flags: RunFlags, session: Session): void {
  const { io, paint } = session;
  const { plan, run, tale, trace } = outcome;
  if (run.script !== null) io.note(`${scriptText(outcome)}\n`);
  if (flags.json === true) return;
  if (flags.quiet === true) {
    io.print(
      `${verdictLine(outcome, session)}  ${paint.dim(`${plan.file} · ${receipt(outcome)}`)}\n`,
    );
    return;
  }
  if (flags.verbose > 0 && trace !== null) {
    for (const line of eventLines(trace, flags.verbose > 1)) io.print(line);
    io.print('\n');
  }
  io.print(`${taleText(tale, session)}\n${verdictTable(outcome, session)}`);
  if (run.violation !== null && trace !== null) {
    io.print(`\n${failureText(trace, outcome.outcome === 'passed', session)}`);
  }
  io.print(`\n${verdictLine(outcome, session)}\n\n${commands(outcome, flags, session)}`);
  io.print(`\n${receipt(outcome)}\n`);
}

/** What to do with the run next, ready to be copied. */
function commands({ plan, run }: Outcome, flags: RunFlags, { call }: Session): string {
  const rows: (readonly [string, string])[] = [];
  if (plan.trace !== null) {
    const path = quoted(plan.trace.path);
    rows.push(['Trace', plan.trace.path], ['Replay', `${call} replay ${path}`]);
    if (run.violation !== null) rows.push(['Explain', `${call} explain ${path}`]);
  } else if (plan.file !== '-') {
    const trace = flags.trace ? '' : ' --no-trace';
    rows.push(['Again', `${call} ${quoted(plan.file)} --seed ${quoted(plan.seed)}${trace}`]);
  }
  return rows.map(([name, text]) => `  ${name.padEnd(8)} ${text}\n`).join('');
}

/** By this two people see that they speak of the same run. */
function receipt({ plan, run }: Outcome): string {
  const { events, virtualUs, hash } = run;
  return `seed ${plan.seed} · ${count(events, 'event')} · ${ms(virtualUs)} · hash ${hash}`;
}

function scriptText({ plan, run }: Outcome): string {
  const { step, reason } = run.script ?? { step: 0, reason: '' };
  const written = plan.open.scenario.schedule[step];
  const words = typeof written === 'string' ? ` ("${written}")` : '';
  return `${plan.file}: step ${step + 1} of the schedule${words} cannot be performed: ${reason}`;
}
