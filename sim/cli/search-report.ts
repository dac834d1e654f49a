/** The result of a search for people. */
import { defaultProbes } from '../search/index.ts';
import { mayLie } from '../scenario/index.ts';
import { quoted } from './call.ts';
import { failureText } from './failure.ts';
import type { SearchResult } from './search-command.ts';
import type { Hit } from './search-hit.ts';
import { expectsViolation, type SearchPlan } from './search-plan.ts';
import type { SearchFlags } from './search.ts';
import type { Session } from './session.ts';
import { count, list } from './story/words.ts';

/** What is known before the search: above all its seed. */
export function printSearchHead(
  plan: Pick<SearchPlan, 'file' | 'subject' | 'seed'>,
  flags: SearchFlags,
  session: Session,
): void {
  const { io, paint } = session;
  const { scenario } = plan.subject;
  const clients = scenario.workload?.clients ?? 0;
  const parts = [
    plan.file,
    scenario.protocol,
    ...(scenario.mutants.length === 0 ? [] : [`with ${list(scenario.mutants)}`]),
    [
      count(scenario.cluster_config.nodes, 'node'),
      ...(clients === 0 ? [] : [count(clients, 'client')]),
    ].join(', '),
    `seed ${plan.seed}`,
  ];
  const head = `${parts.join(' · ')}\n`;
  if (flags.json === true) io.note(head);
  else io.print(`${paint.bold(head.trimEnd())}\n${paint.dim(scenario.name)}\n\n`);
}

export function printSearch(result: SearchResult, flags: SearchFlags, session: Session): void {
  const { io } = session;
  const { hit } = result;
  if (hit !== null) io.print(hitText(result, hit, session));
  io.print(`${verdict(result, session)}\n`);
  if (flags.coverage === true) io.print(`\n${coverage(result)}`);
  io.print(`\n${explored(result)}`);
  if (hit !== null) io.print(`\n${commands(hit, session)}`);
  io.print(`\n${receipt(result)}\n`);
}

/** The failure block of the shrunk run, and what it took to get it. */
function hitText({ seconds, plan }: SearchResult, hit: Hit, session: Session): string {
  const { found, shrunk, kept, isExpected, lengths } = hit;
  const block =
    kept === null
      ? `  ${found.violation.invariant} violated: ${found.violation.message}\n`
      : failureText(kept.trace, isExpected, session);
  const lines = [
    shrunk === null
      ? `  Not shrunk: its ${count(found.steps.length, 'event')} alone do not lead there again`
      : shrunkText(shrunk, seconds.shrink),
    `  Found in run ${number(found.run + 1)}${of(plan.runs)} (${found.arm})`,
  ];
  if (lengths.length > 1)
    lines.push(`  Lengths of ${lengths.length} violations: ${lengths.join(' ')}`);
  if (kept?.hasSchedule === false)
    lines.push('  Its steps cannot all be said in words of a schedule');
  if (kept === null) lines.push('  No trace: no scenario says what the plan of this run did');
  return `${block}\n${lines.join('\n')}\n\n`;
}

/** `  Shrunk 61 → 12 events (340 tries, 0.2 s); without any one of them nothing is violated` */
export function shrunkText(
  { before, steps, replays, isMinimal }: NonNullable<Hit['shrunk']>,
  seconds: number,
): string {
  const tries = `${number(replays)} tries, ${seconds.toFixed(1)} s`;
  const least = isMinimal ? 'each of them is needed' : 'interrupted: the best so far';
  return `  Shrunk ${before} → ${count(steps.length, 'event')} (${tries}); ${least}`;
}

