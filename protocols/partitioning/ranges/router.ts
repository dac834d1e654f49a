/** The router: whoever a client asks finds the owner, by routes that may be stale. */
import type { Command, NodeId, Plain, Request, Response } from '../../../sim/engine/protocol.ts';
import type { Host } from '../../common/embed.ts';
import type { Forwarded, Misrouted, RangeEffects } from './messages.ts';
import { contains, endOf, routeOf, routesIn, type Route } from './routes.ts';
import { firstRoutes, groupsOf, keepTicking, type RangeState, type Routed } from './state.ts';

const KEY = 'routes';

export function onRequest(
  host: Host,
  state: RangeState,
  request: Request,
  effects: RangeEffects,
): void {
  const { key, type } = request.command;
  if (type !== 'scan' && typeof key !== 'string') {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  if (find(state, request) !== undefined) return;
  const routed: Routed = { request, parts: [], ticks: 0 };
  state.routed.push(routed);
  forward(host, state, routed, effects);
  keepTicking(state, effects);
}

/** Sends the request to the owner of its key; a scan to all owners of ranges in its reach. */
function forward(host: Host, state: RangeState, routed: Routed, effects: RangeEffects): void {
  if (state.routes === null) {
    lookUp(host, state, effects);
    return;
  }
  const { client, sequence, command } = routed.request;
  for (const { owner, start, epoch } of targetsOf(state, routed)) {
    effects.send(owner, { type: 'Forward', client, sequence, command, start, epoch });
  }
}

/** The ranges that have not answered yet. */
function targetsOf(state: RangeState, { request, parts }: Routed): readonly Route[] {
  const routes = state.routes ?? [];
  const { type, key, from, to } = request.command;
  if (type !== 'scan') {
    const route = routeOf(routes, key as string);
    return route === undefined ? [] : [route];
  }
  const [first, last] = [typeof from === 'string' ? from : '', typeof to === 'string' ? to : null];
  return routes.filter(({ start }) => {
    const end = endOf(routes, start);
    const isReached = (last === null || start < last) && (end === null || end > first);
    return isReached && !parts.some((part) => part.start === start);
  });
}

/** Asks the directory, unless it has been asked. */
export function lookUp(host: Host, state: RangeState, effects: RangeEffects): void {
  if (state.looksUp) return;
  state.looksUp = true;
  const [group] = groupsOf(state.options);
  host.ask(state, group, { type: 'get', key: KEY }, { why: 'routes' }, effects);
}

/** The first to ask finds nothing, and writes what all nodes know to be the beginning. */
export function onRoutes(
  host: Host,
  state: RangeState,
  value: Plain,
  effects: RangeEffects,
): boolean {
  state.looksUp = false;
  const routes = routesIn(value);
  if (routes === null) {
    const [group] = groupsOf(state.options);
    const to = firstRoutes(state.options, state.nodes);
    state.looksUp = true;
    const command = { type: 'cas', key: KEY, from: null, to };
    host.ask(state, group, command, { why: 'begin' }, effects);
    return false;
  }
  state.routes = routes;
  for (const routed of state.routed.slice()) forward(host, state, routed, effects);
  return true;
}

export function onForwarded(
  state: RangeState,
  { client, sequence, start, response }: Forwarded,
  effects: RangeEffects,
): void {
  const routed = find(state, { client, sequence });
  if (routed === undefined) return;
  if (routed.request.command.type !== 'scan' || response.type === 'error') {
    finish(state, routed, response, effects);
    return;
  }
  if (routed.parts.some((part) => part.start === start)) return;
  routed.parts.push({ start, value: response.value });
  if (targetsOf(state, routed).length > 0) return;
  const parts = routed.parts.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  const value = parts.flatMap((part) => part.value as readonly Plain[]);
  finish(state, routed, { type: 'ok', value }, effects);
}

/** The route is stale: the directory knows better. */
export function onMisrouted(
  host: Host,
  state: RangeState,
  _from: NodeId,
  { client, sequence }: Misrouted,
  effects: RangeEffects,
): void {
  if (find(state, { client, sequence }) !== undefined) lookUp(host, state, effects);
}

function finish(
  state: RangeState,
  routed: Routed,
  response: Response,
  effects: RangeEffects,
): void {
  state.routed = state.routed.filter((other) => other !== routed);
  const { client, sequence } = routed.request;
  effects.respond({ client, sequence }, response);
}

/** Says again what has not been answered; at times asks whether the routes still hold. */
export function pursue(host: Host, state: RangeState, effects: RangeEffects): void {
  for (const routed of state.routed.slice()) {
    routed.ticks++;
    if (routed.ticks > state.options.patience) {
      finish(state, routed, { type: 'error', code: 'TIMEOUT' }, effects);
      continue;
    }
    if (routed.ticks % 4 === 0) lookUp(host, state, effects);
    forward(host, state, routed, effects);
  }
}

function find(
  state: RangeState,
  { client, sequence }: { readonly client: string; readonly sequence: number },
): Routed | undefined {
  return state.routed.find(
    ({ request }) => request.client === client && request.sequence === sequence,
  );
}

/** Entries of a range that a scan reaches: `[key, value]`, in the order of the keys. */
export function scanned(
  values: readonly (readonly [string, Plain])[],
  { from, to }: Command,
): Plain {
  const first = typeof from === 'string' ? from : '';
  const last = typeof to === 'string' ? to : null;
  return values.filter(([key]) => contains(first, last, key)).map(([key, value]) => [key, value]);
}
