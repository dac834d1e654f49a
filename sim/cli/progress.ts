/** How far a run is, for people who wait for it. */
import type { World } from '../engine/index.ts';
import type { Io } from './io.ts';
import { LiveLine } from './live-line.ts';

export class Progress {
  private readonly io: Io;
  private readonly untilUs: number;
  private readonly line: LiveLine;
  private readonly since: number;

  constructor(io: Io, untilUs: number, isQuiet: boolean) {
    this.io = io;
    this.untilUs = untilUs;
    this.line = new LiveLine(io, isQuiet);
    this.since = io.clock();
  }

  show({ now, counters }: World): void {
    this.line.show(() => {
      const percent = Math.min(100, Math.floor((100 * now) / this.untilUs));
      const speed = Math.round(counters.events / (this.io.clock() - this.since));
      return `${percent} %  ${counters.events.toLocaleString('en')} events  ${speed},000 a second`;
    });
  }

  clear(): void {
    this.line.clear();
  }
}
