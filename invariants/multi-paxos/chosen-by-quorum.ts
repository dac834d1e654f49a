/** When a value is chosen: Paxos Made Simple §2.3; and what one ballot may propose, §2.2. */
import type { Fact } from '../../sim/engine/monitor.ts';
import { acceptQuorumOf, ballotText, describeValue, nameOf } from './cluster.ts';
import { paxosInvariant, type Checker } from './watch.ts';

export const chosenByQuorum = paxosInvariant(
  {
    id: 'multi-paxos/chosen-by-quorum',
    title: 'nobody learns a value before a quorum stores it under the same ballot in that slot',
    source: 'Paxos Made Simple, §2.3; §2.5 for stable storage',
  },
  () => quorumChecker,
);

const quorumChecker: Checker = {
  onLearned({ world, node, ledger, slot, proposal }) {
    const { ballot, value } = proposal;
    if (ledger.isForgotten(slot) || ledger.chosenBy(world, slot, ballot)) return null;
    const name = nameOf(world, node);
    const acceptors = ledger.acceptorsAt(slot);
    const proposed = `${describeValue(value)} in slot ${slot} under ballot ${ballotText(ballot)}`;
    const needed = `${acceptQuorumOf(world, acceptors.length)} of ${acceptors.join(' ')}`;
    const held = ledger.holdersOf(slot).map(({ ballot: under, holders, event }): Fact => {
      const who = holders.map((holder) => nameOf(world, holder)).join(', ');
      return { text: `ballot ${ballotText(under)} in slot ${slot} is stored by ${who}`, event };
    });
    return {
      message: `${name} learned a value in slot ${slot} that no quorum stores`,
      facts: [
        { text: `${name} learned ${proposed}`, node: name, event: world.eventIndex },
        { text: `a quorum is ${needed}` },
        ...held,
      ],
    };
  },
  fork: () => quorumChecker,
};

export const oneProposalABallot = paxosInvariant(
  {
    id: 'multi-paxos/one-proposal-a-ballot',
    title: 'under one ballot at most one value is proposed in a slot',
    source: 'Paxos Made Simple, §2.2: proposal numbers are never used twice',
  },
  () => conflictChecker,
);

const conflictChecker: Checker = {
  onConflict({ world, node, slot, proposal }, other) {
    const name = nameOf(world, node);
    const first = nameOf(world, other.holders[0] ?? node);
    const ballot = ballotText(proposal.ballot);
    return {
      message: `ballot ${ballot} has two values in slot ${slot}`,
      facts: [
        { text: `${first} stored ${describeValue(other.value)}`, node: first, event: other.event },
        {
          text: `${name} stored ${describeValue(proposal.value)}`,
          node: name,
          event: world.eventIndex,
        },
      ],
    };
  },
  fork: () => conflictChecker,
};
