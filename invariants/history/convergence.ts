/** Eventual convergence: seen from inside (replicas) and from outside (reads). */
import type { History } from '../../sim/history/operation.ts';
import { tell } from './explain.ts';
import { shrink } from './minimize.ts';
import { type Model, canonical, valueKey } from './model.ts';
import type { Value } from '../../sim/history/vocabulary.ts';
import type { CheckOptions, CheckResult, Verdict } from './result.ts';
import { weakenFor } from './weaken.ts';

/** What the simulator knows of one live replica at the end of a run. */
export interface Replica {
  readonly node: string;
  /** Equal for equal states. */
  readonly digest: string;
  /** The updates it has applied, by name; for strong convergence. */
  readonly applied?: readonly string[];
}

/**
 * White box: once nothing that can change a state is left, all live replicas are equal; and at any
 * time, equal sets of applied updates give equal states (strong convergence). O(n log n).
 * Before quiescence, replicas that differ prove nothing: unknown.
 */
export function checkReplicas(
  replicas: readonly Replica[],
  isQuiescent: boolean,
): { readonly verdict: Verdict; readonly because: readonly string[] } {
  const byUpdates = new Map<string, Replica>();
  for (const replica of replicas) {
    if (replica.applied === undefined) continue;
    const updates = canonical([...replica.applied].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    const other = byUpdates.get(updates);
    if (other !== undefined && other.digest !== replica.digest) {
      const because = `${other.node} and ${replica.node} applied the same updates and differ.`;
      return { verdict: 'invalid', because: [because] };
    }
    byUpdates.set(updates, replica);
  }
  const [first, ...rest] = replicas;
  const different = rest.find(({ digest }) => digest !== first?.digest);
  if (different === undefined) return { verdict: isQuiescent ? 'valid' : 'unknown', because: [] };
  const because = [`${first?.node} and ${different.node} differ.`];
  return { verdict: isQuiescent ? 'invalid' : 'unknown', because };
}

export interface ConvergenceOptions extends CheckOptions {
  /** From this time on no update was under way anywhere. Default: unknown. */
  readonly quiescentAt?: number;
}

/**
 * Black box, for registers: reads invoked after quiescence agree per key and return a value that
 * somebody wrote there; a list is of versions side by side. O(n). Unknown when the run ended before
 * quiescence, or nobody read after.
 */
export function checkConvergence(
  history: History,
  model: Model,
  options: ConvergenceOptions = {},
): CheckResult {
  const { quiescentAt } = options;
  const base = { algorithm: 'final reads', operations: history.length, configurations: 0 };
  if (quiescentAt === undefined)
    return { ...base, verdict: 'unknown', exhausted: 'the run: it ended before quiescence' };
  const verdict = judge(history, model, quiescentAt);
  if (verdict === 'unknown')
    return { ...base, verdict, exhausted: 'the reads: none came after quiescence' };
  if (verdict === 'valid' || options.counterexample === false) return { ...base, verdict };
  const decide = (candidate: History): { verdict: Verdict; configurations: number } => ({
    verdict: judge(candidate, model, quiescentAt) === 'invalid' ? 'invalid' : 'valid',
    configurations: 0,
  });
  const found = shrink(history, weakenFor(model), decide);
  const reads = found.history.filter(({ outcome }) => outcome === 'ok');
  const said = reads.map((read) => tell(read, model)).join(' and ');
  const because =
    reads.length === 1
      ? [`${said} returned what nobody wrote.`]
      : [`${said} disagree, though nothing was left to happen.`];
  return { ...base, verdict, counterexample: { ...found, because } };
}

function judge(history: History, model: Model, quiescentAt: number): Verdict {
  const written = new Map<string, Set<unknown>>();
  for (const { input, output, outcome } of history) {
    if (outcome === 'fail') continue;
    const access = model.access?.(input, outcome === 'ok' ? output : undefined);
    if (access?.produces === undefined) continue;
    const key = model.partitionBy?.(input) ?? '';
    const values = written.get(key) ?? new Set();
    written.set(key, values.add(valueKey(access.produces)));
  }
  const final = new Map<string, unknown>();
  for (const { input, output, outcome, invokedAt } of history) {
    if (outcome !== 'ok' || invokedAt < quiescentAt) continue;
    const access = model.access?.(input, output);
    if (access?.observes === undefined || access.produces !== undefined) continue;
    const key = model.partitionBy?.(input) ?? '';
    const value = valueKey(access.observes);
    const known = written.get(key) ?? new Set();
    if (!isEmpty(access.observes, model) && !areKnown(access.observes, known)) return 'invalid';
    if (final.has(key) && final.get(key) !== value) return 'invalid';
    final.set(key, value);
  }
  return final.size === 0 ? 'unknown' : 'valid';
}

/** What a replicated object may hold before anything is written to it, whatever its type. */
function isEmpty(value: Value, model: Model): boolean {
  return value === 0 || value === '' || valueKey(value) === valueKey(model.initialValue ?? null);
}

/** Somebody wrote the value; or, when versions lie side by side, every one of them. */
function areKnown(value: Value, known: ReadonlySet<unknown>): boolean {
  if (known.has(valueKey(value))) return true;
  return Array.isArray(value) && (value as readonly Value[]).every((one) => areKnown(one, known));
}
