/** Strongly connected components of a graph: Tarjan, "Depth-First Search", 1972. */

/** Each component as a list of its vertices; without recursion, for deep graphs. */
export function components(
  targets: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const n = targets.length;
  const order = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const isOpen = new Uint8Array(n);
  const edge = new Int32Array(n);
  const open: number[] = [];
  const found: number[][] = [];
  let count = 0;
  for (let root = 0; root < n; root++) {
    if (order[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const at = path[path.length - 1] as number;
      if (order[at] === -1) {
        order[at] = low[at] = count++;
        open.push(at);
        isOpen[at] = 1;
      }
      const next = targets[at]?.[edge[at] as number];
      if (next !== undefined) {
        edge[at] = (edge[at] as number) + 1;
        if (order[next] === -1) path.push(next);
        else if (isOpen[next] === 1) low[at] = Math.min(low[at] as number, order[next] as number);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[at] as number);
      if (low[at] === order[at]) found.push(close(open, isOpen, at));
    }
  }
  return found;
}

/** Takes a component off the stack of open vertices: all above and including its root. */
function close(open: number[], isOpen: Uint8Array, root: number): number[] {
  const component: number[] = [];
  let vertex: number;
  do {
    vertex = open.pop() as number; // The root is on the stack.
    isOpen[vertex] = 0;
    component.push(vertex);
  } while (vertex !== root);
  return component;
}
