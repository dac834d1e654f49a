/** The verdict on linearizability: which algorithm, and which partition when. */
import type { History } from '../../../sim/history/operation.ts';
import type { Model } from '../model.ts';
import { timelineOf } from '../timeline.ts';
import { layOut, partitionsOf } from './partition.ts';
import { Search } from './search.ts';
import { checkZones } from './zones.ts';

/** The verdict of the search or the zones, and what a counterexample can start from. */
export interface Decision {
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  readonly algorithm: 'zones' | 'search';
  readonly configurations: number;
  /** The partition that is to blame: indices into the history. */
  readonly partition?: readonly number[];
  /** From the zones: the operations in conflict. */
  readonly conflict?: readonly number[];
  /** From the search: the position of the last return that could not be passed. */
  readonly deepest?: number;
}

/** How many configurations each partition may explore in the first round. */
const firstRound = 256;

/** The verdict alone, and what a counterexample can start from. */
export function decide(history: History, model: Model, limit: number): Decision {
  const timeline = timelineOf(history);
  let waiting: { readonly members: readonly number[]; readonly search: Search }[] = [];
  let algorithm: 'zones' | 'search' = 'zones';
  for (const members of partitionsOf(history, model, timeline)) {
    const zones = model.access === undefined ? null : checkZones(history, model, members);
    if (zones?.verdict === 'invalid') {
      const { conflict } = zones;
      return {
        verdict: 'invalid',
        algorithm: 'zones',
        configurations: 0,
        partition: members,
        conflict,
      };
    }
    if (zones !== null) continue;
    algorithm = 'search';
    waiting.push({ members, search: new Search(layOut(history, model, timeline, members)) });
  }
  let explored = waiting.reduce((sum, { search }) => sum + search.configurations, 0);
  for (let round = firstRound; waiting.length > 0; round *= 2) {
    const left: typeof waiting = [];
    for (const partition of waiting) {
      const { search } = partition;
      const before = search.configurations;
      const progress = search.run(Math.min(round, before + limit - explored));
      explored += search.configurations - before;
      if (progress === 'invalid') {
        const { members } = partition;
        const deepest = timeOf(history, timeline.return, members, search.deepest);
        return {
          verdict: 'invalid',
          algorithm,
          configurations: explored,
          partition: members,
          deepest,
        };
      }
      if (progress === 'searching') left.push(partition);
    }
    if (left.length > 0 && explored >= limit) {
      return { verdict: 'unknown', algorithm, configurations: explored };
    }
    waiting = left;
  }
  return { verdict: 'valid', algorithm, configurations: explored };
}

/** The time at which the operation returned whose return has that position. */
function timeOf(
  history: History,
  returns: Int32Array,
  members: readonly number[],
  position: number,
): number {
  const index = members.find((member) => returns[member] === position);
  return index === undefined ? Infinity : (history[index]?.completedAt ?? Infinity);
}
