/** One line that says how far a run is, for people who wait for it. */
import type { World } from '../engine/index.ts';
import type { Io } from './io.ts';

/** Milliseconds of wall clock: before the first line, and between two. */
const FIRST = 400;
const BETWEEN = 100;

export class Progress {
  private readonly io: Io;
  private readonly untilUs: number;
  private readonly isShown: boolean;
  private readonly since: number;
  private next: number;
  private isDirty = false;

  constructor(io: Io, untilUs: number, isQuiet: boolean) {
    this.io = io;
    this.untilUs = untilUs;
    this.isShown = io.err.isTty && !isQuiet && (io.env['CI'] ?? '') === '';
    this.since = io.clock();
    this.next = this.since + FIRST;
  }

  show({ now, counters }: World): void {
    const { io } = this;
    const clock = io.clock();
    if (!this.isShown || clock < this.next) return;
    this.next = clock + BETWEEN;
    this.isDirty = true;
    const percent = Math.min(100, Math.floor((100 * now) / this.untilUs));
    const speed = Math.round(counters.events / (clock - this.since));
    const events = counters.events.toLocaleString('en');
    io.note(`\r\u001b[2K  ${percent} %  ${events} events  ${speed},000 a second`);
  }

  clear(): void {
    if (this.isDirty) this.io.note('\r\u001b[2K');
    this.isDirty = false;
  }
}
