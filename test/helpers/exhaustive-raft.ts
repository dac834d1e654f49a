/** Raft within bounds, for exhaustive search: what is not said is not allowed to happen. */
import { figure3, internal } from '../../invariants/raft/index.ts';
import type { Command } from '../../sim/engine/index.ts';
import { isInertReply } from '../../sim/registry/raft-exhaustion.ts';
import { WorldModel } from '../../sim/search/exhaustive.ts';
import { raftWorld } from './raft-world.ts';

export interface RaftBounds {
  readonly mutants?: readonly string[];
  readonly nodes?: number;
  readonly terms?: number;
  readonly requests?: number;
  /** With whom the cluster begins, and what an administrator asks: then nodes are not symmetric. */
  readonly members?: readonly string[];
  readonly changes?: readonly Command[];
  readonly crashes?: number;
  readonly repeats?: number;
  /** Election timeouts in all; absent: as many as the terms allow. */
  readonly elections?: number;
  readonly heartbeats?: number;
  /** Looks of a leader whether a majority is still there (CheckQuorum); absent: no CheckQuorum. */
  readonly quorumChecks?: number;
  readonly diskSyncUs?: number;
  readonly symmetric?: boolean;
  /** Replies that can do nothing any more count as gone. */
  readonly forgetInert?: boolean;
}

export function boundedRaft(wanted: RaftBounds = {}): WorldModel {
  const { mutants = [], nodes = 3, diskSyncUs = 0, elections, heartbeats = 0 } = wanted;
  const invariants = [...figure3, ...internal];
  const { changes = [], members = null, quorumChecks } = wanted;
  const options = { members, checkQuorum: quorumChecks !== undefined };
  const { config } = raftWorld({ nodes, diskSyncUs, mutants, invariants, options });
  return new WorldModel(config, {
    maxEpoch: wanted.terms ?? 2,
    requests: [
      ...changes,
      ...Array.from({ length: wanted.requests ?? 0 }, (_, i) => ({
        type: 'put',
        key: 'x',
        value: i + 1,
      })),
    ],
    crashes: wanted.crashes ?? 0,
    repeats: wanted.repeats ?? 0,
    timers: {
      heartbeat: heartbeats,
      quorum: quorumChecks ?? 0,
      ...(elections === undefined ? {} : { election: elections }),
    },
    symmetric: wanted.symmetric ?? changes.length === 0,
    ...(wanted.forgetInert === true ? { inert: isInertReply } : {}),
  });
}
