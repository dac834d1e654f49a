/** What clients do, as a fast-check arbitrary: the `workload` of a scenario. */
import * as fc from 'fast-check';
import type { ScenarioInput } from '../scenario/index.ts';
import { writeYaml } from '../scenario/write.ts';
import { Drafted, smaller } from './drafted.ts';

/** The `workload` of a scenario; as text it is YAML. */
export type ClientOperations = NonNullable<ScenarioInput['workload']>;

export interface ClientOperationsOptions {
  /** At most so many clients; at least one. Default 3. */
  readonly clients?: number;
  /** At most so many operations of all clients together. Default 20. */
  readonly operations?: number;
  /** Default: a register, appended strings and counters. */
  readonly kinds?: readonly OperationKind[];
}

export const operationKinds = ['register', 'append', 'counter'] as const;
export type OperationKind = (typeof operationKinds)[number];

export interface OperationsDraft {
  /** May be 0 while a scenario shrinks: then there is no workload. */
  readonly clients: number;
  readonly limit: number;
  readonly kind: OperationKind;
  /** The share of operations that only read, in tenths. */
  readonly reads: number;
}

/** Shrinks to fewer clients, then to fewer operations. */
export function clientOperations(
  options: ClientOperationsOptions = {},
): fc.Arbitrary<ClientOperations> {
  return new Drafted<OperationsDraft, ClientOperations>({
    draw: (mrng) => drawOperations(mrng, options, 1),
    make: (draft) => readable(workloadOf(draft)),
    simpler: function* (draft) {
      for (const clients of smaller(draft.clients, 1)) yield { ...draft, clients };
      yield* shorter(draft);
    },
  });
}

export function drawOperations(
  mrng: fc.Random,
  options: ClientOperationsOptions,
  least: number,
): OperationsDraft {
  const { clients = 3, operations = 20, kinds = operationKinds } = options;
  return {
    clients: mrng.nextInt(least, Math.max(least, clients)),
    limit: mrng.nextInt(1, operations),
    kind: kinds[mrng.nextInt(0, kinds.length - 1)] as OperationKind,
    reads: mrng.nextInt(1, 9),
  };
}

/** The same clients with fewer operations. */
export function* shorter(draft: OperationsDraft): Generator<OperationsDraft> {
  for (const limit of smaller(draft.limit, 1)) yield { ...draft, limit };
}

export function workloadOf({ clients, limit, kind, reads }: OperationsDraft): ClientOperations {
  return { clients, operations: { kind, reads: reads / 10 }, limit };
}

function readable(workload: ClientOperations): ClientOperations {
  const toText = () => writeYaml({ workload }).trimEnd();
  return Object.defineProperty(workload, fc.toStringMethod, { value: toText });
}
