/** The timestamp oracle: PD §2.3. One node gives all; when it is down, nothing begins. */
import type { NodeId } from '../../../sim/engine/protocol.ts';
import type { GetTimestamp, PercolatorEffects } from './messages.ts';
import type { PercolatorRules } from './rules.ts';
import type { PercolatorState } from './state.ts';

/** So many are reserved on the disk at a time: a crash wastes them, and repeats none. */
const BATCH = 100;

export function onGetTimestamp(
  rules: PercolatorRules,
  state: PercolatorState,
  from: NodeId,
  { id, phase }: GetTimestamp,
  effects: PercolatorEffects,
): void {
  state.given++;
  if (rules.oracleRemembers && state.given > state.reserved) {
    state.reserved = state.given + BATCH;
    effects.persist();
  }
  effects.send(from, { type: 'GivenTimestamp', id, phase, timestamp: state.given });
}
