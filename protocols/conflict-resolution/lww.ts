/** Last writer wins: of two versions the one with the later timestamp (Thomas, TODS 1979). */
import type { NodeId, Plain } from '../../sim/engine/protocol.ts';

/** A value, when it was written by its writer's clock, and by whom. */
export interface TimestampedValue<Value extends Plain = Plain> {
  readonly value: Value;
  readonly timestamp: number;
  readonly node?: NodeId;
}

/**
 * The version that wins. Equal timestamps are told apart by the greater name of the writer, then by
 * the greater text of the value, so that all replicas choose alike: commutative, associative and
 * idempotent. The other version is lost, whoever was first: a clock that runs ahead wins for long.
 */
export function resolveConflictLww<Value extends Plain>(
  one: TimestampedValue<Value>,
  other: TimestampedValue<Value>,
): TimestampedValue<Value> {
  return compareVersions(one, other) >= 0 ? one : other;
}

/** Above 0 when the first version wins, below when the second does; 0: they are equal. */
function compareVersions(one: TimestampedValue, other: TimestampedValue): number {
  return (
    one.timestamp - other.timestamp ||
    compareText(one.node ?? '', other.node ?? '') ||
    compareText(JSON.stringify(one.value), JSON.stringify(other.value))
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
