/** The moves of a run for a smaller cluster: some nodes are gone, the others have new numbers. */
import { EventKind, nodeName, type Payload } from '../engine/index.ts';
import { touches, type Move } from './move.ts';

/** Without all that happens to the nodes that are gone (indices) or comes from them. */
export function withoutNodes(
  moves: readonly Move[],
  nodes: number,
  gone: readonly number[],
): readonly Move[] {
  const left = Array.from({ length: nodes }, (_, i) => i).filter((i) => !gone.includes(i));
  const names = new Map<string, string | null>([
    ...gone.map((node) => [nodeName(node), null] as const),
    ...left.map((node, place) => [nodeName(node), nodeName(place)] as const),
  ]);
  // Clients are numbered behind the nodes.
  const place = (actor: number) => (actor < nodes ? left.indexOf(actor) : actor - gone.length);
  return moves
    .filter((move) => !gone.some((node) => touches(move, node)))
    .map((move) => renamed(move, place, names));
}

type Names = ReadonlyMap<string, string | null>;

function renamed(move: Move, place: (actor: number) => number, names: Names): Move {
  const { kind, actor, from, payload, target, label } = move;
  return {
    ...move,
    actor: actor < 0 ? -1 : place(actor),
    from: from < 0 ? -1 : place(from),
    payload: renamedValue(payload, names) as Payload,
    // Whatever has the same label will do; a fault is made anew.
    content: kind === EventKind.fault || payload === null ? null : NO_CONTENT,
    label: label.replace(/\bn\d+\b/g, (name) => names.get(name) ?? name),
    target: target === null ? null : renamed(target, place, names),
  };
}

/** No hash is negative: nothing has it. */
const NO_CONTENT = -1;

/** Names that stand alone or are keys get their new form; lists lose those that are gone. */
function renamedValue(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const kept = value.filter((item) => names.get(item as string) !== null);
    return kept.map((item) => renamedValue(item, names));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [names.get(key) ?? key, renamedValue(item, names)]),
  );
}
