/** The outside world of the command line: streams, environment, signals. Tests bring their own. */
import { readFileSync } from 'node:fs';
import { ExitCode } from './exit.ts';
import { codeOf, writingProblem } from './files.ts';

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at it, and how wide it is then. */
  readonly out: { readonly isTty: boolean; readonly columns: number };
  readonly err: { readonly isTty: boolean };
  print(text: string): void;
  /** Narration, progress and complaints. */
  note(text: string): void;
  /** All of the standard input. */
  readInput(): Uint8Array;
  /** Wall-clock milliseconds, for progress only. */
  clock(): number;
  /** Calls back at the first Ctrl-C, the next one kills; returns what ends the listening. */
  onInterrupt(listener: () => void): () => void;
  exit(code: number): void;
}

/** The process itself. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Who reads us has seen enough (`| head`).
      if (error.code === 'EPIPE') process.exit();
      if (stream === stdout) {
        stderr.write(`${writingProblem('the standard output', codeOf(error))}\n`);
      }
      process.exit(ExitCode.usage);
    });
  }
  return {
    env,
    out: { isTty: stdout.isTTY, columns: Math.max(stdout.columns ?? 0, 60) },
    err: { isTty: stderr.isTTY },
    print: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    readInput: () => readFileSync(0),
    clock: () => performance.now(),
    onInterrupt(listener) {
      const stop = () => void process.off('SIGINT', onSignal);
      function onSignal() {
        // Without a listener the next one ends the process.
        stop();
        listener();
      }
      process.on('SIGINT', onSignal);
      return stop;
    },
    exit(code) {
      process.exitCode = code;
    },
  };
}
