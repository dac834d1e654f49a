/** Searches one scenario, shrinks what it finds, keeps it and reports. */
import type { Blocks, Checked } from '../property/blocks.ts';
import { BLOCK, type Found } from '../search/index.ts';
import { Crew } from './crew.ts';
import { ExitCode, RunError, UsageError } from './exit.ts';
import { Interruption } from './interruption.ts';
import { LiveLine } from './live-line.ts';
import { exploreHere, exploreWith, type Watch } from './search-explore.ts';
import { keepHit, lengthOf, shrinkFound, type Hit } from './search-hit.ts';
import { searchJson } from './search-json.ts';
import { Ledger } from './search-ledger.ts';
import { expectsViolation, ordersOf, planSearch, type SearchPlan } from './search-plan.ts';
import { SearchProgress } from './search-progress.ts';
import { printSearch, printSearchHead } from './search-report.ts';
import type { SearchFlags } from './search.ts';
import type { Session } from './session.ts';

/** What came of a search. */
export interface SearchResult {
  readonly plan: SearchPlan;
  readonly ledger: Ledger;
  readonly fastCheck: Checked;
  readonly isInterrupted: boolean;
  readonly isOutOfTime: boolean;
  /** Wall-clock seconds of the search, and of what came after it. */
  readonly seconds: { readonly search: number; readonly shrink: number };
  readonly hit: Hit | null;
}

/** Returns the exit code. */
export async function searchCommand(
  file: string,
  flags: SearchFlags,
  session: Session,
): Promise<ExitCode> {
  const plan = await planSearch(file, flags, session);
  printSearchHead(plan, flags, session);
  const result = await new Searching(plan, flags, session).run();
  if (flags.json === true) session.io.print(`${JSON.stringify(searchJson(result))}\n`);
  else printSearch(result, flags, session);
  return exitCodeOf(result);
}

/** One search, from its first block to what is kept of it. */
class Searching {
  private readonly plan: SearchPlan;
  private readonly flags: SearchFlags;
  private readonly session: Session;
  private readonly crew: Crew;
  private readonly since: number;
  private readonly interruption: Interruption;

  constructor(plan: SearchPlan, flags: SearchFlags, session: Session) {
    this.plan = plan;
    this.flags = flags;
    this.session = session;
    this.since = session.io.clock();
    this.crew = new Crew(ordersOf(plan));
    this.interruption = new Interruption(session.io, 'what was found is kept');
  }

  async run(): Promise<SearchResult> {
    const { plan, interruption } = this;
    const ledger = new Ledger();
    try {
      const fastCheck = await this.explore(ledger, { first: 0, runs: plan.runs });
      const isOutOfTime = this.isOutOfTime();
      const search = this.seconds();
      const { found } = ledger;
      const hit = found === null ? null : await this.keepBest(found);
      const seconds = { search, shrink: this.seconds() - search };
      const { isOn: isInterrupted } = interruption;
      return { plan, ledger, fastCheck, isInterrupted, isOutOfTime, seconds, hit };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new RunError(error, `${plan.file}, seed ${plan.seed}, after run ${ledger.runs}`);
    } finally {
      interruption.ignore();
      await this.crew.dismiss();
    }
  }

  private explore(ledger: Ledger, blocks: Blocks): Promise<Checked> {
    const { plan, session, crew } = this;
    const progress = new SearchProgress(session.io, plan, ledger, this.flags.json === true);
    const watch: Watch = {
      isOver: () => this.interruption.isOn || this.isOutOfTime(),
      onBlock: () => progress.show(),
    };
    const explored =
      plan.jobs === 1
        ? exploreHere(plan, blocks, ledger, watch)
        : exploreWith(crew, plan, blocks, ledger, watch, session.io);
    return explored.finally(() => progress.clear());
  }

  /** Shrinks what was found, and as many others as are wanted; keeps the shortest. */
  private async keepBest(found: Found): Promise<Hit> {
    const { plan } = this;
    let best = await this.shrink(found);
    const lengths = [lengthOf(best)];
    let next = Math.floor(found.run / BLOCK) + 1;
    // Where one was found others are: a few times as far as to the first is far enough.
    const last = next + Math.max(8, 4 * next) * (plan.polish - 1);
    while (lengths.length < plan.polish && next < last && !this.interruption.isOn) {
      const ledger = new Ledger();
      await this.explore(ledger, { first: next, runs: last * BLOCK });
      const other = ledger.found;
      if (other === null) break;
      next = Math.floor(other.run / BLOCK) + 1;
      if (other.violation.invariant !== found.violation.invariant) continue;
      const attempt = await this.shrink(other);
      lengths.push(lengthOf(attempt));
      if (lengthOf(attempt) < lengthOf(best)) best = attempt;
    }
    return keepHit(plan, best, lengths, this.flags.out);
  }

  private shrink(found: Found) {
    const { io } = this.session;
    const line = new LiveLine(io, this.flags.json === true);
    return shrinkFound(this.plan, found, line, this.interruption.passOn);
  }

  private isOutOfTime(): boolean {
    return this.session.io.clock() - this.since >= this.plan.timeMs;
  }

  private seconds(): number {
    return (this.session.io.clock() - this.since) / 1000;
  }
}

function exitCodeOf({ hit, isInterrupted, ledger, plan }: SearchResult): ExitCode {
  if (isInterrupted) return ExitCode.interrupted;
  if (hit !== null) return hit.isExpected ? ExitCode.ok : ExitCode.violated;
  const isMissing = expectsViolation(plan);
  return isMissing || ledger.lost.length > 0 ? ExitCode.inconclusive : ExitCode.ok;
}
