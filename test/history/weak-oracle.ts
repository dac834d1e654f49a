/** Brute-force oracles for causal consistency and session guarantees: reads and unique writes. */
import type { SessionGuarantee } from '../../invariants/history/session.ts';
import type { History } from '../../sim/history/operation.ts';

/** One read or write of a small history. */
interface Op {
  readonly client: string;
  readonly key: string;
  readonly value: unknown;
  readonly isWrite: boolean;
  readonly isCrashed: boolean;
}

/** Crashed writes that nobody read never happened; null when a read saw what nobody wrote. */
function happened(history: History): { ops: Op[]; source: (op: Op) => Op | null } | null {
  const all = history
    .filter(({ outcome }) => outcome !== 'fail')
    .map(({ client, input, output, outcome }): Op => {
      const { type, key = '', value } = input as { type: string; key?: string; value?: unknown };
      const isWrite = type === 'write';
      return {
        client,
        key,
        value: isWrite ? value : output,
        isWrite,
        isCrashed: outcome === 'info',
      };
    });
  const reads = all.filter((op) => !op.isWrite && !op.isCrashed);
  const source = (read: Op): Op | null =>
    all.find((op) => op.isWrite && op.key === read.key && op.value === read.value) ?? null;
  if (reads.some((read) => read.value !== null && source(read) === null)) return null;
  const isRead = (write: Op): boolean => reads.some((read) => source(read) === write);
  const ops = all.filter((op) => !op.isCrashed || (op.isWrite && isRead(op)));
  return { ops, source };
}

/** Whether `a` comes before `b` in their client's order. Crashed operations precede nothing. */
function inSession(ops: readonly Op[], a: Op, b: Op): boolean {
  return a.client === b.client && !a.isCrashed && ops.indexOf(a) < ops.indexOf(b);
}

/** Tries every order of `items` that respects `mustPrecede`, until one passes `accept`. */
function someOrder<T>(
  items: readonly T[],
  mustPrecede: (a: T, b: T) => boolean,
  accept: (order: readonly T[]) => boolean,
): boolean {
  const extend = (order: readonly T[], left: readonly T[]): boolean => {
    if (left.length === 0) return accept(order);
    return left.some((next) => {
      if (left.some((other) => other !== next && mustPrecede(other, next))) return false;
      return extend(
        [...order, next],
        left.filter((other) => other !== next),
      );
    });
  };
  return extend([], items);
}

/** The definitions of POPL 2017 over the least causal order: session order and reads-from. */
export function isCausal(history: History, level: 'CC' | 'CM' | 'CCv'): boolean {
  const found = happened(history);
  if (found === null) return false;
  const { ops, source } = found;
  const before = ops.map((a) => ops.map((b) => inSession(ops, a, b) || source2(b) === a));
  function source2(op: Op): Op | null {
    return op.isWrite ? null : source(op);
  }
  for (const k of ops.keys()) {
    for (const i of ops.keys()) {
      for (const j of ops.keys()) {
        if (before[i]?.[k] && before[k]?.[j]) (before[i] ?? [])[j] = true;
      }
    }
  }
  const precedes = (a: Op, b: Op): boolean => before[ops.indexOf(a)]?.[ops.indexOf(b)] ?? false;
  if (ops.some((op) => precedes(op, op))) return false;
  const past = (op: Op): Op[] => ops.filter((other) => other === op || precedes(other, op));
  const last = (order: readonly Op[], read: Op): unknown =>
    order.findLast((op, at) => op.isWrite && op.key === read.key && at < order.indexOf(read))
      ?.value ?? null;
  const explains = (order: readonly Op[], read: Op): boolean => last(order, read) === read.value;
  const isRead = (op: Op): boolean => !op.isWrite;
  if (level === 'CCv') {
    return someOrder(ops, precedes, (order) =>
      ops.filter(isRead).every((read) => {
        const seen = past(read);
        return explains(
          order.filter((op) => seen.includes(op)),
          read,
        );
      }),
    );
  }
  return ops
    .filter((op) => !op.isCrashed)
    .every((op) => {
      const kept = level === 'CC' ? [op] : ops.filter((x) => x === op || inSession(ops, x, op));
      return someOrder(past(op), precedes, (order) =>
        kept.filter(isRead).every((read) => explains(order, read)),
      );
    });
}

