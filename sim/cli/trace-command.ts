/** Looks into traces. A damaged one is shown as far as it goes, and ends with exit code 2. */
import { diffText, diffTraces, explain, explainText, traceInfo } from '../trace/index.ts';
import { traceJsonLines, traceMermaid, traceText, type Trace } from '../trace/index.ts';
import { ExitCode } from './exit.ts';
import { writeText } from './files.ts';
import type { ExplainFlags } from './explain.ts';
import type { Session } from './session.ts';
import type { ExportFlags } from './trace.ts';
import { readTraceFile } from './trace-file.ts';

export function infoCommand(path: string, session: Session): ExitCode {
  const { trace, isWhole } = readTraceFile(path, session);
  session.io.print(traceInfo(trace));
  return isWhole ? ExitCode.ok : ExitCode.usage;
}

export function diffCommand(left: string, right: string, session: Session): ExitCode {
  const a = readTraceFile(left, session);
  const b = readTraceFile(right, session);
  session.io.print(diffText(a.trace, b.trace));
  if (!a.isWhole || !b.isWhole) return ExitCode.usage;
  return diffTraces(a.trace, b.trace).index === null ? ExitCode.ok : ExitCode.violated;
}

const writers: Readonly<Record<ExportFlags['format'], (trace: Trace) => string>> = {
  text: traceText,
  jsonl: traceJsonLines,
  mermaid: traceMermaid,
};

export function exportCommand(path: string, flags: ExportFlags, session: Session): ExitCode {
  const { trace, isWhole } = readTraceFile(path, session);
  const text = writers[flags.format](trace);
  if (flags.out === undefined) session.io.print(text);
  else writeText(flags.out, text, [path]);
  return isWhole ? ExitCode.ok : ExitCode.usage;
}

export function explainCommand(path: string, flags: ExplainFlags, session: Session): ExitCode {
  const { trace, isWhole } = readTraceFile(path, session);
  if (flags.json === true) session.io.print(`${JSON.stringify(explain(trace))}\n`);
  else session.io.print(explainText(trace, flags.limit));
  return isWhole ? ExitCode.ok : ExitCode.usage;
}
