/** Checks of the timeline and of the schedule: one fault an entry, nodes that exist, order. */
import { nodeName } from '../engine/index.ts';
import { faultKinds as faultTable, type NodeRef } from '../faults/index.ts';
import type { ProtocolEntry, ScriptCommand } from './catalogue.ts';
import { parseCondition } from './condition.ts';
import { formatDuration } from './duration.ts';
import { faultForms, faultKinds, namesIn, type WritableKind } from './fault-forms.ts';
import type { Located, Path } from './issues.ts';
import { linkEndProblem, nodeProblem, regionProblem, type Names } from './nodes.ts';
import type { TimelineEntryConfig } from './schema-faults.ts';
import type { ScheduleStepConfig } from './schema-schedule.ts';
import { parseStep } from './script-grammar.ts';

/** The raw value beside each entry tells where the names stand. */
export function checkFaults(
  raw: Record<string, unknown>,
  entries: readonly (TimelineEntryConfig | null)[],
  names: Names,
  duration: number | undefined,
): Located[] {
  const written = raw['faults'] as readonly Record<string, unknown>[];
  return entries.flatMap((entry, i) => {
    if (entry === null) return [];
    const path = ['faults', i];
    const kinds = kindsOf(entry);
    return [
      ...checkTrigger(entry, path, names, duration),
      ...checkKinds(kinds, path, 'entry'),
      ...checkLength(entry, kinds, path),
      ...kinds.flatMap((kind) => checkFault(kind, written[i]?.[kind], [...path, kind], names)),
    ];
  });
}

export function checkSteps(
  raw: Record<string, unknown>,
  steps: readonly (ScheduleStepConfig | null)[],
  names: Names,
): Located[] {
  const written = raw['schedule'] as readonly unknown[];
  return steps.flatMap((step, i) => {
    if (step === null) return [];
    const path = ['schedule', i];
    if (typeof step === 'string') {
      const parsed = parseStep(step, names);
      return typeof parsed === 'string' ? [{ path, at: 'value', message: parsed }] : [];
    }
    const value = written[i] as Record<string, unknown>;
    const kinds = kindsOf(step);
    return [
      ...checkKinds(kinds, path, 'step'),
      ...kinds.flatMap((kind) => checkFault(kind, value[kind], [...path, kind], names)),
    ];
  });
}

/** What a protocol says to the commands that the timeline and the schedule put into its hands. */
export function checkRequests(
  parts: {
    readonly faults: readonly (TimelineEntryConfig | null)[];
    readonly schedule: readonly (ScheduleStepConfig | null)[];
  },
  entry: ProtocolEntry | undefined,
  names: Names,
): Located[] {
  const nodes = Array.from({ length: names.nodes }, (_, i) => nodeName(i));
  const problemAt = (path: Path, command: ScriptCommand | null): Located[] => {
    const message = command && (entry?.requestProblem?.(command, nodes) ?? null);
    return message === null ? [] : [{ path, at: 'value', message }];
  };
  return [
    ...parts.faults.flatMap((fault, i) => problemAt(['faults', i, 'request'], commandOf(fault))),
    ...parts.schedule.flatMap((step, i) => {
      const path = typeof step === 'string' ? ['schedule', i] : ['schedule', i, 'request'];
      return problemAt(path, commandOf(step, names));
    }),
  ];
}

/** The command of a request; null for anything else, and for what is reported elsewhere. */
function commandOf(item: object | string | null, names?: Names): ScriptCommand | null {
  if (typeof item === 'string') {
    const step = names === undefined ? item : parseStep(item, names);
    const isRequest = typeof step === 'object' && step.type === 'fault';
    return isRequest && step.fault.kind === 'request' ? step.fault.command : null;
  }
  const { request } = (item ?? {}) as { readonly request?: { node: string; type: string } };
  if (request === undefined) return null;
  const { node: _node, ...command } = request;
  return command;
}

/** The kinds of fault that an entry names. */
export function kindsOf(entry: object): WritableKind[] {
  return faultKinds.filter((kind) => (entry as Record<string, unknown>)[kind] !== undefined);
}

