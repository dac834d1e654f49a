/**
 * What a world looks like from afar: roles, terms and logs relative to one another, nodes without
 * names. Two worlds that look the same are probably worth as much to a search; so this is its
 * measure of novelty, made from `observe()` alone.
 */
import { finish, mix, mixString, type Observation, type World } from '../engine/index.ts';

/** Epochs further apart than this look the same, and so do longer ends of logs. */
const MOST_APART = 3;
const ENTRIES = 12;

/** The same for worlds that differ only in who is who, or in a constant added to all epochs. */
export function abstractState(world: World): number {
  const seen: Observation[] = [];
  let down = 0;
  let lowest = Infinity;
  for (const { status, state } of world.nodes) {
    if (status === 'down' || state === null) {
      down++;
      continue;
    }
    const observation = world.protocol.observe(state);
    seen.push(observation);
    if (observation.epoch < lowest) lowest = observation.epoch;
  }
  const terms = termsOf(seen);
  // A sum, so that the order of the nodes does not matter.
  let sum = 0;
  for (const observation of seen) sum = (sum + looksOf(observation, lowest, terms)) | 0;
  return finish(mix(sum, down)) >>> 0;
}

function looksOf(observation: Observation, lowest: number, terms: readonly number[]): number {
  const { role, epoch, decided, log } = observation;
  let h = mix(mixString(1, role), Math.min(MOST_APART, epoch - lowest));
  if (log === null) return finish(mix(h, decided));
  const { lastIndex } = log;
  const first = Math.max(log.firstIndex, lastIndex - ENTRIES + 1);
  h = mix(mix(h, lastIndex), Math.min(lastIndex, decided));
  for (let index = first; index <= lastIndex; index++) {
    h = mix(h, terms.indexOf(log.termAt(index)));
  }
  return finish(h);
}

/** The terms of all entries in sight, ascending: an entry's rank says what its term cannot. */
function termsOf(seen: readonly Observation[]): number[] {
  const terms: number[] = [];
  for (const { log } of seen) {
    if (log === null) continue;
    const first = Math.max(log.firstIndex, log.lastIndex - ENTRIES + 1);
    for (let index = first; index <= log.lastIndex; index++) {
      const term = log.termAt(index);
      if (!terms.includes(term)) terms.push(term);
    }
  }
  return terms.sort((a, b) => a - b);
}
