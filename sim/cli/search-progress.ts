/** How far a search is, for people who wait for it. */
import type { Io } from './io.ts';
import { LiveLine } from './live-line.ts';
import type { Ledger } from './search-ledger.ts';
import type { SearchPlan } from './search-plan.ts';

export class SearchProgress {
  private readonly io: Io;
  private readonly plan: SearchPlan;
  private readonly ledger: Ledger;
  private readonly line: LiveLine;
  private readonly since: number;

  constructor(io: Io, plan: SearchPlan, ledger: Ledger, isQuiet: boolean) {
    this.io = io;
    this.plan = plan;
    this.ledger = ledger;
    this.line = new LiveLine(io, isQuiet);
    this.since = io.clock();
  }

  show(): void {
    this.line.show(() => progressText(this.plan, this.ledger, this.io.clock() - this.since));
  }

  clear(): void {
    this.line.clear();
  }
}

/** `12,288 of 20,000 runs  9,012 runs/s  0.88 M events/s  40,211 states  no violation  1 s left` */
export function progressText(
  { runs, timeMs }: Pick<SearchPlan, 'runs' | 'timeMs'>,
  ledger: Ledger,
  passedMs: number,
): string {
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const rate = ledger.runs / passedMs;
  const leftMs = Math.min((runs - ledger.runs) / rate, timeMs - passedMs);
  return [
    Number.isFinite(runs)
      ? `${number(ledger.runs)} of ${number(runs)} runs`
      : `${number(ledger.runs)} runs`,
    `${number(rate * 1000)} runs/s`,
    `${(ledger.events / passedMs / 1000).toFixed(2)} M events/s`,
    `${number(ledger.states.size)} states`,
    ledger.found === null ? 'no violation' : '1 violation',
    ...(Number.isFinite(leftMs) ? [`${number(Math.max(0, leftMs) / 1000)} s left`] : []),
  ].join('  ');
}
