/** The rows around the cursor as a sequence diagram in Mermaid's words, for a report or a wiki. */
import { resolvedLabel } from '../../trace/line.ts';
import { copy } from './moves.ts';
import type { Side } from './side.ts';

/** Rows that go into one diagram. */
const ROWS = 60;

export function mermaidOf(side: Side): string {
  const { store } = side;
  const { header } = store;
  const row = side.rowOf(side.step.value);
  const from = Math.max(0, Math.min(row - ROWS / 2, side.rowCount.value - ROWS));
  const to = Math.min(side.rowCount.value, from + ROWS);
  const lines = ['sequenceDiagram', ...header.nodes.map((name) => `  participant ${name}`)];
  for (let at = from; at < to; at++) {
    const event = store.event(side.eventOf(at));
    const to = side.nameOf(event.actor);
    const words = resolvedLabel(event).replace(/^\S+ /, '').replaceAll(/[;#]/g, ',');
    if (event.kind === 'fault') {
      lines.push(`  note over ${header.nodes[0]},${header.nodes.at(-1)}: ${words}`);
    } else if (event.from !== undefined) {
      lines.push(`  ${side.nameOf(event.from)}->>${to}: ${event.index} ${words}`);
    } else if (event.kind !== 'disk') lines.push(`  note over ${to}: ${event.index} ${words}`);
    if (event.violation !== undefined) {
      lines.push(`  note over ${to}: VIOLATION ${event.violation.invariant}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function copyMermaid(side: Side): void {
  void copy(mermaidOf(side), 'a Mermaid diagram of the rows around this step');
}
