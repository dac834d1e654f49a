/** How one node changed in one event, in a packed block. */
import type { Change, Patch } from '../../trace/format.ts';
import type { NumberedPatch, Written } from './inverse.ts';

export type Path = Patch['path'];

/** Operation, number of the path; no value where there is none, or where it is the time. */
type PackedPatch = readonly [number, number, unknown?];
/** Node, patches; no inverse where it follows from the block. */
export type PackedChange = readonly [number, readonly PackedPatch[], (readonly Patch[])?];

const ops = ['add', 'remove', 'replace'] as const;
/** Added to the number of an operation that writes the milliseconds at which its event happens. */
const NOW = ops.length;

/** Every different path of a block once. */
export class Paths {
  readonly list: Path[] = [];
  private readonly known = new Map<string, number>();

  idOf(path: Path): number {
    const key = JSON.stringify(path);
    const id = this.known.get(key) ?? this.list.length;
    if (id === this.list.length) {
      this.known.set(key, id);
      this.list.push(path);
    }
    return id;
  }
}

/** `at`: microseconds of its event. */
export function packChange(
  { node, patches, inverse }: Change,
  at: number,
  paths: Paths,
  written: Written,
): PackedChange {
  const numbered = patches.map((patch) => ({ patch, id: paths.idOf(patch.path) }));
  const derived = written.inverseOf(node, numbered);
  written.write(node, numbered);
  const short = numbered.map(({ patch: { op, value }, id }): PackedPatch => {
    const number = ops.indexOf(op);
    if (value === at / 1000) return [number + NOW, id];
    return value === undefined ? [number, id] : [number, id, value];
  });
  const isDerived = JSON.stringify(derived) === JSON.stringify(inverse);
  return isDerived ? [node, short] : [node, short, inverse];
}

export function unpackChange(
  [node, short, given]: PackedChange,
  at: number,
  paths: readonly Path[],
  written: Written,
): Change {
  const numbered = short.map(([how, id, value]): NumberedPatch => {
    const op = ops[how % NOW] as Patch['op'];
    const path = paths[id] as Path;
    const now = how >= NOW ? at / 1000 : value;
    return { patch: now === undefined ? { op, path } : { op, path, value: now }, id };
  });
  const inverse = given ?? written.inverseOf(node, numbered) ?? [];
  written.write(node, numbered);
  return { node, patches: numbered.map(({ patch }) => patch), inverse: [...inverse] };
}
