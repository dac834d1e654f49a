/**
 * Follows one node's plain state with an immutable tree, and says by patches how it changed. Here a
 * run pays for being recorded: handlers know nothing of it.
 */
import { enablePatches, Immer } from 'immer';
import { isForkable, type Forkable, type NodeView } from '../engine/index.ts';
import type { Patch, TracedNode } from './format.ts';
import { own, same } from './own.ts';

enablePatches();
// Not frozen: parts of the tree are shared with messages and states that their owners still change.
const immer = new Immer({ autoFreeze: false });

type Fields = Record<string, unknown>;

export interface MirrorChange {
  readonly patches: Patch[];
  readonly inverse: Patch[];
}

export class Mirror {
  private tree: TracedNode;
  private readonly seen = new WeakMap<Forkable, Seen>();

  constructor({ status, incarnation, state }: NodeView) {
    this.tree = { status, incarnation, state: own(this.unfold(state)) };
    this.link(state, this.tree.state);
  }

  /** The node as it was at the last update; immutable. */
  get node(): TracedNode {
    return this.tree;
  }

  /** Catches up with the node; null when nothing changed. */
  update({ status, incarnation, state }: NodeView): MirrorChange | null {
    const base = this.tree;
    const current = { status, incarnation, state: this.unfold(state) };
    if (same(base, current)) return null;
    const [tree, patches, inverse] = immer.produceWithPatches(base, (draft) => {
      reconcile(draft, base, current);
    });
    this.tree = tree;
    this.link(state, tree.state);
    return { patches, inverse };
  }

  /** The value with each forkable part as plain data; a value without any is not copied. */
  private unfold(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (isForkable(value)) return this.plainOf(value);
    if (Object.isFrozen(value)) return value;
    let copy: Fields | null = null;
    for (const field of Object.keys(value)) {
      const content = (value as Fields)[field];
      const plain = this.unfold(content);
      if (plain === content) continue;
      copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Fields;
      copy[field] = plain;
    }
    return copy ?? value;
  }

  /** What did not change since the last look is the tree's own part: it compares equal at once. */
  private plainOf(value: Forkable): unknown {
    const { version } = value;
    const before = this.seen.get(value);
    if (before?.version === version) return before.part;
    const raw = value.toPlain();
    const part = before === undefined ? own(raw) : merge(before.part, before.raw, raw);
    this.seen.set(value, { version, raw, part });
    return part;
  }

  /** Remembers for each forkable value the part of the tree that now stands for it. */
  private link(value: unknown, tree: unknown): void {
    if (typeof value !== 'object' || value === null || tree === undefined) return;
    if (isForkable(value)) {
      const seen = this.seen.get(value);
      if (seen !== undefined) seen.part = tree;
    } else if (!Object.isFrozen(value)) {
      for (const field of Object.keys(value)) {
        this.link((value as Fields)[field], (tree as Fields)[field]);
      }
    }
  }
}

/** A forkable value as it was when it was last looked at. */
interface Seen {
  readonly version: number;
  /** What it said itself; it never changes an object that it has once handed out. */
  readonly raw: unknown;
  /** The same in the tree. */
  part: unknown;
}

/** What `now` says, made of the tree's parts wherever `now` still holds objects of `before`. */
function merge(part: unknown, before: unknown, now: unknown): unknown {
  if (typeof now !== 'object' || now === null) return now;
  if (now === before) return part;
  if (!alike(before, now) || !alike(part, now)) return own(now);
  if (Array.isArray(now)) {
    return now.map((item, i) => merge(part[i], before[i], item));
  }
  const copy: Fields = {};
  for (const field of Object.keys(now)) {
    const content = (now as Fields)[field];
    if (content !== undefined) copy[field] = merge(part[field], before[field], content);
  }
  return copy;
}

/** Makes the draft of `base` say what `value` says, touching only what differs. */
function reconcile(draft: Fields, base: Fields, value: Fields): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assign(draft, base, i as never, value[i]);
    if (value.length < (base as unknown as unknown[]).length) draft['length'] = value.length;
    return;
  }
  for (const field of Object.keys(value)) assign(draft, base, field, value[field]);
  for (const field of Object.keys(base)) {
    if (!Object.hasOwn(value, field)) Reflect.deleteProperty(draft, field);
  }
}

function assign(draft: Fields, base: Fields, field: string, to: unknown): void {
  const from = base[field];
  if (same(from, to)) return;
  if (to === undefined) Reflect.deleteProperty(draft, field);
  else if (alike(from, to)) reconcile(draft[field] as Fields, from, to as Fields);
  else draft[field] = own(to);
}

/** Two lists, or two objects that are not lists: the one can become the other step by step. */
function alike(a: unknown, b: unknown): a is Fields {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) === Array.isArray(b);
}
