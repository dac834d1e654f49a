/** No false alarm: clean Raft survives two million events of all strategies together. */
import { expect, test } from 'vitest';
import { arms, explore, only, swarm } from '../../sim/search/index.ts';
import { raftSearch, type RaftSearch } from '../helpers/raft-search.ts';

const EVENTS = 2_000_000;

/** Worlds that ask something of every part of the protocol. */
const worlds: readonly RaftSearch[] = [
  { nodes: 3 },
  { nodes: 5, diskSyncUs: 500, options: { snapshotThreshold: 1, snapshotChunkSize: 60 } },
  { nodes: 4, clients: 2, options: { preVote: true, checkQuorum: true, maxEntriesPerAppend: 64 } },
];

test.each(arms.map((arm) => [arm.name, arm] as const))(
  `%s finds nothing wrong with clean Raft in its share of ${EVENTS} events`,
  (_name, arm) => {
    let events = 0;
    for (const world of worlds) {
      const search = raftSearch({ ...world, seed: 'silent', portfolio: only(arm) });
      // A timed run is as long as twenty others.
      const share = EVENTS / arms.length / worlds.length;
      const budget = arm === swarm ? { runs: Math.ceil(share / 800) } : { events: share };
      const result = explore(search, budget);
      expect(result.found).toBeNull();
      events += result.events;
    }
    expect(events).toBeGreaterThanOrEqual(EVENTS / arms.length);
  },
  60_000,
);
