/** History checkers as invariants of a run: what clients saw is judged when it ends. */
import type { Fact, Finding, Invariant, Monitor } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import type { ClientHistory } from '../../sim/history/recorder.ts';
import { checkExactlyOnce } from './exactly-once.ts';
import { tell } from './explain.ts';
import {
  causal,
  eventual,
  isolation,
  linearizable,
  modelOf,
  sequential,
  session,
  type OperationsKind,
  type Requirement,
  type Settling,
} from './requirements.ts';
import type { CheckResult } from './result.ts';

/**
 * While a history is this short it is checked at every answer, so that a run stops where it broke.
 */
const WINDOW = 40;

interface About {
  readonly id: string;
  readonly title: string;
  readonly source: string;
}

/** Makes an invariant of a check; without clients, or without a history, it is never judged. */
function invariantOf(about: About, check: Requirement): Invariant {
  return { ...about, create: () => new HistoryMonitor(check) };
}

export const historyInvariants: readonly Invariant[] = [
  invariantOf(
    {
      id: 'history/linearizable',
      title: 'every operation seems to happen at one instant between its call and its answer',
      source: 'Herlihy and Wing 1990; transactions: strict serializability, Elle (VLDB 2020)',
    },
    linearizable,
  ),
  invariantOf(
    {
      id: 'history/sequential',
      title: "all operations fit one order that keeps each client's own",
      source: 'Lamport 1979',
    },
    sequential,
  ),
  invariantOf(
    {
      id: 'history/causal',
      title: 'whatever may have caused an operation is seen before it',
      source: 'Ahamad et al. 1995; Bouajjani et al., POPL 2017 (CM)',
    },
    causal,
  ),
  invariantOf(
    {
      id: 'history/eventual',
      title: 'once nothing is written any more, and the news has spread, all reads of a key agree',
      source: 'Vogels 2009',
    },
    eventual,
  ),
  invariantOf(
    {
      id: 'history/read-your-writes',
      title: 'a client sees what it has written itself',
      source: 'Terry et al., PDIS 1994',
    },
    session('read-your-writes'),
  ),
  invariantOf(
    {
      id: 'history/monotonic-reads',
      title: 'a client never sees less than it has already seen',
      source: 'Terry et al., PDIS 1994',
    },
    session('monotonic-reads'),
  ),
  invariantOf(
    {
      id: 'history/exactly-once',
      title: 'no request takes effect twice, however often it was sent',
      source: "Ongaro's dissertation, §6.3",
    },
    (history, kind) => checkExactlyOnce(history, kind),
  ),
  invariantOf(
    {
      id: 'history/serializable',
      title: 'transactions have effects as if they had run one after the other',
      source: 'Papadimitriou 1979; Adya 1999 (PL-3)',
    },
    isolation('serializable'),
  ),
  invariantOf(
    {
      id: 'history/strong-snapshot-isolation',
      title: 'a transaction reads what was committed when it began, and loses no update',
      source: 'Berenson et al. 1995; Daudjee and Salem 2006',
    },
    isolation('strong-snapshot-isolation'),
  ),
  invariantOf(
    {
      id: 'history/read-committed',
      title: 'a transaction reads nothing that was not committed',
      source: 'Berenson et al. 1995; Adya 1999 (PL-2)',
    },
    isolation('read-committed'),
  ),
  invariantOf(
    {
      id: 'history/read-uncommitted',
      title: 'the writes of transactions have one order',
      source: 'Adya 1999 (PL-1)',
    },
    isolation('read-uncommitted'),
  ),
];

class HistoryMonitor implements Monitor {
  private readonly check: Requirement;
  /** How many answers had been recorded when it last looked. */
  private seen = 0;
  private isJudged = false;

  constructor(check: Requirement) {
    this.check = check;
  }

  get judged(): boolean {
    return this.isJudged;
  }

  afterEvent(): null {
    return null;
  }

  afterClient(world: WorldView): Finding | null {
    const recorder = recorderOf(world);
    if (recorder === null || recorder.answers === this.seen) return null;
    this.seen = recorder.answers;
    return recorder.answers > WINDOW ? null : this.judge(world, recorder);
  }

  atEnd(world: WorldView): Finding | null {
    const recorder = recorderOf(world);
    return recorder === null ? null : this.judge(world, recorder);
  }

  fork(): HistoryMonitor {
    const copy = new HistoryMonitor(this.check);
    copy.seen = this.seen;
    copy.isJudged = this.isJudged;
    return copy;
  }

  private judge(world: WorldView, recorder: Recorder): Finding | null {
    const kind = world.clientsConfig?.workload.kind as OperationsKind | undefined;
    if (kind === undefined) return null;
    const history = recorder.history();
    const result = this.check(history, kind, { settling: settlingOf(world) });
    this.isJudged = result.verdict !== 'unknown';
    return result.verdict === 'invalid' ? findingOf(result, history, kind) : null;
  }
}

/** A fault holds the news back as much as an update makes some. */
function settlingOf({ protocol, options, faultsPending, lastFaultAt }: WorldView): Settling {
  const settlesMs = protocol.settlesMs?.(options) ?? 0;
  if (settlesMs === 0) return { since: 0, forUs: 0 };
  return { since: faultsPending > 0 ? Infinity : lastFaultAt, forUs: settlesMs * 1000 };
}

function recorderOf(world: WorldView): Recorder | null {
  const history = world.clientsConfig?.history;
  return history instanceof Recorder ? history : null;
}

function findingOf(
  { counterexample }: CheckResult,
  history: ClientHistory,
  kind: OperationsKind,
): Finding {
  const model = modelOf(kind) ?? undefined;
  const facts = (counterexample?.positions ?? []).map((position, index): Fact => {
    const shown = counterexample?.history[index];
    const { invokeEvent, completeEvent } = history[position] ?? {};
    const event = completeEvent ?? invokeEvent;
    const text = shown === undefined ? 'an operation' : tell(shown, model);
    return event === undefined ? { text } : { text, event };
  });
  const message = counterexample?.because.join(' ') ?? 'no order explains what the clients saw';
  return { message, facts, witness: kind };
}
