/** No false alarm, at length: clean Raft under many events of each strategy. */
import { arms, explore, only } from '../../sim/search/index.ts';
import { raftSearch } from '../helpers/raft-search.ts';

/**
 * `events` for each arm, half with three nodes, half with five; throws when one finds something.
 */
export function soakSearch(events: number, report: (done: number) => void): void {
  let done = 0;
  for (const arm of arms) {
    for (const nodes of [3, 5]) {
      const search = raftSearch({ nodes, seed: 'soak', portfolio: only(arm) });
      const { found } = explore(search, { events: events / 2 }, (progress) => {
        report(done + progress.events);
      });
      done += events / 2;
      if (found === null) continue;
      const { run, violation } = found;
      throw new Error(`${arm.name}, ${nodes} nodes, run ${run}: ${violation.message}`);
    }
  }
}