function verdict(result: SearchResult, { paint }: Session): string {
  const { hit, ledger, plan, isInterrupted, isOutOfTime } = result;
  if (hit !== null) {
    const { invariant } = hit.found.violation;
    if (hit.isExpected) {
      const passed = paint.good(`${paint.yes} passed`);
      return `${passed}: ${invariant} is violated, as the scenario expects`;
    }
    return `${paint.bad(`${paint.no} failed`)}: ${invariant} is violated`;
  }
  const why = isInterrupted ? 'interrupted' : isOutOfTime ? 'out of time' : '';
  const nothing = 'no violation within these bounds';
  if (expectsViolation(plan)) {
    const text = `${nothing}, and the scenario expects one`;
    return `${paint.warn(`${paint.open} ${why || 'inconclusive'}`)}: ${text}`;
  }
  if (why !== '' && isInterrupted) return `${paint.warn(`${paint.open} ${why}`)}: ${nothing}`;
  if (ledger.lost.length > 0) return `${paint.warn(`${paint.open} inconclusive`)}: ${nothing}`;
  return `${paint.good(paint.yes)} ${nothing}`;
}

/** How much was looked at, and what was not. */
function explored({ ledger, plan }: SearchResult): string {
  const { horizon, crashes, drops, duplicates, partitions, lies, operations, maxEpoch } =
    plan.search.scope;
  const told = mayLie(plan.subject.scenario.network_assumptions) ? ` ${lies} lies,` : '';
  const never = defaultProbes.filter(({ id }) => (ledger.probes.get(id) ?? 0) === 0);
  const timed = ledger.arms.get('swarm')?.runs ?? 0;
  const rows: (readonly [string, string])[] = [
    [
      'Explored',
      `${count(ledger.runs, 'run')}, ${number(ledger.events)} events, ` +
        `${number(ledger.states.size)} distinct abstract states at their ends`,
    ],
    [
      'Bounds',
      `${horizon} events a run; ${crashes} crashes, ${drops} lost and ${duplicates} repeated ` +
        `messages, ${partitions} cuts,${told} ${operations} operations, epochs up to ${maxEpoch}`,
    ],
    [
      'Not tried',
      'longer runs, more faults; pauses, clocks, disks and time itself only in ' +
        (timed === 0 ? 'no run' : count(timed, 'timed run')),
    ],
  ];
  if (never.length > 0) rows.push(['Never', never.map(({ title }) => title).join('; ')]);
  if (ledger.lost.length > 0) {
    rows.push(['Left out', `${count(ledger.lost.length, 'block')} over which workers died`]);
  }
  return table(rows);
}

function coverage({ ledger }: SearchResult): string {
  const arms = [...ledger.arms].toSorted(([, a], [, b]) => b.runs - a.runs);
  const rows = arms.map(([name, { runs, events, hits }]) => {
    const average = Math.round(events / runs);
    const found = hits === 0 ? '' : `, ${count(hits, 'violation')}`;
    return [name, `${count(runs, 'run')} of ${average} events on average${found}`] as const;
  });
  const probes = defaultProbes.map(({ id, title }) => {
    return [id, `at the end of ${count(ledger.probes.get(id) ?? 0, 'run')}: ${title}`] as const;
  });
  return `${table(rows, 16)}\n${table(probes, 16)}`;
}

export function commands({ paths }: Hit, { call }: Session): string {
  if (paths === null) return '';
  const trace = quoted(paths.trace);
  return table([
    ['Trace', paths.trace],
    ['Scenario', paths.scenario],
    ['Replay', `${call} replay ${trace}`],
    ['Explain', `${call} explain ${trace}`],
  ]);
}

function receipt({ plan, ledger, fastCheck }: SearchResult): string {
  const { seed, path } = fastCheck;
  const check = `fast-check { seed: ${seed}${path === null ? '' : `, path: "${path}"`} }`;
  return `seed ${plan.seed} · ${plan.strategy} · ${count(ledger.runs, 'run')} · ${check}`;
}

export function table(rows: readonly (readonly [string, string])[], width = 9): string {
  return rows.map(([name, text]) => `  ${name.padEnd(width)} ${text}\n`).join('');
}

export function number(value: number): string {
  return value.toLocaleString('en');
}

function of(runs: number): string {
  return Number.isFinite(runs) ? ` of ${number(runs)}` : '';
}
