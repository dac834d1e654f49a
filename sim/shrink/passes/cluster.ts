/** A smaller cluster: with fewer servers a majority is smaller, and a story shorter. */
import { touches } from '../move.ts';
import { withoutNodes } from '../rename.ts';
import type { Session } from '../session.ts';

/** Leaves out the nodes to which least happens; tries the smallest cluster first. */
export function fewerNodes(session: Session): void {
  const { moves, variant } = session;
  const { nodes } = variant;
  const counts = Array.from(
    { length: nodes },
    (_, node) => moves.filter((move) => touches(move, node)).length,
  );
  const idle = counts
    .map((count, node) => ({ count, node }))
    .toSorted((a, b) => a.count - b.count || b.node - a.node)
    .map(({ node }) => node);
  for (let left = 1; left < nodes; left++) {
    const gone = idle.slice(0, nodes - left);
    if (session.begin(withoutNodes(moves, nodes, gone), { ...variant, nodes: left })) return;
  }
}
