/** The invariants of chain replication; what clients see is in `invariants/history`. */
import type { Invariant } from '../../sim/engine/monitor.ts';
import { acknowledgedSurvives } from '../acknowledged.ts';
import { stateOf, tailOf } from './servers.ts';
import { updatePropagation } from './update-propagation.ts';

const survives = acknowledgedSurvives(
  {
    id: 'chain-replication/acknowledged-survives',
    title: 'the tail of a chain has every update that anybody ever counted as acknowledged',
    source: 'van Renesse and Schneider 2004, §2 and §3.3',
  },
  {
    role: 'tail',
    replica(world, node) {
      const state = stateOf(world, node);
      if (state === null || state.configuration.chain.length === 0) return null;
      const { configuration, stable, log, handingOver, self } = state;
      const answers = tailOf(configuration) === self && !handingOver;
      return { epoch: configuration.epoch, acknowledged: stable, answers, log };
    },
  },
);

/** In the order in which they are asked: the first to find something ends the run. */
export const chainInvariants: readonly Invariant[] = [updatePropagation, survives];
