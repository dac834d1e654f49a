/** Steps of a schedule as a scenario writes them: the inverse of reading them. */
import type { Fault, LieFault } from '../faults/index.ts';
import { formatDuration } from './duration.ts';

/** Words, or the fault as a mapping. */
export type WrittenStep = string | { readonly [field: string]: unknown };

/**
 * A fault as a step that means the same; `for` and `limit`, which steps do not have, are left out.
 */
export function writeFault(fault: Fault): WrittenStep {
  switch (fault.kind) {
    case 'crash':
    case 'restart':
    case 'wipe':
    case 'pause':
    case 'resume':
    case 'isolate':
      return `${fault.kind} ${fault.nodes.join(' ')}`;
    case 'partition':
      return `partition ${fault.sides.map((side) => side.join(' ')).join(' | ')}`;
    case 'heal':
      return `heal ${fault.what}`;
    case 'end':
      return `heal ${classOf(fault.what)}`;
    case 'lose':
      return `drop ${fault.message}`;
    case 'repeat':
      return `duplicate ${fault.message}`;
    case 'request':
      return writeRequest(fault);
    case 'majorities-ring':
    case 'random-halves':
    case 'random-partition':
      return { [fault.kind]: true };
    case 'region-partition':
      return { 'region-partition': fault.regions };
    case 'flapping': {
      const { sides, downUs, upUs } = fault;
      return { flapping: { sides, down: formatDuration(downUs), up: formatDuration(upUs) } };
    }
    case 'loss':
    case 'duplicate':
    case 'replay-old':
      return { [fault.kind]: { probability: fault.ppm / 1_000_000, ...where(fault) } };
    case 'reorder': {
      const probability = fault.ppm / 1_000_000;
      return { reorder: { probability, by: formatDuration(fault.byUs), ...where(fault) } };
    }
    case 'delay': {
      const { medianUs, shape } = fault;
      return { delay: { median: formatDuration(medianUs), shape, ...where(fault) } };
    }
    case 'clock-step':
      return { 'clock-step': { nodes: fault.nodes, by: formatDuration(fault.byUs) } };
    case 'disk': {
      const { nodes, problem, byUs } = fault;
      const by = byUs === undefined ? {} : { by: formatDuration(byUs) };
      return { disk: { nodes, problem, ...by } };
    }
    case 'amnesia':
    case 'twin':
      return { [fault.kind]: fault.nodes };
    case 'byzantine': {
      const { nodes, behaviours, ppm } = fault;
      const often = ppm === undefined ? {} : { probability: ppm / 1_000_000 };
      return { byzantine: nodes, behaviours, ...often };
    }
    case 'lie':
      return { lie: writeLie(fault) };
    case 'one-way':
    case 'bridge':
    case 'clock-drift': {
      const { kind, ...value } = fault;
      return { [kind]: value };
    }
  }
}

/** What it did (`truth`, `told`) is no part of it. */
function writeLie(fault: LieFault): object {
  const { message, how, field, add, value, instead, also, byUs, silence } = fault;
  const late = byUs === undefined ? undefined : formatDuration(byUs);
  const all = { message, how, field, add, value, instead, also, late, silence };
  return Object.fromEntries(Object.entries(all).filter(([, item]) => item !== undefined));
}

type Request = Extract<Fault, { readonly kind: 'request' }>;

/**
 * In words unless a value would be read as something else: a text of digits, or of several words.
 */
function writeRequest({ node, command }: Request): WrittenStep {
  const { type, ...fields } = command;
  const values = Object.values(fields);
  const isPlain = values.every(
    (value) => typeof value === 'number' || /^[a-z_][\w.-]*$/i.test(value),
  );
  if (!isPlain) return { request: { node, type, ...fields } };
  const words = Object.entries(fields).map(([field, value]) => `${field}=${value}`);
  return ['request', node, type, ...words].join(' ');
}

function where({ between }: { readonly between?: readonly string[] }): object {
  return between === undefined ? {} : { between };
}

/** The word with which `heal` ends a fault of this kind. */
function classOf(kind: Extract<Fault, { readonly kind: 'end' }>['what']): string {
  switch (kind) {
    case 'disk':
      return 'disks';
    case 'clock-step':
      return 'clocks';
    case 'byzantine':
      return 'liars';
    case 'loss':
    case 'duplicate':
    case 'delay':
    case 'reorder':
    case 'replay-old':
      return 'messages';
    default:
      return 'partitions';
  }
}
