/** A protocol's mutant as an entry of the table. */
import type { Mutant } from '../../protocols/common/mutant.ts';
import type { MutantEntry } from '../scenario/index.ts';

export function mutantEntry(protocol: string, mutant: Mutant): MutantEntry {
  const { id, description, violates, needs, minNodes, sources, control, script, remark } = mutant;
  return {
    id,
    protocol,
    description,
    violates,
    needs,
    minNodes,
    sources,
    control: control !== undefined,
    ...(remark === undefined ? {} : { remark }),
    ...(script === undefined ? {} : { script }),
  };
}
