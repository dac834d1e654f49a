/** Faults that end a search's faults, as entries of a scenario's timeline. */
import type { FaultAction } from '../engine/index.ts';
import type { Fault } from '../faults/index.ts';
import { formatDuration } from './duration.ts';

/** At `atUs`, in microseconds; null for a kind of fault that no search ends a run's faults with. */
export function writeEntry(action: FaultAction, atUs: number): object | null {
  const fault = action as Fault;
  const at = formatDuration(atUs);
  switch (fault.kind) {
    case 'crash':
    case 'restart':
    case 'resume':
      return { at, [fault.kind]: fault.nodes };
    case 'heal':
      return { at, heal: fault.what };
    case 'request':
      return { at, request: { node: fault.node, ...fault.command } };
    default:
      return null;
  }
}
