/** A node's own clock: true time plus an offset that may grow (drift), in integer microseconds. */

export class Clock {
  /** What the clock is ahead of true time at `since`, in microseconds. */
  private offset = 0;
  /** Microseconds gained per second. */
  private ppm = 0;
  private since = 0;

  /** The clock's reading in microseconds at true time `now`. */
  read(now: number): number {
    if (this.ppm === 0) return now + this.offset;
    return now + this.offset + Math.floor(((now - this.since) * this.ppm) / 1_000_000);
  }

  /** The true duration in microseconds of a duration on this clock. */
  duration(localUs: number): number {
    if (this.ppm === 0) return localUs;
    return Math.max(1, Math.floor((localUs * 1_000_000) / (1_000_000 + this.ppm)));
  }

  /** The clock jumps by `byUs`, forwards or back. */
  step(byUs: number): void {
    this.offset += byUs;
  }

  /** From `now` on the clock gains `ppm` microseconds a second (more than -1,000,000). */
  drift(now: number, ppm: number): void {
    this.offset = this.read(now) - now;
    this.since = now;
    this.ppm = ppm;
  }

  get driftPpm(): number {
    return this.ppm;
  }

  fork(): Clock {
    const copy = new Clock();
    copy.offset = this.offset;
    copy.ppm = this.ppm;
    copy.since = this.since;
    return copy;
  }

  /** What matters about the clock for equality of worlds. */
  hashable(now: number): readonly number[] {
    return [this.read(now) - now, this.ppm];
  }
}
