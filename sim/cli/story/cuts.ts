/** Cuts of the network: who is on which side, and what each side got done. */
import type { FaultAction, LogView, Observation } from '../../engine/index.ts';
import type { Fault } from '../../faults/index.ts';
import { requestsIn, type Entries } from './entries.ts';
import { count, span } from './words.ts';

/** A node as the story sees it; null while it is down. */
export type Seen = Observation | null;

interface Side {
  readonly nodes: readonly number[];
  /** The highest position that a node of it knew to be decided when the cut began. */
  readonly decided: number;
}

interface Cut {
  readonly key: string;
  readonly sides: readonly Side[];
}

export class Cuts {
  private readonly ids: readonly string[];
  private readonly entries: Entries;
  private open: Cut[] = [];

  constructor(ids: readonly string[], entries: Entries) {
    this.ids = ids;
    this.entries = entries;
  }

  get any(): boolean {
    return this.open.length > 0;
  }

  /** A cut begins; returns what is worth knowing about its sides. */
  begin(fault: FaultAction, seen: readonly Seen[]): string[] {
    const groups = this.groupsOf(fault as Fault);
    const sides = groups.map((nodes) => ({ nodes, decided: decidedBy(nodes, seen) }));
    this.open.push({ key: keyOf(fault), sides });
    const leader = leaderOf(seen);
    const own = groups.find((nodes) => nodes.includes(leader));
    if (own === undefined) return [];
    const total = this.ids.length;
    const word = own.length * 2 > total ? 'the majority' : 'a minority';
    const name = this.ids[leader] as string;
    const alone = own.length === 1 ? 'is alone' : `is with ${word} (${own.length} of ${total})`;
    return [`the leader, ${name}, ${alone}`];
  }

  /** All cuts end, or the one that is given; returns what each side did meanwhile. */
  end(fault: FaultAction | null, seen: readonly Seen[]): string[] {
    const key = fault === null ? null : keyOf(fault);
    const ended = this.open.filter((cut) => key === null || cut.key === key);
    this.open = this.open.filter((cut) => !ended.includes(cut));
    if (isLeaderless(seen)) return [];
    // Of several cuts at once nobody could say who did what.
    const [cut] = ended;
    return ended.length !== 1 || cut === undefined ? [] : this.deeds(cut, seen);
  }

  private deeds({ sides }: Cut, seen: readonly Seen[]): string[] {
    const rows = sides.map(({ nodes, decided }) => {
      const best = bestOf(nodes, seen);
      const names = nodes.map((node) => this.ids[node]).join(' ');
      const now = best?.decided ?? decided;
      const log = best?.log ?? null;
      const pending = nodes.length * 2 > this.ids.length ? '' : this.pendingText(nodes, seen);
      return [names, `${doneText(log, decided, now)}${pending}`] as const;
    });
    const width = Math.max(...rows.map(([names]) => names.length));
    const lines = rows.map(([names, text]) => `  ${names.padEnd(width)}  ${text}`);
    return lines.length < 2 ? [] : ['meanwhile', ...lines];
  }

  /** The entries with which a smaller side can do nothing. */
  private pendingText(nodes: readonly number[], seen: readonly Seen[]): string {
    const counts = nodes.map((node) => {
      const one = seen[node] ?? null;
      if (one === null || one.log === null) return 0;
      return this.entries.undecidedIn(one.log, one.decided + 1);
    });
    const most = Math.max(0, ...counts);
    return most === 0 ? '' : ` and keeps ${count(most, 'entry', 'entries')} it cannot commit`;
  }

  private groupsOf(fault: Fault): number[][] {
    const { ids } = this;
    const known = (names: readonly string[]) =>
      names.map((name) => ids.indexOf(name)).filter((index) => index >= 0);
    switch (fault.kind) {
      case 'partition':
        return fault.sides.map(known).filter((side) => side.length > 0);
      case 'isolate': {
        const alone = known(fault.nodes);
        const rest = ids.map((_, i) => i).filter((i) => !alone.includes(i));
        return [...alone.map((node) => [node]), rest].filter((side) => side.length > 0);
      }
      default:
        // Other shapes have no sides that could do something of their own.
        return [];
    }
  }
}

function keyOf(fault: FaultAction): string {
  const { forUs: _, ...rest } = fault;
  return JSON.stringify(rest);
}

function doneText(log: LogView | null, before: number, now: number): string {
  if (now <= before) return 'commits nothing';
  const requests = log === null ? null : requestsIn(log, before + 1, now);
  if (requests === null) return `commits ${count(now - before, 'entry', 'entries')}`;
  return `commits ${count(requests, 'operation')} (${span(before + 1, now)})`;
}

function decidedBy(nodes: readonly number[], seen: readonly Seen[]): number {
  return Math.max(0, ...nodes.map((node) => seen[node]?.decided ?? 0));
}

function bestOf(nodes: readonly number[], seen: readonly Seen[]): Seen {
  const decided = decidedBy(nodes, seen);
  const best = nodes.find((node) => seen[node]?.decided === decided);
  return best === undefined ? null : (seen[best] ?? null);
}

/** Whether this is a protocol without leaders and logs: nothing is ever decided in it. */
export function isLeaderless(seen: readonly Seen[]): boolean {
  const up = seen.filter((one) => one !== null);
  return up.length > 0 && up.every(({ epoch, log }) => epoch === 0 && log === null);
}

/** Who leads the highest epoch, as it believes itself; -1: nobody. */
export function leaderOf(seen: readonly Seen[]): number {
  let leader = -1;
  let epoch = -Infinity;
  seen.forEach((one, node) => {
    if (one === null || !one.leads || one.epoch <= epoch) return;
    leader = node;
    epoch = one.epoch;
  });
  return leader;
}
