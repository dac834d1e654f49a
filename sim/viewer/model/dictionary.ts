/** A column of a packed block: every different value once, and who has which. */

/** `refs` has one number per event: see `Dictionary.add`. */
export interface Column {
  readonly values: readonly unknown[];
  readonly refs: readonly number[];
}

export class Dictionary {
  readonly values: unknown[] = [];
  readonly refs: number[] = [];
  private readonly known = new Map<string, number>();

  /** The next event's value: 0 for none, 1 for a new one, else how far back it stands, plus 1. */
  add(value: unknown): void {
    if (value === undefined) this.refs.push(0);
    else this.refs.push(this.refOf(value));
  }

  private refOf(value: unknown): number {
    // Numbers counted from the end stay small, and a compressor likes that.
    const key = JSON.stringify(value);
    const id = this.known.get(key);
    if (id !== undefined) return this.values.length - id + 1;
    this.known.set(key, this.values.length);
    this.values.push(value);
    return 1;
  }
}

/** The values of all events in order; undefined: it has none. Equal ones are one object. */
export function valuesOf({ values, refs }: Column): unknown[] {
  let next = 0;
  return refs.map((ref) => {
    if (ref === 0) return undefined;
    return ref === 1 ? values[next++] : values[next - ref + 1];
  });
}
