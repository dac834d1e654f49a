/** A recommendation and its rehearsal as one self-contained page, or as one picture. */
import { outputOf, type Advice } from '../advise.ts';
import type { Measured } from '../rehearsal/measure.ts';
import { verdictOf, type Rehearsal } from '../rehearsal/rehearse.ts';
import type { Times } from '../rehearsal/stage.ts';
import type { Consistency, Figures } from '../rehearsal/summary.ts';
import { strip, stripSize, stripStyle } from './strip.ts';

type Possible = Extract<Rehearsal, { possible: true }>;

interface Row {
  readonly title: string;
  readonly outcome: string;
  readonly good: boolean | null;
  readonly figures: Figures;
  readonly consistency: Consistency;
  readonly measured: Measured;
  readonly times: Times | null;
}

/** HTML without scripts and without anything from elsewhere; null: nothing was rehearsed. */
export function reportPage(advice: Advice, rehearsal: Rehearsal | null): string {
  const { protocol, configuration, failure_scenarios: failures, rationale } = outputOf(advice);
  const { situation } = advice;
  const title = `${protocol.name} for ${situation.problem.replace('_', ' ')}`;
  const about = [
    `${situation.nodes} nodes`,
    ...(situation.regions.length > 1 ? [situation.regions.join(', ')] : []),
    `${situation.failures} may ${situation.byzantine ? 'lie' : 'fail'}`,
    situation.consistency,
    `${situation.latencyMs} ms one way`,
    `partitions ${situation.partitionProbability} a second`,
  ].join(' · ');
  const body = [
    `<h1>${escaped(title)}</h1><p class="dim">${escaped(about)}</p>`,
    `<p>${escaped(protocol.description)}</p>`,
    `<p><b>Guarantee</b> ${escaped(protocol.correctness_guarantee)}</p>`,
    '<h2>Configuration</h2>',
    table(
      [],
      Object.entries(configuration).map(([name, value]) => [name, String(value)]),
    ),
    rehearsal === null ? '' : rehearsalPart(rehearsal),
    '<h2>Failure scenarios</h2>',
    table(
      ['scenario', 'behavior', 'recovery'],
      failures.map(({ scenario, behavior, recovery }) => [scenario, behavior, recovery]),
    ),
    '<h2>Why</h2>',
    table(
      ['rule', 'decides', 'because', 'source'],
      rationale.map(({ rule, decides, because, source }) => [rule, decides, because, source]),
    ),
  ];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width">' +
    `<title>${escaped(title)}</title><style>${pageStyle}${stripStyle}</style></head>` +
    `<body>${body.join('\n')}</body></html>\n`
  );
}

/** The pictures of a rehearsal, one below the other, as one SVG. */
export function reportSvg(rehearsal: Possible): string {
  const { width, height } = stripSize;
  const step = height + 46;
  const rows = rowsOf(rehearsal);
  const parts = rows.map(({ title, outcome, good, figures, measured, times }, i) => {
    const y = 10 + i * step;
    return (
      `<g transform="translate(10,${y})"><text class="title" y="12">` +
      `${sign(good)} ${escaped(title)}</text><text class="tick" y="28">` +
      `${escaped(`${outcome} · ${figuresText(figures)}`)}</text>` +
      `<g transform="translate(0,34)">${strip(measured, times)}</g></g>`
    );
  });
  const size = `width="${width + 20}" height="${10 + rows.length * step}"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><style>${stripStyle}` +
    '.title{font:bold 12px system-ui,sans-serif;fill:#333}' +
    '@media(prefers-color-scheme:dark){.title{fill:#ddd}}' +
    `</style>${parts.join('')}</svg>\n`
  );
}

function rehearsalPart(rehearsal: Rehearsal): string {
  if (!rehearsal.possible) return `<h2>Rehearsal</h2><p>${escaped(rehearsal.why)}</p>`;
  const { protocol, runs, seed, untried } = rehearsal;
  const { width, height } = stripSize;
  const rows = rowsOf(rehearsal).map((row) => {
    const { title, outcome, good, figures, consistency, measured, times } = row;
    const { held, promised, violation, invariants } = consistency;
    const kept = violation ?? `${promised}, as promised; ${invariants} invariants held`;
    return (
      `<h3>${sign(good)} ${escaped(title)}</h3><p>${escaped(outcome)}</p>` +
      `<svg viewBox="0 0 ${width} ${height}" role="img">` +
      `<title>${escaped(`operations served over time: ${title}`)}</title>` +
      `${strip(measured, times)}</svg>` +
      `<p class="dim">${escaped(figuresText(figures))}<br>${sign(held)} ${escaped(kept)}</p>`
    );
  });
  return [
    `<h2>Rehearsal: ${verdictOf(rehearsal)}</h2>`,
    `<p class="dim">${escaped(protocol)}, ${runs} runs of each scenario, seed ${escaped(seed)}; ` +
      'the pictures show the operations served in the first run of each</p>',
    ...rows,
    ...untried.map((scenario) => `<p>${sign(null)} ${escaped(scenario)}: not rehearsed</p>`),
  ].join('\n');
}

function rowsOf({ steady, failures }: Possible): Row[] {
  const first: Row = {
    title: 'under the assumptions about the network',
    outcome: `${steady.operations} operations were served`,
    good: steady.operations > 0,
    figures: steady,
    consistency: steady.consistency,
    measured: steady.sample.measured,
    times: null,
  };
  const others = failures.map((failure): Row => {
    const { scenario, promise, recovered, failoverMs, problem, sample, consistency } = failure;
    const outcome =
      failoverMs === null
        ? (problem ?? '')
        : promise === 'goes on'
          ? `went on after a pause of ${failoverMs} ms at most`
          : `stopped, and went on ${failoverMs} ms at most after its end`;
    const { measured, times } = sample;
    const title = scenario;
    return { title, outcome, good: recovered, figures: failure, consistency, measured, times };
  });
  return [first, ...others];
}

function figuresText({ commitLatencyMs, availability, messagesPerOperation }: Figures): string {
  return [
    `p50 ${commitLatencyMs.p50 ?? '-'} ms`,
    `p99 ${commitLatencyMs.p99 ?? '-'} ms`,
    `available ${Number((100 * availability).toFixed(3))} %`,
    `${messagesPerOperation?.toFixed(1) ?? '-'} messages an operation`,
  ].join(' · ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (kind: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${kind}>${escaped(cell)}</${kind}>`).join('')}</tr>`;
  const top = head.length === 0 ? '' : cells('th', head);
  return `<table>${top}${rows.map((row) => cells('td', row)).join('')}</table>`;
}

function sign(good: boolean | null): string {
  return good === null ? '○' : good ? '✓' : '✗';
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const pageStyle =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;' +
  'margin:2rem auto;padding:0 1rem}h3{margin:1.5rem 0 0}p{margin:.3rem 0}.dim{opacity:.7}' +
  'table{border-collapse:collapse}td,th{border:1px solid #8884;padding:.25rem .5rem;' +
  'text-align:left;vertical-align:top}svg{width:100%;max-width:720px;display:block}';
