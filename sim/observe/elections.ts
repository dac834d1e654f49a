/** How elections end: `leader_elections_total` of the specification. */
import type { LogEvent } from '../engine/index.ts';

export const electionResults = ['success', 'timeout', 'split_vote'] as const;
export type ElectionResult = (typeof electionResults)[number];

/**
 * An election is an epoch that somebody stood for. It is a success when somebody is elected in it;
 * when a later one begins first, it was a split vote if several had stood, else a timeout. The one
 * that is open when the run ends is not counted.
 */
export class Elections {
  readonly counts: Record<ElectionResult, number> = { success: 0, timeout: 0, split_vote: 0 };
  /** Who stood, by epoch; only epochs that are not decided. */
  private readonly open = new Map<number, Set<number>>();
  private readonly won = new Set<number>();

  onLog(node: number, { event }: LogEvent, epoch: number): void {
    if (event === 'election_started') this.begin(node, epoch);
    if (event === 'leader_elected') this.win(epoch);
  }

  private begin(node: number, epoch: number): void {
    if (this.won.has(epoch)) return;
    for (const [earlier, candidates] of this.open) {
      if (earlier >= epoch) continue;
      this.counts[candidates.size > 1 ? 'split_vote' : 'timeout']++;
      this.open.delete(earlier);
    }
    const candidates = this.open.get(epoch) ?? new Set<number>();
    this.open.set(epoch, candidates.add(node));
  }

  private win(epoch: number): void {
    if (this.won.has(epoch)) return;
    this.won.add(epoch);
    this.open.delete(epoch);
    this.counts.success++;
  }
}
