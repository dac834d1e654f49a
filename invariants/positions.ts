/** A table by log position that forgets from below. An array: it is asked once per new entry. */

/** Positions farther than this above all others make the table start over there. */
const GAP = 1 << 20;

export class Positions<T> {
  /** Every position up to here is forgotten, and stays so. */
  floor: number;
  private readonly items: (T | undefined)[];

  constructor(floor = 0, items: (T | undefined)[] = []) {
    this.floor = floor;
    this.items = items;
  }

  /** The highest position that was ever set, or the floor. */
  get last(): number {
    return this.floor + this.items.length;
  }

  get(position: number): T | undefined {
    return position <= this.floor ? undefined : this.items[position - this.floor - 1];
  }

  /** Does nothing for a position that is forgotten. */
  set(position: number, value: T): void {
    if (position <= this.floor) return;
    if (position > this.last + GAP) this.forget(position - 1);
    while (this.last < position - 1) this.items.push(undefined);
    this.items[position - this.floor - 1] = value;
  }

  /** Forgets every position up to `floor`. */
  forget(floor: number): void {
    if (floor <= this.floor) return;
    this.items.splice(0, floor - this.floor);
    this.floor = floor;
  }

  /** Calls `visit` for every position that is set, the lowest first. */
  each(visit: (position: number, value: T) => void): void {
    for (let i = 0; i < this.items.length; i++) {
      const value = this.items[i];
      if (value !== undefined) visit(this.floor + 1 + i, value);
    }
  }

  /** A copy; what the table holds is shared, so it must never change. */
  fork(): Positions<T> {
    return new Positions(this.floor, this.items.slice());
  }
}
