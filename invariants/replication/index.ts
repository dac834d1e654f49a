/** The invariants of primary–backup replication; what clients see is in `invariants/history`. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { acknowledgedSurvives } from '../acknowledged.ts';
import { stateOf } from './cluster.ts';
import { onePrimary } from './one-primary.ts';
import { sameLog } from './same-log.ts';
import { visibleIsStored } from './visible-is-stored.ts';

const survives = acknowledgedSurvives(
  {
    id: 'replication/acknowledged-survives',
    title: 'every write that a primary acknowledged is in the logs of all later primaries',
    source: 'the specification, "Replication Strategies" (RPO = 0); Budhiraja et al. 1993, Pb4',
  },
  {
    role: 'primary',
    replica(world, node) {
      const state = stateOf(world, node);
      if (state?.role !== 'primary') return null;
      const { epoch, committed, log } = state;
      return { epoch, acknowledged: committed, answers: true, log };
    },
  },
);

/** In the order in which they are asked: the first to find something ends the run. */
export const replicationInvariants: readonly Invariant[] = [
  onePrimary,
  visibleIsStored,
  survives,
  sameLog,
];
