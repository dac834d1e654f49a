/** View changes: Castro and Liskov, §4.4. The monitor makes O itself. */
import type { Finding } from '../../sim/engine/monitor.ts';
import type { NewView, PreparedCertificate, ViewChange } from '../../protocols/pbft/messages.ts';
import type { PbftState } from '../../protocols/pbft/state.ts';
import { nameOf, quorumOf } from './replicas.ts';
import { pbftInvariant, type Change, type Checker } from './watch.ts';

export const newViewJustified = pbftInvariant(
  {
    id: 'pbft/new-view-justified',
    title: 'a correct replica begins a view with what 2f + 1 view changes justify, and no other',
    source: 'Castro and Liskov 1999, §4.4: O follows from V',
  },
  () => newViewChecker,
);

const newViewChecker: Checker = {
  onView(change) {
    const { view, isActive, newView } = change.state;
    if (!isActive || view === 0) return null;
    const problem = newView === null ? 'no NEW-VIEW' : problemOf(newView, quorumOf(change.world));
    return problem === null ? null : unjustified(change, problem);
  },
  fork: () => newViewChecker,
};

function unjustified({ world, node, state }: Change, problem: string): Finding {
  const name = nameOf(world, node);
  const text = `${name} begins view ${state.view} with ${problem}`;
  return { message: text, facts: [{ text, node: name, event: world.eventIndex }] };
}

function problemOf({ view, viewChanges, prePrepares }: NewView, quorum: number): string | null {
  const replicas = new Set(viewChanges.map(({ replica }) => replica));
  if (replicas.size < quorum || viewChanges.some((one) => one.view !== view)) {
    return `view changes of only ${replicas.size} replicas`;
  }
  const low = Math.max(...viewChanges.map(({ stable }) => stable));
  const best = latestCertificates(viewChanges);
  const high = Math.max(low, ...best.keys());
  const expected: string[] = [];
  for (let sequence = low + 1; sequence <= high; sequence++) {
    expected.push(`${sequence}=${best.get(sequence)?.prePrepare.digest ?? 'null'}`);
  }
  const found = prePrepares.map(({ sequence, digest }) => `${sequence}=${digest}`);
  if (expected.join() === found.join()) return null;
  return `${list(found)}, where V asks for ${list(expected)}`;
}

function latestCertificates(viewChanges: readonly ViewChange[]): Map<number, PreparedCertificate> {
  const best = new Map<number, PreparedCertificate>();
  for (const certificate of viewChanges.flatMap(({ prepared }) => prepared)) {
    const { sequence, view } = certificate.prePrepare;
    const known = best.get(sequence);
    if (known === undefined || known.prePrepare.view < view) best.set(sequence, certificate);
  }
  return best;
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.join(', ');
}

export const viewChangeComplete = pbftInvariant(
  {
    id: 'pbft/view-change-complete',
    title: 'the VIEW-CHANGE of a correct replica reports all that it has prepared',
    source: 'Castro and Liskov 1999, §4.4: P',
  },
  () => viewChangeChecker,
);

const viewChangeChecker: Checker = {
  onView(change) {
    const { world, node, state } = change;
    const own = ownViewChange(state);
    if (own === undefined) return null;
    const missing = state.slots.list().find(({ sequence, certificate }) => {
      if (certificate === null || sequence <= own.stable) return false;
      const reported = own.prepared.find(({ prePrepare }) => prePrepare.sequence === sequence);
      return reported?.prePrepare.view !== certificate.prePrepare.view;
    });
    if (missing === undefined) return null;
    const name = nameOf(world, node);
    const what = `${name} has prepared ${missing.sequence}`;
    const text = `${what} and does not report it for view ${state.view}`;
    return { message: text, facts: [{ text, node: name, event: world.eventIndex }] };
  },
  fork: () => viewChangeChecker,
};

function ownViewChange({ viewChanges, self, view, isActive }: PbftState): ViewChange | undefined {
  if (isActive) return undefined;
  return viewChanges.find((one) => one.replica === self && one.view === view);
}
