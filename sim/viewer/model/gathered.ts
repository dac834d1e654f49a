/** What one pass over the events leaves behind for the overview: roles, cuts, marks, operations. */
import type { Snapshot, TracedNode, TraceEvent, TraceHeader } from '../../trace/format.ts';
import { stateAfter } from '../../trace/state.ts';
import { projectedFields, projectionOf, type Projection } from './project.ts';

/** A node is so from this event on, until its next span begins. */
export interface Span extends Projection {
  readonly index: number;
  readonly at: number;
}

/** A cut in the network; `to` is null while nothing has ended it. */
export interface Cut {
  readonly index: number;
  readonly at: number;
  to: { readonly index: number; readonly at: number } | null;
  readonly text: string;
  /** Names of nodes, side by side; empty when the cut has no sides. */
  readonly sides: readonly (readonly string[])[];
}

/** A single moment worth a mark: a clock that jumps, a disk that lies, a request of a script. */
export interface Mark {
  readonly index: number;
  readonly at: number;
  readonly kind: string;
  readonly nodes: readonly string[];
}

/** What a client asked, and how it ended; `end` is null when it never did. */
export interface Operation {
  readonly client: number;
  readonly sequence: number;
  readonly command: Readonly<Record<string, unknown>>;
  readonly index: number;
  readonly at: number;
  end: OperationEnd | null;
}

export interface OperationEnd {
  readonly index: number;
  readonly at: number;
  readonly type: 'ok' | 'fail' | 'info';
  readonly value: unknown;
}

const CUTS = new Set(
  ['partition', 'isolate', 'one-way', 'bridge', 'majorities-ring', 'random-halves'].concat([
    'random-partition',
    'region-partition',
    'flapping',
  ]),
);

export class Gathered {
  /** By node, in order. */
  readonly spans: Span[][];
  readonly cuts: Cut[] = [];
  readonly marks: Mark[] = [];
  readonly faults: number[] = [];
  readonly operations: Operation[] = [];
  /** Events in which somebody began to lead. */
  readonly elections: number[] = [];
  private readonly header: TraceHeader;
  private nodes: readonly TracedNode[];
  private readonly open = new Map<string, Operation>();

  constructor(header: TraceHeader, beginning: Snapshot) {
    this.header = header;
    this.nodes = beginning.nodes;
    const { index } = beginning;
    this.spans = beginning.nodes.map((node) => [{ index, at: 0, ...projectionOf(node) }]);
  }

  add(event: TraceEvent): void {
    if (event.changes !== undefined) this.addChanges(event);
    if (event.kind === 'fault') this.addFault(event);
    if (event.invoked !== undefined) this.invoke(event, event.invoked);
    for (const { client, sequence, completion } of event.outcomes ?? []) {
      const name = `${client} ${sequence}`;
      const operation = this.open.get(name);
      this.open.delete(name);
      if (operation === undefined) continue;
      const value = completion.type === 'ok' ? completion.value : completion.error;
      operation.end = { index: event.index, at: event.at, type: completion.type, value };
    }
  }

  private addChanges(event: TraceEvent): void {
    const touched = event.changes?.filter(({ patches }) => patches.some(isProjected)) ?? [];
    if (touched.length === 0) return;
    // Only what the projection reads is kept up to date: the patches of those fields.
    const changes = touched.map((change) => ({
      ...change,
      patches: change.patches.filter(isProjected),
    }));
    const next = stateAfter(this.nodes, { ...event, changes });
    if (next === null) return;
    this.nodes = next;
    for (const { node } of touched) this.addSpan(node, event);
  }

  private addSpan(node: number, { index, at }: TraceEvent): void {
    const spans = this.spans[node] as Span[];
    const last = spans.at(-1) as Span;
    const now = projectionOf(this.nodes[node] as TracedNode);
    const isSame = last.role === now.role && last.epoch === now.epoch && last.status === now.status;
    if (isSame && last.leads === now.leads) return;
    spans.push({ index, at, ...now });
    if (now.leads && (!last.leads || last.epoch !== now.epoch)) this.elections.push(index);
  }

  private addFault(event: TraceEvent): void {
    const { index, at, fault } = event;
    this.faults.push(index);
    if (fault === undefined) return;
    const { kind } = fault;
    if (CUTS.has(kind)) {
      const text = event.words === undefined ? kind : `${kind} ${event.words}`;
      this.cuts.push({ index, at, to: null, text, sides: sidesOf(fault) });
      return;
    }
    const ends = typeof fault['what'] === 'string' ? fault['what'] : '';
    const isHeal = kind === 'heal' && (ends === 'all' || ends === 'partitions');
    if (isHeal || (kind === 'end' && CUTS.has(ends))) {
      const open = this.cuts.filter(({ to }) => to === null);
      // An end names the one fault that it ends; the latest of that kind is taken for it.
      const ended = isHeal ? open : open.filter(({ text }) => text.startsWith(ends)).slice(-1);
      for (const cut of ended) cut.to = { index, at };
      return;
    }
    const nodes = namesIn(fault['nodes'] ?? fault['node']);
    this.marks.push({ index, at, kind, nodes });
  }

  private invoke({ index, at, actor }: TraceEvent, invoked: Invoked): void {
    const client = actor - this.header.nodes.length;
    const { sequence, command } = invoked;
    const operation: Operation = { client, sequence, command, index, at, end: null };
    this.operations.push(operation);
    this.open.set(`${client} ${sequence}`, operation);
  }
}

type Invoked = NonNullable<TraceEvent['invoked']>;

function isProjected({ path }: { readonly path: readonly (string | number)[] }): boolean {
  if (path[0] !== 'state' || path.length === 1) return true;
  return projectedFields.has(String(path[1]));
}

function sidesOf(fault: Readonly<Record<string, unknown>>): readonly (readonly string[])[] {
  const { sides } = fault;
  if (Array.isArray(sides)) return sides.map(namesIn);
  const nodes = namesIn(fault['nodes']);
  return nodes.map((node) => [node]);
}

function namesIn(value: unknown): string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.filter((name) => typeof name === 'string');
}
