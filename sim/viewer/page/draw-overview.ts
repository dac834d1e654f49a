/** Draws the overview strip: virtual time from left to right, a lane for each node. */
import type { Store } from '../model/store.ts';
import { termColour, type Colours } from './colours.ts';
import { stroke } from './draw-lanes.ts';
import type { Side } from './side.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
  readonly lane: number;
  readonly axis: number;
}

/** Room for the names at the left. */
const NAMES = 34;

/** All that stays as it is while the cursor and the window move. */
export function drawRun(
  context: CanvasRenderingContext2D,
  { store }: Side,
  { width, height, lane, axis }: Size,
  colours: Colours,
): void {
  const { header, gathered, violation } = store;
  context.clearRect(0, 0, width, height);
  const x = scaleOf(store, width);
  const bottom = axis + lane * header.nodes.length;
  drawDensity(context, store, width, axis, colours);
  for (const cut of gathered.cuts) {
    const from = x(cut.at);
    const to = cut.to === null ? width : x(cut.to.at);
    for (const [i, name] of header.nodes.entries()) {
      const group = cut.sides.findIndex((nodes) => nodes.includes(name));
      if (group < 0) continue;
      context.fillStyle = colours.cut[group % colours.cut.length] as string;
      context.fillRect(from, axis + i * lane, Math.max(2, to - from), lane);
    }
    context.strokeStyle = colours.bad;
    context.setLineDash([4, 3]);
    for (const edge of [from, to]) stroke(context, edge, axis, edge, bottom);
    context.setLineDash([]);
  }
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const [i, name] of header.nodes.entries()) {
    const y = axis + (i + 0.5) * lane;
    context.fillStyle = colours.ink;
    context.fillText(name, 4, y);
    drawNode(context, store, i, y, x, width, colours);
  }
  for (const { at, nodes, kind } of gathered.marks) {
    context.fillStyle = colours.warn;
    const lanes = nodes.map((name) => header.nodes.indexOf(name)).filter((i) => i >= 0);
    for (const i of lanes.length > 0 ? lanes : [0]) {
      context.fillText(GLYPHS[kind] ?? '■', x(at) - 4, axis + (i + 0.5) * lane);
    }
  }
  drawAxis(context, store, x, bottom, width, colours);
  if (violation !== null) {
    const at = x(violation.at);
    context.strokeStyle = colours.bad;
    context.fillStyle = colours.bad;
    context.lineWidth = 2;
    stroke(context, at, 0, at, bottom);
    context.fillText('▼', at - 5, 7);
  }
}

/** The cursor, and the part of the run whose rows are on the page. */
export function drawPlace(
  context: CanvasRenderingContext2D,
  side: Side,
  { width, lane, axis }: Size,
  colours: Colours,
): void {
  const { store } = side;
  const { header, columns } = store;
  const x = scaleOf(store, width);
  const bottom = axis + lane * header.nodes.length;
  context.lineWidth = 2;
  context.strokeStyle = colours.cursor;
  const cursor = x(columns.at[Math.max(0, side.step.value)] ?? 0);
  stroke(context, cursor, 0, cursor, bottom);
  const from = columns.at[side.eventOf(side.top.value)] ?? 0;
  const lastRow = Math.min(side.rowCount.value - 1, side.top.value + side.visible.value);
  const to = columns.at[side.eventOf(Math.max(0, lastRow))] ?? 0;
  context.lineWidth = 1;
  context.strokeRect(x(from) - 1, 1, Math.max(4, x(to) - x(from) + 2), bottom - 2);
}

/** A mark says by its shape what happened. */
const GLYPHS: Readonly<Record<string, string>> = {
  crash: '✕',
  wipe: '✕',
  restart: '▴',
  pause: '‖',
  resume: '▸',
  'clock-step': '◔',
  'clock-drift': '◔',
  disk: '▬',
  request: '◆',
  heal: '+',
};

function drawNode(
  context: CanvasRenderingContext2D,
  store: Store,
  node: number,
  y: number,
  x: (at: number) => number,
  width: number,
  colours: Colours,
): void {
  const spans = store.gathered.spans[node] ?? [];
  const end = store.endAt;
  for (const [i, { at, status, leads, epoch }] of spans.entries()) {
    const from = x(at);
    const to = Math.min(width, x(spans[i + 1]?.at ?? end));
    if (status !== 'up') {
      context.setLineDash(status === 'down' ? [2, 4] : [6, 3]);
      context.strokeStyle = colours.faint;
      context.lineWidth = 2;
      stroke(context, from, y, to, y);
      context.setLineDash([]);
      continue;
    }
    context.fillStyle = leads ? termColour(epoch) : colours.line;
    const thick = leads ? 9 : 2;
    context.fillRect(from, y - thick / 2, Math.max(1, to - from), thick);
    if (!leads || to - from < 24) continue;
    context.fillStyle = '#fff';
    context.font = 'bold 10px system-ui, sans-serif';
    context.fillText(`t${epoch}`, from + 3, y);
    context.font = '11px system-ui, sans-serif';
  }
}

function drawDensity(
  context: CanvasRenderingContext2D,
  store: Store,
  width: number,
  axis: number,
  colours: Colours,
): void {
  const counts = densityOf(store, Math.max(1, Math.ceil(width)));
  let most = 1;
  for (const count of counts) most = Math.max(most, count);
  context.fillStyle = colours.faint;
  for (const [at, count] of counts.entries()) {
    const high = Math.ceil((count / most) * (axis - 4));
    if (high > 0) context.fillRect(at, axis - 2 - high, 1, high);
  }
}

interface Density {
  readonly width: number;
  readonly counts: Int32Array;
  /** Events before this one are counted. */
  upTo: number;
}

/** Counting a million events takes longer than drawing: each is counted once. */
const densities = new WeakMap<Store, Density>();

function densityOf(store: Store, width: number): Int32Array {
  let known = densities.get(store);
  if (known?.width !== width) {
    known = { width, counts: new Int32Array(width), upTo: store.first };
    densities.set(store, known);
  }
  const x = scaleOf(store, width);
  for (; known.upTo < store.scanned; known.upTo++) {
    const at = Math.floor(x(store.columns.at[known.upTo] as number));
    if (at >= 0 && at < width) known.counts[at] = (known.counts[at] as number) + 1;
  }
  return known.counts;
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { columns, endAt, first }: Store,
  x: (at: number) => number,
  y: number,
  width: number,
  colours: Colours,
): void {
  const from = columns.at[first] ?? 0;
  const to = Math.max(from + 1, endAt);
  const step = roundStep(((to - from) / width) * 110);
  context.fillStyle = colours.ink;
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    context.fillRect(x(at), y, 1, 5);
    if (x(at) < width - 60) context.fillText(`${at / 1000} ms`, x(at) + 3, y + 9);
  }
}

/** The next of 1, 2, 5, 10, 20, … microseconds. */
function roundStep(rough: number): number {
  for (let ten = 1; ; ten *= 10) {
    const found = [1, 2, 5].find((digit) => digit * ten >= rough);
    if (found !== undefined) return found * ten;
  }
}

function scaleOf({ columns, endAt, first }: Store, width: number): (at: number) => number {
  const from = columns.at[first] ?? 0;
  const to = Math.max(from + 1, endAt);
  return (at) => NAMES + (Math.max(0, at - from) / (to - from)) * (width - NAMES - 8);
}

/** The event nearest to a place on the strip. */
export function eventAt(store: Store, place: number, width: number): number {
  const { columns, first, count } = store;
  const x = scaleOf(store, width);
  let low = first;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x(columns.at[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
