/** The counterexample as one web page without any other file: a timeline per client. */
import { describeOperation } from '../../invariants/history/explain.ts';
import type { Operation } from '../history/operation.ts';
import type { Checked } from './check-command.ts';

/** Operations outside the conflict that are drawn at most; more are only counted. */
const mostContext = 400;

/** A page that explains the verdict: conflict highlighted, the rest folded, light and dark. */
export function pageOf(checked: Checked): string {
  const { file, modelName, consistency, result, read } = checked;
  const { counterexample } = result;
  const conflict = new Set(counterexample?.conflict ?? []);
  const part = counterexample?.history.map((operation, place) => ({
    operation,
    position: counterexample.positions[place] ?? -1,
  }));
  const shown = part ?? [];
  const context = read.history
    .map((operation, position) => ({ operation, position }))
    .filter(({ operation }) =>
      isNear(
        operation,
        shown.map((each) => each.operation),
      ),
    )
    .slice(0, mostContext);
  const title = `${file}: ${result.verdict}, ${modelName} ${consistency}`;
  const sentences = (counterexample?.because ?? []).map(
    (sentence) => `<li>${escape(sentence)}</li>`,
  );
  const exhausted = result.exhausted === undefined ? '' : ` Exhausted: ${result.exhausted}.`;
  const folded = `${context.length} of ${read.history.length} operations, those at the same time`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}</style>
<main>
<h1><span class="${result.verdict}">${result.verdict}</span> ${escape(file)}</h1>
<p>${escape(modelName)}, ${escape(consistency)}: ${result.operations} operations, decided by
${escape(result.algorithm)}, ${result.configurations} configurations.${escape(exhausted)}</p>
${shown.length === 0 ? '' : `<h2>What cannot be explained</h2>\n<ol>${sentences.join('')}</ol>`}
${shown.length === 0 ? '' : timeline(shown, conflict, checked)}
${context.length === 0 ? '' : details(folded, timeline(context, conflict, checked))}
</main>
</html>
`;
}

function details(summary: string, content: string): string {
  return `<details><summary>The history around it (${summary})</summary>\n${content}</details>`;
}

interface Placed {
  readonly operation: Operation;
  readonly position: number;
}

/** Whether an operation overlaps the span of those shown. */
function isNear(operation: Operation, shown: readonly Operation[]): boolean {
  const from = Math.min(...shown.map(({ invokedAt }) => invokedAt));
  const to = Math.max(...shown.map(({ invokedAt, completedAt }) => completedAt ?? invokedAt));
  return operation.invokedAt <= to && (operation.completedAt ?? Infinity) >= from;
}

/** Moments are evenly spaced: what counts is the order, not how long it took. */
function timeline(
  placed: readonly Placed[],
  conflict: ReadonlySet<number>,
  checked: Checked,
): string {
  const moments = [
    ...new Set(
      placed.flatMap(({ operation: { invokedAt, completedAt } }) => [
        invokedAt,
        completedAt ?? invokedAt,
      ]),
    ),
  ].sort((a, b) => a - b);
  const column = new Map(moments.map((moment, index) => [moment, 2 + 2 * index]));
  const end = 3 + 2 * moments.length;
  const clients = [...new Set(placed.map(({ operation }) => operation.client))];
  const rowOf = new Map(clients.map((client, index) => [client, index + 1]));
  const model = typeof checked.model === 'string' ? undefined : checked.model;
  const names = clients.map(
    (client, index) => `<b style="grid-row:${index + 1};grid-column:1">${escape(client)}</b>`,
  );
  const bars = placed.map(({ operation, position }) => {
    const from = column.get(operation.invokedAt) ?? 2;
    const to =
      operation.completedAt === null ? end : (column.get(operation.completedAt) ?? from) + 1;
    const kind = conflict.has(position) ? 'conflict' : operation.outcome;
    const what = describeOperation(operation, model);
    const when = `${operation.invokedAt} to ${operation.completedAt ?? 'unknown'}`;
    const row = rowOf.get(operation.client) ?? 1;
    const style = `grid-row:${row};grid-column:${from}/${Math.max(to, from + 1)}`;
    const title = escape(`${when}, operation ${position}`);
    return `<div class="${kind}" style="${style}" title="${title}">${escape(what)}</div>`;
  });
  const label = 'Operations by client over time';
  const cells = [...names, ...bars].join('\n');
  return `<div class="timeline" role="group" aria-label="${label}">${cells}</div>`;
}

const style = `
:root{--ink:#1b1f24;--paper:#fff;--line:#d0d7de;
  --ok:#dbe9f9;--info:#fff1cf;--bad:#ffd3d6;--edge:#c4262e}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--line:#30363d;
  --ok:#1d3350;--info:#4a3a10;--bad:#5c1a20;--edge:#ff7b82}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h1 span{border:2px solid;border-radius:.4rem;padding:0 .5rem}
.invalid{color:var(--edge)}
.timeline{display:grid;grid-auto-columns:minmax(1.5rem,auto);gap:.4rem .15rem;
  overflow-x:auto;padding:.5rem 0}
.timeline b{position:sticky;left:0;background:var(--paper);padding-right:1rem}
.timeline div{border:1px solid var(--line);border-radius:.3rem;padding:0 .4rem;
  white-space:nowrap;background:var(--ok);font:13px/1.6 ui-monospace,monospace}
.timeline .info{background:var(--info);border-style:dashed}
.timeline .fail{opacity:.6;text-decoration:line-through}
.timeline .conflict{background:var(--bad);border:2px solid var(--edge);font-weight:600}
summary{cursor:pointer;margin-top:1rem}`;

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
