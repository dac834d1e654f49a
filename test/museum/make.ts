/** Makes the museum's traces: finds violations of each mutant, shrinks them, keeps the shortest. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { catchOf, searchOf, shrinkRequestOf, type Catch } from '../../sim/property/hunt.ts';
import { keep, type Kept } from '../../sim/property/keep.ts';
import { begin } from '../../sim/property/notes.ts';
import { subjectOf } from '../../sim/property/subject.ts';
import { editScenario } from '../../sim/scenario/index.ts';
import { explore } from '../../sim/search/index.ts';
import { shrink, storyText, type Shrunk } from '../../sim/shrink/index.ts';
import { readTrace } from '../../sim/trace/index.ts';
import { catalogueText, exhibits, folderOf, safetyOf, scripted, searched } from './exhibits.ts';
import type { Exhibit } from './exhibits.ts';
import { allTraces } from './traces.ts';

/** Violations that are looked for in each mutant, and runs of the search for each of them. */
const STARTS = 6;
const RUNS = 60_000;

interface Best {
  readonly shrunk: Shrunk;
  readonly kept: Kept;
}

function main(args: readonly string[]): void {
  const ids = args.filter((arg) => !arg.startsWith('--'));
  for (const exhibit of exhibits) {
    const { id, protocol } = exhibit.mutant;
    const isMeant = ids.length === 0 || ids.includes(id) || ids.includes(protocol);
    if (isMeant) make(exhibit, args);
  }
  writeFileSync('traces/README.md', catalogueText(allTraces()));
}

function make(exhibit: Exhibit, args: readonly string[]): void {
  const { id, protocol } = exhibit.mutant;
  let best: Best | null = null;
  const lengths: number[] = [];
  const anew = args.includes('--anew');
  const more = args.includes('--told') ? [] : found(exhibit);
  for (const caught of [...told(exhibit), ...more]) {
    const shrunk = shrink(shrinkRequestOf(caught));
    if (shrunk === null) continue;
    lengths.push(shrunk.steps.length);
    if (best !== null && shrunk.steps.length >= best.shrunk.steps.length) continue;
    const kept = keep(caught.subject, shrunk, caught.seed);
    if (kept?.hasSchedule === true) best = { shrunk, kept };
  }
  const path = `${folderOf(protocol)}/${id}.msgpack`;
  const known = existsSync(path) && !anew ? readTrace(readFileSync(path)).trace : null;
  process.stdout.write(`${id}: ${lengths.join(' ')} (kept: ${known?.events.length ?? '-'})\n`);
  if (best === null || best.kept.trace.events.length >= (known?.events.length ?? Infinity)) return;
  mkdirSync(folderOf(protocol), { recursive: true });
  writeFileSync(path, best.kept.bytes);
  process.stdout.write(`${storyText(best.shrunk)}\n`);
}

/** What the script that the mutant brings along leads to. */
function told(exhibit: Exhibit): Catch[] {
  const whole = scripted(exhibit);
  if (whole === null) return [];
  const seed = String(whole.scenario.seed);
  const { steps, world } = begin(whole, seed);
  const { violation } = world;
  if (violation === null) return [];
  const text = editScenario(whole.text, [
    { path: ['schedule'], value: undefined },
    { path: ['after_schedule'], value: undefined },
  ]);
  const subject = subjectOf(text, whole.file, whole.catalogue);
  return [{ subject, seed, steps, violation, atEnd: false, inTime: false }];
}

function* found(exhibit: Exhibit): Generator<Catch> {
  const subject = searched(exhibit);
  for (let number = 1; number <= STARTS; number++) {
    const search = searchOf(subject, { seed: `museum ${number}` });
    const { found: hit } = explore(search, { runs: RUNS });
    if (hit === null) return;
    if (safetyOf(exhibit.mutant).includes(hit.violation.invariant)) yield catchOf(subject, hit);
  }
}

main(process.argv.slice(2));
