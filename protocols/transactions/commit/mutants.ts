/** The bank of two-phase commit's mutants: one deliberate, documented error each. */
import { assert } from '../../../sim/engine/assert.ts';
import type { Mutant } from '../../common/mutant.ts';
import { twoPhaseCommit, type CommitProtocol } from './index.ts';
import { twoPhaseRules, type CommitRules } from './rules.ts';

export interface CommitMutant extends Mutant {
  readonly rules: Partial<CommitRules>;
}

const ATOMICITY = 'transactions/atomicity';
const VALIDITY = 'transactions/validity';
const DURABLE = 'transactions/decision-is-durable';
const LINEARIZABLE = 'history/linearizable';

export const commitMutants: readonly CommitMutant[] = [
  {
    id: '2pc-decision-not-logged',
    description: 'The coordinator says Commit before the decision is on its disk.',
    violates: [DURABLE, ATOMICITY],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 2,
    sources: ['Gray and Lamport 2006, §3.1', 'tlaplus/Examples, transaction_commit/TwoPhase'],
    rules: { decisionWaitsForDisk: false },
  },
  {
    id: '2pc-yes-not-logged',
    description: 'A participant votes yes before the vote is on its disk.',
    violates: [VALIDITY, ATOMICITY],
    needs: ['clients', 'crash', 'disk'],
    minNodes: 2,
    sources: ['Gray and Lamport 2006, §3', 'tlaplus/Examples, ACP_SB'],
    rules: { voteWaitsForDisk: false },
  },
  {
    id: '2pc-timeout-commit',
    description: 'A participant in doubt that hears nothing commits by itself.',
    violates: [ATOMICITY, DURABLE],
    needs: ['clients', 'crash'],
    minNodes: 2,
    sources: ['heuristic outcomes of XA (X/Open CAE, 1991)', 'bitronix btm#59', 'atomikos#239'],
    rules: { terminate: () => 'commit' },
  },
  {
    id: '2pc-nonblocking-wrong',
    description: 'Participants in doubt abort when none of those they reach knows a decision.',
    violates: [ATOMICITY],
    needs: ['clients', 'crash', 'cooperative'],
    minNodes: 2,
    sources: ['tlaplus/Examples, ACP_NB_WRONG_TLC', 'Bernstein, Hadzilacos and Goodman 1987, §7.4'],
    rules: { terminate: (_own, _others, isFirst) => (isFirst ? 'abort' : 'wait') },
  },
  {
    id: '2pc-indoubt-as-abort',
    description: 'A coordinator whose disk is slow takes the decision for failed, and aborts.',
    violates: [ATOMICITY],
    needs: ['clients', 'disk'],
    minNodes: 2,
    sources: ['dotnet/orleans#10123'],
    rules: { mayAbort: (phase) => phase !== 'backing off' },
  },
  {
    id: '2pc-first-phase-partial',
    description: 'The coordinator forgets a commit before all participants have acknowledged it.',
    violates: [DURABLE, ATOMICITY],
    needs: ['clients', 'loss'],
    minNodes: 2,
    sources: ['greenplum-db/gpdb#12199', 'Mohan, Lindsay and Obermarck 1986, §3.2'],
    rules: { forgets: () => true },
  },
  {
    id: '2pc-lazy-recovery-vs-group-commit',
    description:
      'A transaction whose commit is still being written counts as aborted when asked for.',
    violates: [ATOMICITY],
    needs: ['clients', 'disk'],
    minNodes: 2,
    sources: ['scalar-labs/scalardb#2135'],
    rules: { presumesAbort: () => true },
  },
  {
    id: '2pl-early-release',
    description:
      'A shard gives back its write locks when it votes, not when it learns the outcome.',
    violates: ['transactions/locks-exclude', LINEARIZABLE],
    needs: ['clients'],
    minNodes: 2,
    sources: ['Bernstein, Hadzilacos and Goodman 1987, §3.3', 'dirty reads: Adya 1999, G1a'],
    rules: { locksLastUntilTheEnd: false },
  },
];

/** The protocol with the errors of these mutants; the clean one for none. Ids must exist. */
export function mutatedCommit(ids: readonly string[]): CommitProtocol {
  let rules: CommitRules = twoPhaseRules;
  for (const id of ids) {
    const mutant = commitMutants.find((candidate) => candidate.id === id);
    assert(mutant !== undefined, `there is a mutant ${id}`);
    rules = { ...rules, ...mutant.rules };
  }
  return twoPhaseCommit(rules);
}
