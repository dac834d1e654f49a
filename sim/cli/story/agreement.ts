/** How a cluster stands: who leads, and whether all logs say the same. */
import type { World } from '../../engine/index.ts';
import { isLeaderless, leaderOf, type Seen } from './cuts.ts';
import { epochWord, list } from './words.ts';

/** `n2 leads term 2; all 5 logs agree up to entry 98`; without leaders `all 3 nodes are up` */
export function agreement({ nodeIds, protocol }: World, seen: readonly Seen[]): string {
  const leader = leaderOf(seen);
  const one = seen[leader] ?? null;
  const word = epochWord(protocol.name);
  const who = one === null ? 'nobody leads' : `${nodeIds[leader]} leads ${word} ${one.epoch}`;
  const down = nodeIds.filter((_, node) => seen[node] === null);
  const downText = `${list(down)} ${down.length === 1 ? 'is' : 'are'} down`;
  if (isLeaderless(seen)) {
    return down.length === 0 ? `all ${nodeIds.length} nodes are up` : downText;
  }
  const out = down.length === 0 ? '' : `; ${downText}`;
  return `${who}${logsText(nodeIds, seen, one)}${out}`;
}

function logsText(ids: readonly string[], seen: readonly Seen[], leader: Seen): string {
  const log = leader?.log ?? null;
  if (log === null) return '';
  const strange = ids.filter((_, node) => {
    const own = seen[node]?.log ?? null;
    if (own === null) return false;
    const { lastIndex } = own;
    return lastIndex > log.lastIndex || own.termAt(lastIndex) !== log.termAt(lastIndex);
  });
  const logs = seen.filter((one) => one !== null && one.log !== null);
  if (strange.length > 0) return `; the log of ${list(strange)} still differs from the leader's`;
  const decided = Math.min(...logs.map((one) => one?.decided ?? 0));
  const all = logs.length === 1 ? 'its log' : `the ${logs.length} logs agree and`;
  if (decided === 0) return `; ${all} ${logs.length === 1 ? 'is' : 'are'} not yet committed`;
  return `; ${all} ${logs.length === 1 ? 'is' : 'are'} committed up to entry ${decided} everywhere`;
}
