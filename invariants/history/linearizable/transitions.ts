/** States and operations as small integers; a model's step is called once per pair of them. */
import { at, item } from '../arrays.ts';
import type { Model } from '../model.ts';
import { plainKey } from '../plain-key.ts';

/** Operations of one class do the same in every state. */
export interface OperationClass {
  readonly input: unknown;
  readonly output: unknown;
}

/** No state: the operation is impossible there. */
export const impossible = -1;

/** A memo of the model's `step` over interned states, as in Knossos. State 0 is the initial one. */
export class Transitions {
  readonly states: unknown[] = [];
  readonly classes: OperationClass[] = [];
  private readonly model: Model;
  private readonly stateIds = new Map<string, number>();
  private readonly classIds = new Map<string, number>();
  /** Open addressing: state, class, next state + 2 (0: free) in three consecutive cells. */
  private table = new Int32Array(3 * 64);
  private used = 0;

  constructor(model: Model) {
    this.model = model;
    this.stateId(model.initial);
  }

  /** A class for one operation alone: making no key costs less than sharing saves. */
  ownClass(input: unknown, output: unknown): number {
    return this.classes.push({ input, output }) - 1;
  }

  /** The class of equal operations. Inputs that are not plain data are a class each. */
  sharedClass(input: unknown, output: unknown): number {
    const inputKey = plainKey(input);
    const outputKey = inputKey === null ? null : plainKey(output);
    const key = outputKey === null ? `#${this.classes.length}` : `${inputKey}→${outputKey}`;
    const known = this.classIds.get(key);
    if (known !== undefined) return known;
    this.classIds.set(key, this.classes.length);
    return this.classes.push({ input, output }) - 1;
  }

  /** The state after an operation of that class, or `impossible`. */
  next(state: number, operationClass: number): number {
    const mask = this.table.length / 3 - 1;
    let slot = hash(state, operationClass) & mask;
    for (;;) {
      const cell = 3 * slot;
      const found = at(this.table, cell + 2);
      if (found === 0) break;
      if (at(this.table, cell) === state && at(this.table, cell + 1) === operationClass) {
        return found - 2;
      }
      slot = (slot + 1) & mask;
    }
    const { input, output } = item(this.classes, operationClass);
    const after = this.model.step(this.states[state], input, output) ?? null;
    const isSame = after === this.states[state];
    const next = after === null ? impossible : isSame ? state : this.stateId(after);
    this.remember(state, operationClass, next);
    return next;
  }

  private stateId(state: unknown): number {
    const key = this.model.keyOf ? this.model.keyOf(state) : plainKey(state);
    if (key === null) {
      throw new TypeError(
        `A state of the model ${this.model.name} is not plain data: give the model a keyOf(state).`,
      );
    }
    const known = this.stateIds.get(key);
    if (known !== undefined) return known;
    this.stateIds.set(key, this.states.length);
    return this.states.push(state) - 1;
  }

  private remember(state: number, operationClass: number, next: number): void {
    if (this.used * 2 >= this.table.length / 3) this.grow();
    this.used += 1;
    put(this.table, state, operationClass, next + 2);
  }

  private grow(): void {
    const old = this.table;
    this.table = new Int32Array(2 * old.length);
    for (let cell = 0; cell < old.length; cell += 3) {
      const found = at(old, cell + 2);
      if (found !== 0) put(this.table, at(old, cell), at(old, cell + 1), found);
    }
  }
}

function hash(state: number, operationClass: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(operationClass + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function put(table: Int32Array, state: number, operationClass: number, value: number): void {
  const mask = table.length / 3 - 1;
  let slot = hash(state, operationClass) & mask;
  while (at(table, 3 * slot + 2) !== 0) slot = (slot + 1) & mask;
  table[3 * slot] = state;
  table[3 * slot + 1] = operationClass;
  table[3 * slot + 2] = value;
}
