/** Rendezvous hashing: of all nodes the one that a key likes best (Thaler, Ravishankar 1998). */
import { hashOfKey, hashOfPair } from './hashing.ts';

/**
 * No ring and no virtual nodes: each node has a hash together with the key, and the greatest one
 * wins. As even as a hash is; a lookup asks all nodes. Who joins takes keys from all others alike.
 */
export class RendezvousHash {
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

  /** The owner of a key; null when there is no node. O(nodes). */
  getNode(key: string): string | null {
    return this.getNodes(key, 1)[0] ?? null;
  }

  /** The `count` nodes that the key likes best, the best first; equal ones by name. */
  getNodes(key: string, count: number): string[] {
    const keyHash = hashOfKey(key);
    const scored = this.members.map((node) => ({ node, score: hashOfPair(node, keyHash) }));
    return scored
      .sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1))
      .slice(0, count)
      .map(({ node }) => node);
  }
}
