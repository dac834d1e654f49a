/** What a leader knows of its followers: Figure 2, volatile state on leaders. */
import { nameOf } from './cluster.ts';
import { raftInvariant } from './watch.ts';

const source = 'Raft (extended), Figure 2, volatile state on leaders';

export const monotonicMatchIndex = raftInvariant(
  {
    id: 'raft/monotonic-match-index',
    title: 'the matchIndex that a leader keeps for a server never decreases while it leads',
    source,
  },
  () => ({
    onProgress({ world, node, of, progress: { matchIndex }, matchIndexBefore, since }) {
      if (matchIndex >= matchIndexBefore) return null;
      const [leader, server] = [nameOf(world, node), nameOf(world, of)];
      const facts = [
        [matchIndexBefore, since, 'had'] as const,
        [matchIndex, world.eventIndex, 'has'] as const,
      ];
      const fall = `from ${matchIndexBefore} to ${matchIndex}`;
      return {
        message: `${leader} lowered its matchIndex for ${server} ${fall}`,
        facts: facts.map(([value, event, verb]) => ({
          text: `${leader} ${verb} matchIndex ${value} for ${server}`,
          node: leader,
          event,
        })),
      };
    },
    fork() {
      return this;
    },
  }),
);

export const matchBelowNext = raftInvariant(
  {
    id: 'raft/match-below-next',
    title: 'the nextIndex that a leader keeps for a server is above its matchIndex',
    source,
  },
  () => ({
    onProgress({ world, node, of, progress: { matchIndex, nextIndex } }) {
      if (matchIndex < nextIndex) return null;
      const [leader, server] = [nameOf(world, node), nameOf(world, of)];
      const event = world.eventIndex;
      const known = `which matches up to ${matchIndex}`;
      return {
        message: `${leader} would send index ${nextIndex} to ${server}, ${known}`,
        facts: [
          { text: `${leader} has nextIndex ${nextIndex} for ${server}`, node: leader, event },
          { text: `${leader} has matchIndex ${matchIndex} for ${server}`, node: leader, event },
        ],
      };
    },
    fork() {
      return this;
    },
  }),
);
