/** Last writer wins: one version, the one with the latest timestamp (Thomas, TODS 1979). */
import type { NodeId, Plain } from '../../../sim/engine/protocol.ts';
import { resolveConflictLww } from '../lww.ts';
import type { ReplicatedType } from './type.ts';

/** A deleted key keeps a version, too: its tombstone, whose value is null. */
export type LwwState = {
  readonly value: Plain;
  readonly timestamp: number;
  readonly node: NodeId;
  /** Which update of its node it is. */
  readonly counter: number;
} | null;

export const lwwRegister: ReplicatedType<LwwState> = {
  initial: null,
  update(_state, { type, value = null }, { timestamp, node, counter }) {
    if (type === 'put') return { value, timestamp, node, counter };
    return type === 'delete' ? { value: null, timestamp, node, counter } : null;
  },
  merge(one, other) {
    if (one === null || other === null) return one ?? other;
    return resolveConflictLww(one, other) === one ? one : other;
  },
  value: (state) => state?.value ?? null,
};
