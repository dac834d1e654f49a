/** What there is to say about one kind of fault in a scenario. */
import type { z } from 'zod';
import type { Fault } from '../faults/fault.ts';

/** The parts of an entry that stand beside its fault. */
export interface Beside {
  readonly behaviours?: readonly string[] | undefined;
  readonly probability?: number | undefined;
}

/** One row of the table in fault-forms.ts. */
export interface FaultForm {
  readonly schema: z.ZodType;
  /** What the names in the value are names of; links join nodes and clients. */
  readonly names: 'nodes' | 'links' | 'regions';
  make(value: unknown, beside: Beside): Fault;
}

/** A row whose maker knows the type of its value. */
export function form<S extends z.ZodType>(
  schema: S,
  names: FaultForm['names'],
  make: (value: z.output<S>, beside: Beside) => Fault,
) {
  return {
    schema,
    names,
    // The value comes from this same schema.
    make: (value: unknown, beside: Beside) => make(value as z.output<S>, beside),
  };
}
