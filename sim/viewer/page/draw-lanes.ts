/** The lanes behind the arrows: who is up, who leads, which side of a cut a node is on. */
import type { Cut, Gathered, Span } from '../model/gathered.ts';
import { termColour, type Colours } from './colours.ts';

/** Where things are on the canvas. */
export interface Geometry {
  /** The middle of an actor's lane. */
  x(lane: number): number;
  /** The middle of a row. */
  y(row: number): number;
  readonly laneWidth: number;
  readonly rowHeight: number;
  readonly width: number;
  readonly height: number;
}

/** The rows that are visible, as events. */
export interface Window {
  readonly firstRow: number;
  /** Events of the rows, in order. */
  readonly events: readonly number[];
}

export function drawLanes(
  context: CanvasRenderingContext2D,
  { spans, cuts }: Gathered,
  names: readonly string[],
  clients: number,
  window: Window,
  place: Geometry,
  colours: Colours,
): void {
  drawCuts(context, cuts, names, window, place, colours);
  for (let lane = 0; lane < names.length; lane++) {
    drawNode(context, spans[lane] ?? [], lane, window, place, colours);
  }
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.setLineDash([2, 4]);
  for (let client = 0; client < clients; client++) {
    const x = place.x(names.length + client);
    stroke(context, x, 0, x, place.height);
  }
  context.setLineDash([]);
}

function drawNode(
  context: CanvasRenderingContext2D,
  spans: readonly Span[],
  lane: number,
  { firstRow, events }: Window,
  place: Geometry,
  colours: Colours,
): void {
  const x = place.x(lane);
  const half = place.rowHeight / 2;
  for (let i = 0; i < events.length; i++) {
    const span = spanAt(spans, events[i] as number);
    const y = place.y(firstRow + i);
    const isUp = span?.status === 'up';
    context.setLineDash(span?.status === 'down' ? [2, 5] : span?.status === 'paused' ? [7, 4] : []);
    const leads = isUp && span.leads;
    context.strokeStyle = leads ? termColour(span.epoch) : isUp ? colours.line : colours.faint;
    context.lineWidth = leads ? 6 : 2;
    stroke(context, x, y - half, x, y + half);
  }
  context.setLineDash([]);
}

function drawCuts(
  context: CanvasRenderingContext2D,
  cuts: readonly Cut[],
  names: readonly string[],
  { firstRow, events }: Window,
  place: Geometry,
  colours: Colours,
): void {
  for (const cut of cuts) {
    const inside = (index: number) => index >= cut.index && index < (cut.to?.index ?? Infinity);
    const from = events.findIndex(inside);
    if (from < 0) continue;
    const to = events.findLastIndex(inside);
    const top = place.y(firstRow + from) - place.rowHeight / 2;
    const height = (to - from + 1) * place.rowHeight;
    for (const [lane, name] of names.entries()) {
      const side = cut.sides.findIndex((nodes) => nodes.includes(name));
      if (side < 0) continue;
      context.fillStyle = colours.cut[side % colours.cut.length] as string;
      context.fillRect(place.x(lane) - place.laneWidth / 2, top, place.laneWidth, height);
      const next = cut.sides.findIndex((nodes) => nodes.includes(names[lane + 1] ?? ''));
      if (next < 0 || next === side) continue;
      context.strokeStyle = colours.bad;
      context.lineWidth = 1.5;
      context.setLineDash([5, 4]);
      const x = place.x(lane) + place.laneWidth / 2;
      stroke(context, x, top, x, top + height);
      context.setLineDash([]);
    }
  }
}

/** What a node was after an event. */
export function spanAt(spans: readonly Span[], index: number): Span | undefined {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle] as Span).index <= index) low = middle;
    else high = middle - 1;
  }
  return spans[low];
}

export function stroke(
  context: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
