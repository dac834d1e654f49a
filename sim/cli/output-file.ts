/** A file that is written while a run goes on. */
import { closeSync, writeSync } from 'node:fs';
import { UsageError } from './exit.ts';
import { codeOf, writingProblem } from './files.ts';

export interface Output {
  readonly path: string;
  readonly descriptor: number;
}

/** Lines are written in pieces of about this many characters. */
const PIECE = 65_536;

export function writeBytes({ path, descriptor }: Output, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; at += writeSync(descriptor, bytes, at));
  } catch (error) {
    throw new UsageError(writingProblem(path, codeOf(error)));
  }
}

/** Collects text and writes it; `end` writes the rest. The caller closes the file. */
export class TextOutput {
  private readonly output: Output;
  private text = '';

  constructor(output: Output) {
    this.output = output;
  }

  write(text: string): void {
    this.text += text;
    if (this.text.length >= PIECE) this.end();
  }

  end(): void {
    writeBytes(this.output, new TextEncoder().encode(this.text));
    this.text = '';
  }
}

export function close(output: Output | null): void {
  if (output !== null) closeSync(output.descriptor);
}