/** Every order of the writes, and every choice of what each read had seen. */
export function keepsSession(history: History, asked: readonly SessionGuarantee[]): boolean {
  const found = happened(history);
  if (found === null) return false;
  const { ops, source } = found;
  const writes = ops.filter((op) => op.isWrite);
  const reads = ops.filter((op) => !op.isWrite);
  const has = (guarantee: SessionGuarantee): boolean => asked.includes(guarantee);
  const earlier = (list: readonly Op[], op: Op): Op[] =>
    list.filter((other) => inSession(ops, other, op));
  const subsets = Array.from({ length: 1 << writes.length }, (_, bits) =>
    writes.filter((_write, place) => ((bits >> place) & 1) === 1),
  );
  return someOrder(
    writes,
    () => false,
    (order) => {
      const comes = (a: Op, b: Op): boolean => order.indexOf(a) < order.indexOf(b);
      const inOrder = writes.every(
        (write) => !has('monotonic-writes') || earlier(writes, write).every((w) => comes(w, write)),
      );
      if (!inOrder) return false;
      const returnsLast = (read: Op, seen: readonly Op[]): boolean =>
        (order.findLast((write) => write.key === read.key && seen.includes(write)) ?? null) ===
        source(read);
      const choices = reads.map((read) => subsets.filter((seen) => returnsLast(read, seen)));
      const holds = (seen: ReadonlyMap<Op, readonly Op[]>): boolean =>
        reads.every((read) => {
          const view = seen.get(read) ?? [];
          const contains = (some: readonly Op[]): boolean => some.every((w) => view.includes(w));
          const viewOf = (other: Op): readonly Op[] => seen.get(other) ?? [];
          return (
            (!has('read-your-writes') || contains(earlier(writes, read))) &&
            (!has('monotonic-reads') || earlier(reads, read).every((r) => contains(viewOf(r)))) &&
            view.every(
              (write) =>
                (!has('monotonic-writes') || contains(earlier(writes, write))) &&
                (!has('writes-follow-reads') ||
                  earlier(reads, write).every((r) => contains(viewOf(r)))),
            )
          );
        }) &&
        (!has('writes-follow-reads') ||
          writes.every((write) =>
            earlier(reads, write).every((r) => (seen.get(r) ?? []).every((w) => comes(w, write))),
          ));
      const assign = (index: number, seen: ReadonlyMap<Op, readonly Op[]>): boolean => {
        const read = reads[index];
        if (read === undefined) return holds(seen);
        return (choices[index] ?? []).some((view) =>
          assign(index + 1, new Map(seen).set(read, view)),
        );
      };
      return assign(0, new Map());
    },
  );
}

/** Reads invoked from `quiescentAt` on agree per key, on nothing or on what somebody wrote. */
export function converges(history: History, quiescentAt: number): boolean {
  const late = history.filter(
    ({ input, outcome, invokedAt }) =>
      outcome === 'ok' && invokedAt >= quiescentAt && (input as { type: string }).type === 'read',
  );
  const keyOf = (input: unknown): string => (input as { key: string }).key;
  return late.every(({ input, output }) => {
    const isWritten = history.some(({ input: other, outcome }) => {
      const { type, key, value } = other as { type: string; key: string; value: unknown };
      return outcome !== 'fail' && type === 'write' && key === keyOf(input) && value === output;
    });
    const agrees = late.every(
      (other) => keyOf(other.input) !== keyOf(input) || other.output === output,
    );
    return agrees && (output === null || isWritten);
  });
}
