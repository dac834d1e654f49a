/** Clean Multi-Paxos under random faults, for millions of events: it must be silent. */
import { historyInvariants } from '../../invariants/history/monitor.ts';
import { multiPaxosInvariants } from '../../invariants/multi-paxos/index.ts';
import type { MultiPaxosOptions } from '../../protocols/multi-paxos/options.ts';
import { run } from '../../sim/engine/index.ts';
import { Plan, type PlannedFault } from '../../sim/faults/index.ts';
import { Recorder } from '../../sim/history/recorder.ts';
import { paxosWorld } from '../helpers/paxos-world.ts';
import { survivable } from '../helpers/survivable-faults.ts';

const nodeNames = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'];

/** What the administrator asks whoever leads, each about once in five seconds. */
const wishes = nodeNames.flatMap((node): PlannedFault[] => {
  const type = 'change-membership';
  return [{ type, add: node } as const, { type, remove: node } as const].map((command) => ({
    fault: { kind: 'request', node: '{leader}', command },
    perSecondPpm: 200_000,
    leastUs: 1,
    mostUs: 1,
  }));
});

/** Clusters of different kinds, one after the other; each with its number of nodes. */
const kinds: readonly { readonly nodes: number; readonly options: Partial<MultiPaxosOptions> }[] = [
  { nodes: 3, options: {} },
  { nodes: 4, options: { reads: 'lease' } },
  { nodes: 5, options: { prepareQuorum: 4, acceptQuorum: 2, window: 3 } },
  { nodes: 6, options: { acceptors: ['n1', 'n2', 'n3'], window: 4 } },
  {
    nodes: 5,
    options: {
      proposers: ['n1', 'n2'],
      acceptors: ['n3', 'n4', 'n5'],
      learners: ['n1', 'n2', 'n5'],
    },
  },
];

const linearizable = historyInvariants.filter(({ id }) => id === 'history/linearizable');

/** Returns the number of events; throws at the first violation, naming its seed. */
export function soakMultiPaxos(events: number, report: (done: number) => void): number {
  const faults = survivable.map((fault): PlannedFault => ({
    fault,
    perSecondPpm: 60_000,
    leastUs: 100_000,
    mostUs: 2_000_000,
  }));
  let done = 0;
  for (let index = 0; done < events; index++) {
    const seed = `silent-${index}`;
    const { nodes, options } = kinds[index % kinds.length] as (typeof kinds)[number];
    const isChanging = nodes === 6;
    const world = paxosWorld({
      seed,
      nodes,
      clients: 3,
      options: {
        snapshotThreshold: index % 2 === 0 ? 50 : 7,
        trailingSlots: index % 3,
        ...options,
      },
      network: { latencyUs: 4_000, lossPpm: 10_000 },
      director: new Plan({
        faults: isChanging ? [...faults, ...wishes] : faults,
        healAtUs: 20_000_000,
      }),
      invariants: [...multiPaxosInvariants, ...linearizable],
      history: new Recorder(),
      careful: false,
    });
    const { violation } = run(world, { untilUs: 28_000_000, maxEvents: 1_000_000 });
    if (violation !== null) {
      const facts = violation.facts.map(({ text }) => `\n  ${text}`).join('');
      throw new Error(`seed ${seed}: ${violation.invariant}: ${violation.message}${facts}`);
    }
    done += world.counters.events;
    report(done);
  }
  return done;
}
