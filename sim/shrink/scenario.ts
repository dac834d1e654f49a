/** The scenario of a shrunk run: the one in which it was found, without what it does not need. */
import { editScenario, type Edit, type WrittenStep } from '../scenario/index.ts';
import type { Shrunk } from './shrink.ts';

/** As much of a shrunk run as its scenario depends on. */
interface Told extends Pick<Shrunk, 'variant' | 'foundIn'> {
  readonly violation: { readonly invariant: string };
}

/**
 * The text of a scenario that does what the shrunk run does and stops there. `text` is that of a
 * checked scenario, `seed` that of the world in which the run was shrunk.
 */
export function shrunkScenario(
  text: string,
  { variant, foundIn, violation }: Told,
  schedule: readonly WrittenStep[],
  seed: string,
): string {
  const { nodes, clients, weather, instantDisk } = variant;
  const edits: Edit[] = [
    { path: ['cluster_config', 'nodes'], value: nodes },
    // Said of a larger cluster.
    ...(nodes < foundIn.nodes
      ? [{ path: ['cluster_config', 'failure_tolerance'], value: undefined }]
      : []),
    ...(clients === 0 ? gone('workload') : [{ path: ['workload', 'clients'], value: clients }]),
    ...(weather === 'as configured' ? [] : gone('faults', 'random_faults')),
    ...(weather === 'as configured' ? [] : calm(weather === 'doubled' ? 1 : 0)),
    ...(instantDisk ? [{ path: ['disk', 'sync_ms'], value: 0 }] : []),
    // It speaks of moments that are no more.
    ...gone('lesson', 'seed', 'schedule', 'after_schedule', 'expect'),
    { path: ['seed'], value: seed },
    { path: ['schedule'], value: schedule },
    { path: ['after_schedule'], value: 'stop' },
    { path: ['expect'], value: expectation(violation.invariant) },
  ];
  return editScenario(text, edits);
}

/** A handler that throws breaks no invariant that a scenario could name. */
function expectation(invariant: string): unknown {
  return invariant.startsWith('protocol/') ? 'violates' : { [invariant]: 'violates' };
}

function gone(...keys: readonly string[]): Edit[] {
  return keys.map((key) => ({ path: [key], value: undefined }));
}

/** What the words of the network leave to chance. */
function calm(duplicate: number): Edit[] {
  const network = (key: string, value: unknown) => ({ path: ['network_assumptions', key], value });
  return [network('loss', 0), network('duplicate', duplicate), network('partition_probability', 0)];
}
