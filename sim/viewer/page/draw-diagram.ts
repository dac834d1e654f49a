/** The space-time diagram of the visible rows: lanes, arrows, and a shape for every event. */
import { EventKind } from '../../engine/event.ts';
import { arrowsIn, type Arrow } from '../model/arrows.ts';
import { Flag } from '../model/columns.ts';
import type { Colours } from './colours.ts';
import { drawLanes, spanAt, stroke, type Geometry, type Window } from './draw-lanes.ts';
import type { Side } from './side.ts';

/** Of these every event is drawn dim; null: none is. */
type Dim = ((index: number) => boolean) | null;

export function drawDiagram(
  context: CanvasRenderingContext2D,
  side: Side,
  window: Window,
  place: Geometry,
  colours: Colours,
  dim: Dim,
): void {
  context.clearRect(0, 0, place.width, place.height);
  const { store } = side;
  const { events } = window;
  const names = store.header.nodes;
  drawLanes(context, store.gathered, names, store.header.clients.length, window, place, colours);
  const effects = side.effects.value;
  const [first, last] = [events[0], events.at(-1)];
  if (effects !== null && first !== undefined && last !== undefined) {
    const chosen = side.step.value;
    for (const arrow of arrowsIn(store, effects, first, last + 1)) {
      const isChosen = arrow.fromEvent === chosen || arrow.toEvent === chosen;
      const isDim = dim !== null && dim(arrow.toEvent ?? arrow.fromEvent);
      drawArrow(context, side, arrow, place, colours, isChosen, isDim);
    }
  }
  for (const [i, index] of events.entries()) {
    const isDim = dim !== null && dim(index);
    drawEvent(context, side, index, place.y(window.firstRow + i), place, colours, isDim);
  }
  context.globalAlpha = 1;
}

function drawArrow(
  context: CanvasRenderingContext2D,
  side: Side,
  arrow: Arrow,
  place: Geometry,
  colours: Colours,
  isChosen: boolean,
  isDim: boolean,
): void {
  const x1 = place.x(arrow.from);
  const y1 = place.y(side.rowOf(arrow.fromEvent));
  const arrives = arrow.toEvent !== null;
  const x2 = place.x(arrow.to);
  const y2 = arrives ? place.y(side.rowOf(arrow.toEvent ?? 0)) : y1 + place.rowHeight * 1.6;
  const isClient = Math.max(arrow.from, arrow.to) >= side.store.header.nodes.length;
  const isLost = arrow.fate === 'dropped' || arrow.fate === 'lost';
  context.globalAlpha = isDim ? 0.15 : isChosen ? 1 : isClient ? 0.4 : 0.75;
  context.strokeStyle = isChosen ? colours.accent : isLost ? colours.bad : colours.ink;
  context.fillStyle = context.strokeStyle;
  context.lineWidth = isChosen ? 2.5 : 1.2;
  context.setLineDash(arrow.fate === 'open' ? [2, 4] : isLost ? [5, 3] : []);
  if (arrow.fate === 'dropped' || arrow.fate === 'open') {
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    stroke(context, x1, y1, x, y);
    context.setLineDash([]);
    if (arrow.fate === 'dropped') cross(context, x, y, 4);
    return;
  }
  stroke(context, x1, y1, x2, y2);
  if (arrow.isTwin) stroke(context, x1, y1 + 4, x2, y2 + 4);
  context.setLineDash([]);
  head(context, x1, y1, x2, y2);
  if (arrow.fate === 'lost') cross(context, x2, y2, 6);
}

function head(
  context: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const [length, spread] = [8, 0.4];
  // It ends at the rim of the event's own shape.
  const [x, y] = [x2 - 5 * Math.cos(angle), y2 - 5 * Math.sin(angle)];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - length * Math.cos(angle - spread), y - length * Math.sin(angle - spread));
  context.lineTo(x - length * Math.cos(angle + spread), y - length * Math.sin(angle + spread));
  context.fill();
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.lineWidth = 2;
  stroke(context, x - size, y - size, x + size, y + size);
  stroke(context, x - size, y + size, x + size, y - size);
}

/** ● a message, ◇ a timer, ▬ a disk, ■ a fault, ★ who begins to lead, ▲ a violation. */
function drawEvent(
  context: CanvasRenderingContext2D,
  side: Side,
  index: number,
  y: number,
  place: Geometry,
  colours: Colours,
  isDim: boolean,
): void {
  const { columns, gathered } = side.store;
  const actor = columns.actor[index] as number;
  const kind = columns.kind[index] as number;
  const flags = columns.flags[index] as number;
  context.globalAlpha = isDim ? 0.2 : 1;
  if (kind === EventKind.fault) {
    context.fillStyle = colours.warn;
    context.globalAlpha = isDim ? 0.05 : 0.18;
    context.fillRect(0, y - place.rowHeight / 2, place.width, place.rowHeight);
    context.globalAlpha = isDim ? 0.2 : 1;
    return;
  }
  const x = place.x(actor);
  if ((flags & Flag.violation) !== 0) return triangle(context, x, y, colours);
  const span = spanAt(gathered.spans[actor] ?? [], index);
  if (span?.index === index && span.leads) return star(context, x, y, colours);
  context.fillStyle = (flags & Flag.lost) !== 0 ? colours.bad : colours.ink;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  if (kind === EventKind.timer || kind === EventKind.clientTimer || kind === EventKind.invoke) {
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.closePath();
    context.fillStyle = kind === EventKind.invoke ? colours.ink : colours.paper;
    context.fill();
    context.stroke();
  } else if (kind === EventKind.disk) {
    context.fillStyle = colours.faint;
    context.fillRect(x - 5, y - 2, 10, 4);
  } else {
    context.arc(x, y, 4.5, 0, 2 * Math.PI);
    context.fill();
  }
}

function star(context: CanvasRenderingContext2D, x: number, y: number, colours: Colours): void {
  context.fillStyle = colours.good;
  context.strokeStyle = colours.paper;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 === 0 ? 10 : 4;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
  context.fill();
  context.stroke();
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, colours: Colours): void {
  context.fillStyle = colours.bad;
  context.beginPath();
  context.moveTo(x, y - 10);
  context.lineTo(x + 10, y + 8);
  context.lineTo(x - 10, y + 8);
  context.closePath();
  context.fill();
  context.fillStyle = colours.paper;
  context.fillRect(x - 1, y - 4, 2.4, 6);
  context.fillRect(x - 1, y + 4, 2.4, 2.2);
}