function checkTrigger(
  entry: TimelineEntryConfig,
  path: Path,
  names: Names,
  duration: number | undefined,
): Located[] {
  const { at, when, after } = entry;
  if ((at === undefined) === (when === undefined)) {
    const message =
      at === undefined
        ? 'expected when it happens: at: 1s, or when: leader elected'
        : 'expected either at or when, found both';
    return [{ path, at: 'value', message }];
  }
  if (at !== undefined && after !== undefined) {
    return [{ path: [...path, 'after'], at: 'key', message: 'after goes with when, not with at' }];
  }
  if (at !== undefined && duration !== undefined && at >= duration) {
    const message = `the run ends at ${formatDuration(duration)}: this would never happen`;
    return [{ path: [...path, 'at'], at: 'value', message }];
  }
  if (when === undefined) return [];
  const condition = parseCondition(when);
  if (typeof condition === 'string' || !('among' in condition)) return [];
  return (condition.among ?? []).flatMap((name: NodeRef): Located[] => {
    const message = nodeProblem(name, names);
    return message === null ? [] : [{ path: [...path, 'when'], at: 'value', message }];
  });
}

function checkKinds(kinds: readonly WritableKind[], path: Path, what: string): Located[] {
  const [first, second] = kinds;
  if (first === undefined) {
    const message = `expected a fault in this ${what}: ${faultKinds.join(', ')}`;
    return [{ path, at: 'value', message }];
  }
  if (second === undefined) return [];
  const message = `expected one fault in an ${what}, found ${kinds.join(' and ')}: make two of it`;
  return [{ path: [...path, second], at: 'key', message: message.replace('an step', 'a step') }];
}

function checkLength(
  entry: TimelineEntryConfig,
  kinds: readonly WritableKind[],
  path: Path,
): Located[] {
  const [kind] = kinds;
  if (entry.for === undefined || kind === undefined || faultTable[kind].ends !== null) {
    return [];
  }
  const message = `${kind} has no end: leave "for" out`;
  return [{ path: [...path, 'for'], at: 'key', message }];
}

function checkFault(kind: WritableKind, value: unknown, path: Path, names: Names): Located[] {
  const what = faultForms[kind].names;
  const problems = namesIn(kind, value).flatMap((found): Located[] => {
    const message =
      what === 'regions'
        ? regionProblem(found.name, names.regions)
        : what === 'links'
          ? linkEndProblem(found.name, names)
          : nodeProblem(found.name, names);
    return message === null ? [] : [{ path: [...path, ...found.path], at: 'value', message }];
  });
  return [...problems, ...checkSides(value, path), ...checkDisk(kind, value, path)];
}

/** A node cannot be on two sides of a cut. */
function checkSides(value: unknown, path: Path): Located[] {
  const inMap = !Array.isArray(value) && typeof value === 'object' && value !== null;
  const sides = inMap ? (value as Record<string, unknown>)['sides'] : value;
  if (!Array.isArray(sides) || !sides.every(Array.isArray)) return [];
  const where = new Map<unknown, number>();
  const root: Path = inMap ? [...path, 'sides'] : path;
  return (sides as unknown[][]).flatMap((side, i) =>
    side.flatMap((node, j): Located[] => {
      const before = where.get(node);
      where.set(node, i);
      if (before === undefined) return [];
      const message =
        before === i
          ? `${String(node)} is already on this side`
          : `${String(node)} is already on side ${before + 1}: a node cannot be on two sides`;
      return [{ path: [...root, i, j], at: 'value', message }];
    }),
  );
}

function checkDisk(kind: WritableKind, value: unknown, path: Path): Located[] {
  if (kind !== 'disk') return [];
  const { problem, by } = value as { problem: string; by?: unknown };
  if (problem === 'slow' && by === undefined) {
    return [{ path, at: 'value', message: 'a slow disk needs `by`: how much longer a sync takes' }];
  }
  if (problem === 'slow' || by === undefined) return [];
  return [
    { path: [...path, 'by'], at: 'key', message: `by goes with problem slow, not ${problem}` },
  ];
}
