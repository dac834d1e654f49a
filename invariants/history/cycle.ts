/** Orders and cycles of directed graphs, without recursion. */

/** By node: where its edges lead. */
export type Graph = readonly (readonly number[])[];

/** Nodes such that edges lead forwards; null when there is a cycle. O(nodes + edges). */
export function topologicalOrder(graph: Graph): number[] | null {
  const incoming = new Int32Array(graph.length);
  for (const targets of graph) for (const to of targets) incoming[to] = (incoming[to] ?? 0) + 1;
  const order: number[] = [];
  for (let node = 0; node < graph.length; node += 1) if (incoming[node] === 0) order.push(node);
  for (let next = 0; next < order.length; next += 1) {
    for (const to of graph[order[next] ?? 0] ?? []) {
      const left = (incoming[to] ?? 0) - 1;
      incoming[to] = left;
      if (left === 0) order.push(to);
    }
  }
  return order.length === graph.length ? order : null;
}

/** The strongly connected component of every node (Tarjan 1972), numbered in reverse order. */
export function componentsOf(graph: Graph): Int32Array {
  const count = graph.length;
  const component = new Int32Array(count).fill(-1);
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const edge = new Int32Array(count);
  const stack: number[] = [];
  const path: number[] = [];
  let found = 0;
  let components = 0;
  for (let root = 0; root < count; root += 1) {
    if (index[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1] ?? 0;
      if (index[node] === -1) {
        index[node] = found;
        low[node] = found;
        found += 1;
        stack.push(node);
      }
      const to = graph[node]?.[edge[node] ?? 0];
      if (to !== undefined) {
        if (index[to] === -1) path.push(to);
        else {
          if (component[to] === -1) low[node] = Math.min(low[node] ?? 0, low[to] ?? 0);
          edge[node] = (edge[node] ?? 0) + 1;
        }
        continue;
      }
      path.pop();
      if (low[node] !== index[node]) continue;
      for (let member = -1; member !== node;) {
        member = stack.pop() ?? node;
        component[member] = components;
      }
      components += 1;
    }
  }
  return component;
}

/**
 * A shortest way from one node to another over edges that `allows`, as the nodes on it with both
 * ends; null when there is none. From a node to itself: a shortest cycle through it.
 */
export function shortestPath(
  graph: Graph,
  from: number,
  to: number,
  allows: (source: number, target: number) => boolean = () => true,
): number[] | null {
  const cameFrom = new Map<number, number>();
  const queue = [from];
  for (let next = 0; next < queue.length; next += 1) {
    const node = queue[next] ?? from;
    for (const target of graph[node] ?? []) {
      if (!allows(node, target)) continue;
      if (target === to) {
        const path = [to, node];
        for (let at = node; at !== from;) {
          at = cameFrom.get(at) ?? from;
          path.push(at);
        }
        return path.toReversed();
      }
      if (cameFrom.has(target) || target === from) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return null;
}

/** Some short cycle, as its nodes (the first not repeated); null when there is none. */
export function someCycle(graph: Graph): number[] | null {
  if (topologicalOrder(graph) !== null) return null;
  const component = componentsOf(graph);
  const size = new Map<number, number>();
  for (const each of component) size.set(each, (size.get(each) ?? 0) + 1);
  let best: number[] | null = null;
  let tries = 0;
  for (let node = 0; node < graph.length && tries < 200; node += 1) {
    const isLoop = graph[node]?.includes(node) ?? false;
    if ((size.get(component[node] ?? -1) ?? 0) < 2 && !isLoop) continue;
    tries += 1;
    const inside = (_: number, target: number): boolean => component[target] === component[node];
    const path = shortestPath(graph, node, node, inside);
    if (path !== null && (best === null || path.length - 1 < best.length)) best = path.slice(0, -1);
  }
  return best;
}
