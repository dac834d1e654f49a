/** hash(key) mod n: even and simple, and the bad example: a change of n moves nearly every key. */
import { hashOfKey } from './hashing.ts';

export class ModuloHash {
  private readonly members: string[] = [];

  get nodes(): readonly string[] {
    return this.members;
  }

  addNode(node: string): void {
    if (!this.members.includes(node)) this.members.push(node);
  }

  removeNode(node: string): void {
    const at = this.members.indexOf(node);
    if (at >= 0) this.members.splice(at, 1);
  }

  /** The owner of a key; null when there is no node. */
  getNode(key: string): string | null {
    return this.members[hashOfKey(key) % Math.max(1, this.members.length)] ?? null;
  }
}
