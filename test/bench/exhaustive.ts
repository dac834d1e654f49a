/** How fast exhaustive search is, and that a Raft bound can be explored to its end. */
import { twoPhaseCommit } from '../models/two-phase-commit.ts';
import { boundedRaft, type RaftBounds } from '../helpers/exhaustive-raft.ts';
import { conclusion, exhaustive, type Model } from '../../sim/search/exhaustive.ts';

interface Figures {
  readonly statesPerCpuSecond: number;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  readonly cpuSeconds: number;
  readonly conclusion: string;
}

function explore<State, Action extends number | string>(model: Model<State, Action>): Figures {
  const before = process.cpuUsage();
  const found = exhaustive(model);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  const { distinct, generated, depth } = found;
  const statesPerCpuSecond = Math.round(generated / cpuSeconds);
  const counts = { distinct, generated, depth };
  return { statesPerCpuSecond, ...counts, cpuSeconds, conclusion: conclusion(found) };
}

/** Claims of inertness count only when they hold in everything that was explored. */
function exploreRaft(bounds: RaftBounds): Figures {
  const model = boundedRaft(bounds);
  const figures = explore(model);
  const wrong = model.auditInert();
  if (wrong !== null) throw new Error(wrong);
  return figures;
}

/**
 * Generated states per CPU second of this process. `whole` adds the largest bound: three servers,
 * two elections and terms, a request and a crash; it takes minutes and 2 GB.
 */
export function exhaustiveBench(whole = false): Record<string, Figures> {
  explore(twoPhaseCommit(5));
  const elections = { elections: 2, requests: 1 };
  return {
    two_phase_commit_7: explore(twoPhaseCommit(7)),
    two_phase_commit_7_up_to_renaming: explore(twoPhaseCommit(7, true)),
    raft_one_election_request_crash_heartbeat: exploreRaft({
      elections: 1,
      requests: 1,
      crashes: 1,
      heartbeats: 1,
      forgetInert: true,
    }),
    raft_two_elections_request: exploreRaft({ ...elections, forgetInert: true }),
    ...(whole
      ? {
          raft_two_elections_request_crash: exploreRaft({
            ...elections,
            crashes: 1,
            forgetInert: true,
          }),
        }
      : {}),
  };
}
