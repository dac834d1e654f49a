/** Registers: read, write and compare-and-swap, alone or one per key. */
import type { RegisterInput, RegisterOutput, Value } from '../../../sim/history/vocabulary.ts';
import { type Access, type Model, canonical, show, valueKey } from '../model.ts';

/** What a register holds; in a box, since null is a value too. */
export interface Held {
  readonly value: Value;
}

export type RegisterModel = Model<Held, RegisterInput, RegisterOutput>;

/**
 * One register with read, write and compare-and-swap; a swap that failed must have seen another
 * value than it expected. Checked in O(n log n) when written values are unique and failed swaps say
 * what they saw, else by search.
 */
export function casRegister(initial: Value = null): RegisterModel {
  return { ...operations('cas-register', initial), partitionBy: () => '' };
}

/** One register that is only read and written. */
export function register(initial: Value = null): RegisterModel {
  return { ...casRegister(initial), name: 'register' };
}

/** A register per key; keys are checked apart, for linearizability is local. */
export function map(initial: Value = null): RegisterModel {
  return { ...operations('map', initial), partitionBy: (input) => input.key ?? '' };
}

function operations(name: string, initial: Value): RegisterModel {
  return {
    name,
    initial: { value: initial },
    initialValue: initial,
    step,
    isPure: (input, output) =>
      input.type === 'read' ||
      (input.type === 'cas' && (same(input.from, input.to) || swapped(output) === false)),
    keyOf: ({ value }) => (typeof value === 'string' ? `"${value}` : canonical(value)),
    access,
    describe,
  };
}

function step(state: Held, input: RegisterInput, output: RegisterOutput | undefined): Held | null {
  if (input.type === 'write') return { value: input.value };
  if (input.type === 'read') {
    return output === undefined || same(state.value, output as Value) ? state : null;
  }
  const matches = same(state.value, input.from);
  const didSwap = swapped(output);
  if (didSwap === undefined) return matches ? { value: input.to } : state;
  if (didSwap) return matches ? { value: input.to } : null;
  const saw = sawValue(output);
  return matches || (saw !== undefined && !same(state.value, saw)) ? null : state;
}

function access(input: RegisterInput, output: RegisterOutput | undefined): Access | null {
  if (input.type === 'read') return output === undefined ? {} : { observes: output as Value };
  if (input.type === 'write') return { produces: input.value };
  if (swapped(output) !== false) {
    if (!same(input.from, input.to)) return { observes: input.from, produces: input.to };
    return swapped(output) === undefined ? {} : { observes: input.from };
  }
  const saw = sawValue(output);
  if (saw === undefined) return { avoids: input.from };
  return same(saw, input.from) ? null : { observes: saw };
}

function describe(input: RegisterInput, output: RegisterOutput | undefined): string {
  const on = input.key === undefined ? '' : `${input.key} `;
  if (input.type === 'read') return `read ${on}→ ${output === undefined ? '?' : show(output)}`;
  if (input.type === 'write') return `write ${on}${show(input.value)}`;
  const saw = sawValue(output);
  const answer = { true: '', false: ' → no', undefined: ' → ?' }[`${swapped(output)}`];
  const seen = saw === undefined ? '' : `, saw ${show(saw)}`;
  return `cas ${on}${show(input.from)} to ${show(input.to)}${answer}${seen}`;
}

function swapped(output: RegisterOutput | undefined): boolean | undefined {
  if (output === undefined || output === null || typeof output !== 'object') return undefined;
  return 'swapped' in output ? output.swapped === true : undefined;
}

function sawValue(output: RegisterOutput | undefined): Value | undefined {
  if (typeof output !== 'object' || output === null || !('saw' in output)) return undefined;
  return output.saw;
}

function same(a: Value, b: Value): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && valueKey(a) === valueKey(b));
}
