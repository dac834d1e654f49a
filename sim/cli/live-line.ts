/** One line on a terminal that changes while somebody waits. */
import type { Io } from './io.ts';

/** Milliseconds of wall clock: before the first line, and between two. */
const FIRST = 400;
const BETWEEN = 100;

export class LiveLine {
  private readonly io: Io;
  private readonly isShown: boolean;
  private next: number;
  private isDirty = false;

  /** On a terminal, but not in CI. */
  constructor(io: Io, isQuiet = false) {
    this.io = io;
    this.isShown = io.err.isTty && !isQuiet && (io.env['CI'] ?? '') === '';
    this.next = io.clock() + FIRST;
  }

  /** Shows the text, unless the last one was shown just now. */
  show(text: () => string): void {
    const clock = this.io.clock();
    if (!this.isShown || clock < this.next) return;
    this.next = clock + BETWEEN;
    this.isDirty = true;
    this.io.note(`\r\u001b[2K  ${text()}`);
  }

  clear(): void {
    if (this.isDirty) this.io.note('\r\u001b[2K');
    this.isDirty = false;
  }
}
