/** What a node remembers: ranges that it holds, requests that it routes, routes. */
import type { NodeId, Plain, Request } from '../../../sim/engine/protocol.ts';
import type { Group, HostState } from '../../common/embed.ts';
import { Machine } from '../../common/state-machine.ts';
import type { RangeEffects } from './messages.ts';
import type { RangeOptions } from './options.ts';
import { endOf, initialRoutes, type Change, type Routes } from './routes.ts';

/**
 * `serving`: it answers. `changing`: it has stopped to, for its owner wants to change the
 * directory. `incoming`: it is here, and the directory may not say so yet.
 */
type Phase = 'serving' | 'changing' | 'incoming';

export interface Held {
  start: string;
  end: string | null;
  epoch: number;
  phase: Phase;
  /** What the owner wants, while it is changing. */
  change: Change | null;
  machine: Machine;
}

/** A request that this node routes. */
export interface Routed {
  readonly request: Request;
  /** Of a scan: the answers of the ranges so far. */
  parts: { start: string; value: Plain }[];
  ticks: number;
}

export interface RangeState extends HostState {
  // On disk, beside the directory's part.
  held: Held[];

  // Volatile.
  routes: Routes | null;
  routed: Routed[];
  ticks: boolean;
  /** Whether the directory has been asked for the routes and has not answered. */
  looksUp: boolean;
  /** Ranges whose transfer the next owner has confirmed, by start. */
  confirmed: string[];
  /** Operations since the last report: by start of the range, and which keys. */
  counts: { start: string; operations: number; keys: Record<string, number> }[];
  loads: { node: NodeId; operations: number }[];

  readonly nodes: readonly NodeId[];
  readonly options: RangeOptions;
}

const DIRECTORY = 'directory';

/** The directory is a group of its own. */
export function groupsOf({ directory, inner }: RangeOptions): readonly [Group] {
  return [{ name: DIRECTORY, members: directory, options: inner }];
}

export function firstRoutes(
  { boundaries, owners }: RangeOptions,
  nodes: readonly NodeId[],
): Routes {
  return initialRoutes(boundaries, owners ?? nodes);
}

/** The ranges that a node owns before anything has happened. */
export function firstHeld(options: RangeOptions, effects: RangeEffects): Held[] {
  const routes = firstRoutes(options, effects.nodes);
  const { deduplicate, dedupWindowMs } = options;
  return routes
    .filter(({ owner }) => owner === effects.self)
    .map(({ start, epoch }) => ({
      start,
      end: endOf(routes, start),
      epoch,
      phase: 'serving',
      change: null,
      machine: Machine.empty({ deduplicate, dedupWindowMs }),
    }));
}

export function heldAt(state: RangeState, start: string): Held | undefined {
  return state.held.find((one) => one.start === start);
}

/** Ticks while somebody waits for an answer, or a range is on its way. */
export function keepTicking(state: RangeState, effects: RangeEffects): void {
  const waits = state.routed.length > 0 || state.held.some(({ phase }) => phase !== 'serving');
  if (state.ticks || !waits) return;
  state.ticks = true;
  effects.setTimer('tick', state.options.resendMs, state.options.resendMs);
}
