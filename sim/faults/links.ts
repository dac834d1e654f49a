/** Groups of nodes that reach one another, from a question about each link. */

/** Groups joined by `joined` (asked of both directions of a pair), each in ascending order. */
export function groups(
  members: readonly number[],
  joined: (a: number, b: number) => boolean,
): number[][] {
  const left = new Set(members);
  const found: number[][] = [];
  for (const start of members) {
    if (!left.delete(start)) continue;
    const group = [start];
    for (let i = 0; i < group.length; i++) {
      const from = group[i] as number;
      for (const to of left) {
        if (!joined(from, to)) continue;
        left.delete(to);
        group.push(to);
      }
    }
    found.push(group.toSorted((a, b) => a - b));
  }
  return found;
}

/**
 * The nodes outside the largest group within which messages find a way there and back, perhaps over
 * others; of groups of one size the one with the first node counts as the largest.
 */
export function isolatedNodes(
  count: number,
  severed: (from: number, to: number) => boolean,
): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  const found = groups(all, (a, b) => !severed(a, b) && !severed(b, a));
  let largest: readonly number[] = [];
  for (const group of found) if (group.length > largest.length) largest = group;
  const inside = new Set(largest);
  return all.filter((node) => !inside.has(node));
}
