/** Inverse patches that follow from earlier patches of the same block: a page leaves them out. */
import type { Patch } from '../../trace/format.ts';

/** A patch whose path stands in a table, under this number. */
export interface NumberedPatch {
  readonly patch: Patch;
  readonly id: number;
}

/** What the patches of a block have written so far, by node and path. */
export class Written {
  private readonly nodes: Map<number, unknown>[] = [];

  /**
   * What immer writes as the inverse of these patches, as far as the block tells; null: it does
   * not. It is wrong where a larger part was written meanwhile: whoever packs has to compare.
   */
  inverseOf(node: number, patches: readonly NumberedPatch[]): Patch[] | null {
    const values = this.valuesOf(node);
    const inverse: Patch[] = [];
    for (const { patch, id } of patches) {
      const { op, path } = patch;
      if (op === 'add') {
        inverse.push({ op: 'remove', path });
        continue;
      }
      const value = values.get(id);
      if (value === undefined) return null;
      inverse.push({ op: op === 'remove' ? 'add' : 'replace', path, value });
    }
    return inverse;
  }

  write(node: number, patches: readonly NumberedPatch[]): void {
    const values = this.valuesOf(node);
    for (const { patch, id } of patches) {
      if (patch.op === 'remove') values.delete(id);
      else values.set(id, patch.value);
    }
  }

  private valuesOf(node: number): Map<number, unknown> {
    return (this.nodes[node] ??= new Map());
  }
}
