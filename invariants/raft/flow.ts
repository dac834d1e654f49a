/** Flow control (dissertation §10.2.1; etcd/raft): the window towards a server is kept. */
import { nameOf } from './cluster.ts';
import { raftInvariant } from './watch.ts';
import type { RaftOptions } from '../../protocols/raft/options.ts';

export const inflightWindow = raftInvariant(
  {
    id: 'raft/inflight-window',
    title: 'a leader has no more entries on their way to a server than its window allows',
    source: 'etcd/raft, tracker/inflights.go; Raft, dissertation, §10.2.1',
  },
  () => ({
    onProgress({ world, node, of, progress: { matchIndex, nextIndex, flow } }) {
      if (flow?.mode !== 'replicate') return null;
      const { maxInflight, maxEntriesPerAppend } = world.options as RaftOptions;
      const underWay = nextIndex - 1 - matchIndex;
      if (underWay <= maxInflight * maxEntriesPerAppend) return null;
      const [leader, server] = [nameOf(world, node), nameOf(world, of)];
      const event = world.eventIndex;
      const allowed = `${maxInflight} messages of ${maxEntriesPerAppend}`;
      return {
        message: `${leader} has ${underWay} entries on their way to ${server}, of ${allowed}`,
        facts: [
          { text: `${leader} knows that ${server} has 1..${matchIndex}`, node: leader, event },
          { text: `${leader} has sent ${server} 1..${nextIndex - 1}`, node: leader, event },
        ],
      };
    },
    fork() {
      return this;
    },
  }),
);
