/** What Paxos is for: Paxos Made Simple §2.1 and §2.2, P2a. */
import type { Fact, Finding } from '../../sim/engine/monitor.ts';
import type { WorldView } from '../../sim/engine/view.ts';
import { ballotText, describeValue, isSameValue, nameOf } from './cluster.ts';
import type { Choice } from './ledger.ts';
import { paxosInvariant, type Checker, type StoredChange } from './watch.ts';

export const agreement = paxosInvariant(
  {
    id: 'multi-paxos/agreement',
    title: 'at most one value is chosen in a slot, and nobody learns another one',
    source: 'Paxos Made Simple, §2.1',
  },
  () => agreementChecker,
);

const agreementChecker: Checker = {
  onQuorum: (change) => compare(change, 'a quorum stores it'),
  onLearned: (change) => compare(change, 'learned'),
  fork: () => agreementChecker,
};

function compare(change: StoredChange, how: Choice['how']): Finding | null {
  const { world, node, ledger, slot, proposal } = change;
  const first = ledger.choiceOf(slot);
  if (first === null || isSameValue(first.value, proposal.value)) return null;
  const second: Choice = { ...proposal, node, event: world.eventIndex, how };
  return {
    message: `two values are chosen in slot ${slot}`,
    facts: [first, second].map((choice) => choiceFact(world, slot, choice)),
    witness: how,
  };
}

export const integrity = paxosInvariant(
  {
    id: 'multi-paxos/integrity',
    title: 'a chosen value never changes: no acceptor accepts another one under a higher ballot',
    source: 'Paxos Made Simple, §2.2, P2a',
  },
  () => integrityChecker,
);

const integrityChecker: Checker = {
  onAccepted({ world, node, ledger, slot, proposal }) {
    const choice = ledger.choiceOf(slot);
    if (choice === null || proposal.ballot <= choice.ballot) return null;
    if (isSameValue(choice.value, proposal.value)) return null;
    const name = nameOf(world, node);
    const other = `${describeValue(proposal.value)} under ballot ${ballotText(proposal.ballot)}`;
    return {
      message: `${name} accepted another value in slot ${slot}, in which one had been chosen`,
      facts: [
        choiceFact(world, slot, choice),
        { text: `${name} accepted ${other}`, node: name, event: world.eventIndex },
      ],
    };
  },
  fork: () => integrityChecker,
};

function choiceFact(
  world: WorldView,
  slot: number,
  { value, ballot, node, event, how }: Choice,
): Fact {
  const name = nameOf(world, node);
  const what = `${describeValue(value)} in slot ${slot} under ballot ${ballotText(ballot)}`;
  const text =
    how === 'learned'
      ? `${name} learned that ${what} is chosen`
      : `with ${name} a quorum stored ${what}, so it was chosen`;
  return { text, node: name, event };
}
