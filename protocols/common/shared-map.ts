/** A map that copies itself in O(1): copies share their content until one of them changes it. */

export class SharedMap<Value> {
  private content: Map<string, Value>;
  /** True while another copy may hold the same content. */
  private shared = false;

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    this.content = new Map(entries);
  }

  get size(): number {
    return this.content.size;
  }

  get(key: string): Value | undefined {
    return this.content.get(key);
  }

  set(key: string, value: Value): void {
    this.own();
    this.content.set(key, value);
  }

  delete(key: string): void {
    if (!this.content.has(key)) return;
    this.own();
    this.content.delete(key);
  }

  entries(): Iterable<readonly [string, Value]> {
    return this.content;
  }

  /** Entries in the order of their keys' code units: equal maps give equal lists. */
  sorted(): (readonly [string, Value])[] {
    return [...this.content].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  fork(): SharedMap<Value> {
    const copy = new SharedMap<Value>();
    copy.content = this.content;
    copy.shared = true;
    this.shared = true;
    return copy;
  }

  private own(): void {
    if (!this.shared) return;
    this.content = new Map(this.content);
    this.shared = false;
  }
}
