/**
 * Flow control: dissertation §10.2.1 (pipelining) as etcd/raft has it (tracker/progress.go,
 * inflights.go). A server whose log is not known is probed with one message at a time; then a
 * window of messages may be under way. A third state, a snapshot under way, is `progress.snapshot`.
 */
import type { AppendEntriesReply, Entry } from './messages.ts';
import type { RaftOptions } from './options.ts';
import type { RaftRules } from './rules.ts';
import type { Flow, Progress } from './state.ts';

/** The state of flow control towards a server; null when there is none. */
export function flowOf(progress: Progress, { maxInflight }: RaftOptions): Flow | null {
  if (maxInflight === 0) return null;
  progress.flow ??= { mode: 'probe', isPaused: false, inflight: [] };
  return progress.flow;
}

/** Whether entries may leave; what does not fit the window is sent without. */
export function hasRoom({ inflight }: Flow, options: RaftOptions): boolean {
  const { maxInflight, maxInflightBytes } = options;
  if (inflight.length >= maxInflight) return false;
  const bytes = inflight.reduce((sum, message) => sum + message.bytes, 0);
  return maxInflightBytes === 0 || inflight.length === 0 || bytes < maxInflightBytes;
}

/** More may leave at once: the follower's place is known, and the window is not full. */
export function isOpen({ mode, isPaused }: Flow): boolean {
  return mode === 'replicate' && !isPaused;
}

/** A message has left. A probe does not move nextIndex: it may have to be sent again. */
export function noteSent(
  rules: RaftRules,
  progress: Progress,
  flow: Flow,
  entries: readonly Entry[],
  options: RaftOptions,
): void {
  if (flow.mode === 'probe') {
    flow.isPaused = true;
    return;
  }
  if (entries.length > 0) {
    progress.nextIndex += entries.length;
    const message = { lastIndex: progress.nextIndex - 1, bytes: sizeOf(entries) };
    flow.inflight = [...flow.inflight, message];
  }
  flow.isPaused = !hasRoom(flow, options);
  if (flow.isPaused) flow.inflight = rules.inflightKept(flow.inflight);
}

/** Entries are acknowledged up to matchIndex: whoever was probed is known now. */
export function noteMatch(progress: Progress, flow: Flow): void {
  if (flow.mode === 'probe') {
    flow.mode = 'replicate';
    flow.inflight = [];
    progress.nextIndex = progress.matchIndex + 1;
  }
  flow.inflight = flow.inflight.filter(({ lastIndex }) => lastIndex > progress.matchIndex);
  flow.isPaused = false;
}

/** A snapshot has arrived, or a refusal come: where the logs meet has to be found out. */
export function probeFrom(progress: Progress, flow: Flow, nextIndex: number): void {
  progress.nextIndex = nextIndex;
  flow.mode = 'probe';
  flow.isPaused = false;
  flow.inflight = [];
}

/** A refusal of anything but the probe that is under way is of a message that left before it. */
export function isOfProbe({ nextIndex }: Progress, flow: Flow, reply: AppendEntriesReply): boolean {
  return flow.mode !== 'probe' || reply.prevLogIndex === nextIndex - 1;
}

function sizeOf(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, { request }) => sum + JSON.stringify(request?.command ?? {}).length,
    0,
  );
}
