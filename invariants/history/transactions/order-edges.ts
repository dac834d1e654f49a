/** The order that sessions and real time put on transactions. */
import type { History } from '../../../sim/history/operation.ts';
import { item } from '../arrays.ts';
import { type Edges, edgeKinds } from './levels.ts';

/** Adds an edge; none from a node to itself. */
export function addEdge(edges: Edges, from: number, to: number, kind: number): void {
  if (from === to) return;
  edges.from.push(from);
  edges.to.push(to);
  edges.kind.push(kind);
}

/** Each client's completed transactions, one after the other; crashed ones precede nothing. */
export function addSessionEdges(history: History, nodes: readonly number[], edges: Edges): void {
  const last = new Map<string, number>();
  for (const [node, index] of nodes.entries()) {
    const { client, outcome } = item(history, index);
    const before = last.get(client);
    if (before !== undefined) addEdge(edges, before, node, edgeKinds.session);
    if (outcome === 'ok') last.set(client, node);
  }
}

/**
 * Real time, reduced: an edge from each transaction that had completed and was not yet superseded.
 * O(n p) for p concurrent clients. `nodes` are indices into the history in order of invocation.
 */
export function addRealtimeEdges(history: History, nodes: readonly number[], edges: Edges): void {
  const completions = nodes
    .flatMap((index, node) => {
      const { outcome, completedAt } = item(history, index);
      return outcome === 'ok' && completedAt !== null ? [{ node, at: completedAt }] : [];
    })
    .sort((a, b) => a.at - b.at);
  const frontier = new Set<number>();
  const preceding: number[][] = [];
  let done = 0;
  for (const [node, index] of nodes.entries()) {
    const { invokedAt } = item(history, index);
    for (; (completions[done]?.at ?? Infinity) < invokedAt; done += 1) {
      const completed = completions[done]?.node ?? 0;
      for (const superseded of preceding[completed] ?? []) frontier.delete(superseded);
      frontier.add(completed);
    }
    preceding[node] = [...frontier];
    for (const before of frontier) addEdge(edges, before, node, edgeKinds.realtime);
  }
}
