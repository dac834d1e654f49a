/** An empty state machine with these options. */
import { Machine } from '../common/state-machine.ts';
import type { ChainOptions } from './options.ts';

export function newMachine({ deduplicate, dedupWindowMs }: ChainOptions): Machine {
  return Machine.empty({ deduplicate, dedupWindowMs });
}
