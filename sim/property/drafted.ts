/** An arbitrary over drafts: they are drawn, made into values, and shrunk by simpler drafts. */
import * as fc from 'fast-check';

export interface Drafting<Draft, T> {
  draw(mrng: fc.Random): Draft;
  make(draft: Draft): T;
  /** Simpler drafts, the boldest first; each is tried only when those before it did not do. */
  simpler(draft: Draft): IterableIterator<Draft>;
}

export class Drafted<Draft, T> extends fc.Arbitrary<T> {
  private readonly drafting: Drafting<Draft, T>;

  constructor(drafting: Drafting<Draft, T>) {
    super();
    this.drafting = drafting;
  }

  generate(mrng: fc.Random): fc.Value<T> {
    return this.toValue(this.drafting.draw(mrng));
  }

  /** The draft is known of values only that were made here. */
  canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  shrink(_value: T, context?: unknown): fc.Stream<fc.Value<T>> {
    if (context === undefined) return fc.Stream.nil();
    const drafts = this.drafting.simpler(context as Draft);
    return fc.stream(drafts).map((draft) => this.toValue(draft));
  }

  private toValue(draft: Draft): fc.Value<T> {
    return new fc.Value(this.drafting.make(draft), draft);
  }
}

/** Lists with less in them: nothing, half, and each without one item. */
export function* fewer<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length === 0) return;
  yield [];
  const half = list.length >> 1;
  if (half > 0) {
    yield list.slice(0, half);
    yield list.slice(half);
  }
  if (list.length > 2) for (let i = list.length - 1; i >= 0; i--) yield list.toSpliced(i, 1);
}

/** Smaller numbers down to `least`: that one first, then ever nearer to the number. */
export function* smaller(number: number, least: number): Generator<number> {
  for (let gap = number - least; gap >= 1; gap = Math.floor(gap / 2)) yield number - gap;
}
