/** What fast-check says of a failed property: seed, path, scenario, replay line; and a trace. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { GeneratedScenario } from './generated.ts';
import type { Kept } from './keep.ts';
import { Schedule } from './schedule.ts';

/**
 * For the last argument of `fc.assert`: `{ seed: 1, reporter }`. When the property fails it leaves
 * the scenario (with the steps as its `schedule:`) and the trace of the counterexample in the
 * folder `out`, and throws an Error that has fast-check's own report, the scenario, and the command
 * that replays the trace.
 */
export function reporter<T>(details: fc.RunDetails<T>): void {
  report(details, 'out');
}

/** The same into another folder: `{ seed: 1, reporter: reportingTo('traces') }`. */
export function reportingTo(folder: string): <T>(details: fc.RunDetails<T>) => void {
  return (details) => report(details, folder);
}

function report<T>(details: fc.RunDetails<T>, folder: string): void {
  if (!details.failed) return;
  const message = fc.defaultReportMessage(details) ?? 'Property failed';
  const kept = keepOf(details.counterexample);
  const lines = kept === null ? [] : leave(kept.kept, join(folder, `${kept.name}-${details.seed}`));
  const { errorInstance: cause } = details;
  throw new Error([message, ...lines].join('\n'), cause === undefined ? {} : { cause });
}

/** The first value of a counterexample that is a run. */
function keepOf(counterexample: unknown): { readonly kept: Kept; readonly name: string } | null {
  if (!Array.isArray(counterexample)) return null;
  for (const value of counterexample as unknown[]) {
    if (!(value instanceof Schedule) && !(value instanceof GeneratedScenario)) continue;
    const kept = value.keep();
    return kept === null ? null : { kept, name: value.subject.file.replace(/\.ya?ml$/, '') };
  }
  return null;
}

function leave({ text, bytes }: Kept, path: string): string[] {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(`${path}.yaml`, text);
  writeFileSync(`${path}.msgpack`, bytes);
  return [
    '',
    'The scenario of the counterexample:',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    `  Scenario  ${path}.yaml`,
    `  Trace     ${path}.msgpack`,
    `  Replay    npx schism replay ${path}.msgpack`,
  ];
}
