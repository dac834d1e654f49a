/** Ctrl-C: the first one ends things with what there is, the second one the process. */
import type { Io } from './io.ts';

export class Interruption {
  /** Whether somebody has interrupted. */
  isOn = false;
  /** Ends the listening. */
  readonly ignore: () => void;
  private end: () => void = () => {};

  /** `kept`: what becomes of things, as a sentence. */
  constructor(io: Io, kept: string) {
    this.ignore = io.onInterrupt(() => {
      this.isOn = true;
      this.end();
      io.note(`interrupted: ${kept}; once more to stop at once\n`);
    });
  }

  /** What ends the thing that is under way, if that does not look itself. */
  passOn = (end: () => void): void => {
    this.end = end;
    if (this.isOn) end();
  };
}
