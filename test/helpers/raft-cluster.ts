/** A cluster made by hand: a test writes servers' states, event by event, and monitors watch. */
import type { Entry, RaftEffects } from '../../protocols/raft/messages.ts';
import { raft } from '../../protocols/raft/index.ts';
import { defaultOptions } from '../../protocols/raft/options.ts';
import type { RaftState } from '../../protocols/raft/state.ts';
import { erase, nodeName, type NodeStatus, type NodeView } from '../../sim/engine/index.ts';
import type { Finding, Invariant, Monitor, WorldView } from '../../sim/engine/index.ts';

export interface HandMade extends NodeView {
  status: NodeStatus;
  state: RaftState | null;
  durable: RaftState | null;
  incarnation: number;
}

export class Cluster implements WorldView {
  readonly protocol = erase(raft());
  readonly options = defaultOptions;
  readonly nodeIds: readonly string[];
  readonly nodes: readonly HandMade[];
  readonly clientsConfig = null;
  now = 0;
  eventIndex = -1;
  faultsPending = 0;
  lastFaultAt = 0;
  monitor: Monitor;

  constructor(count: number, invariant: Invariant) {
    this.nodeIds = Array.from({ length: count }, (_, i) => nodeName(i));
    this.nodes = this.nodeIds.map((id, index) => ({
      id,
      index,
      status: 'up',
      state: newState(this.nodeIds),
      durable: null,
      incarnation: 0,
    }));
    this.monitor = invariant.create(this);
  }

  get correctNodes(): readonly HandMade[] {
    return this.nodes;
  }

  isSigned(): boolean {
    return true;
  }

  isByzantine(): boolean {
    return false;
  }

  state(node: number): RaftState {
    const state = this.nodes[node]?.state;
    if (state === null || state === undefined) throw new Error(`${nodeName(node)} is down`);
    return state;
  }

  /** An event at a server (counted from 0): its state changes, and the monitor looks. */
  event(node: number, change: Partial<RaftState> = {}): Finding | null {
    this.eventIndex++;
    Object.assign(this.state(node), change);
    return this.monitor.afterEvent(this, node);
  }

  /** The server appends entries: their terms, or whole entries. */
  append(node: number, ...entries: readonly (number | Entry)[]): Finding | null {
    for (const one of entries) {
      this.state(node).log.append(typeof one === 'number' ? noOp(one) : one);
    }
    return this.event(node);
  }

  /** The server becomes leader of a term, and appends nothing. */
  elect(node: number, term: number): Finding | null {
    return this.event(node, { role: 'leader', currentTerm: term });
  }

  commit(node: number, commitIndex: number): Finding | null {
    return this.event(node, { commitIndex });
  }

  apply(node: number, lastApplied: number): Finding | null {
    return this.event(node, { commitIndex: lastApplied, lastApplied });
  }

  /** Crash, and restart from what was durable: term, log, and what the log has compacted. */
  restart(node: number, durable: Partial<RaftState> = {}): Finding | null {
    const { currentTerm, log } = this.state(node);
    const server = this.nodes[node] as HandMade;
    server.state = null;
    this.eventIndex++;
    const finding = this.monitor.afterEvent(this, node);
    if (finding !== null) return finding;
    server.incarnation++;
    const applied = log.baseIndex;
    const old = { currentTerm, log: log.fork(), commitIndex: applied, lastApplied: applied };
    server.state = { ...newState(this.nodeIds), ...old };
    return this.event(node, durable);
  }

  /** The world and its monitor as they are now; the copy's events do not touch this one. */
  fork(invariant: Invariant): Cluster {
    const copy = new Cluster(this.nodes.length, invariant);
    this.nodes.forEach(({ state, status, incarnation }, i) => {
      const server = copy.nodes[i] as HandMade;
      server.state = state === null ? null : { ...state, log: state.log.fork() };
      server.status = status;
      server.incarnation = incarnation;
    });
    const { now, eventIndex, faultsPending, lastFaultAt } = this;
    Object.assign(copy, { now, eventIndex, faultsPending, lastFaultAt });
    copy.monitor = this.monitor.fork();
    return copy;
  }
}

export function noOp(term: number): Entry {
  return { term, request: null };
}

/** An entry that puts a value under x. */
export function put(term: number, value: number): Entry {
  const command = { type: 'put', key: 'x', value };
  return { term, request: { client: 'c1', sequence: value, command, stamp: 0 } };
}

/** The state in which a server starts with an empty disk. */
function newState(nodes: readonly string[]): RaftState {
  const effects: Pick<RaftEffects, 'nodes' | 'setTimer'> = { nodes, setTimer() {} };
  return raft().start(null, defaultOptions, effects as RaftEffects);
}

/** A finding as a person would read it: the message, then the facts with their events. */
export function told(finding: Finding | null): readonly string[] {
  if (finding === null) return [];
  const facts = finding.facts.map(({ text, event }) => `${event ?? '-'}: ${text}`);
  return [finding.message, ...facts];
}
