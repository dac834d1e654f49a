/** The events of a trace: rows that a screen reader can read, over a canvas of lanes and arrows. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { milliseconds } from '../../trace/text.ts';
import { active, go, isPlaying, rowHeight, sides } from './app-state.ts';
import { coloursOf } from './colours.ts';
import type { Geometry } from './draw-lanes.ts';
import { drawDiagram } from './draw-diagram.ts';
import { spoken, wordsOf } from './event-words.ts';
import { slice, type Side } from './side.ts';
import { repaint, windowSize } from './theme.ts';

/** Taller scrollers are cut off by some browsers: beyond this, rows are scaled. */
const TALLEST = 15_000_000;
const HEAD = 30;

export function SpaceTime({ side, number }: { side: Side; number: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { header } = side.store;
  const lanes = header.nodes.length + header.clients.length;
  const isNarrow = windowSize.value.width < 700 || sides.value.length > 1;
  const laneWidth = Math.max(26, Math.min(isNarrow ? 44 : 68, 460 / lanes));
  const width = Math.ceil(laneWidth * lanes + 16);
  const rows = side.rowCount.value;
  const high = rowHeight.value;
  const height = Math.min(rows * high, TALLEST);
  const first = side.top.value;
  const visible = side.visible.value;
  const shown = Array.from({ length: Math.max(0, Math.min(visible + 1, rows - first)) }, (_, i) =>
    side.eventOf(first + i),
  );
  const chosen = side.step.value;
  const isActive = active.value === number;
  const dim = dimOf(side);
  // The canvas is drawn in an effect, which follows no signals: these are read for it.
  void [side.effects.value, side.scanned.value, repaint.value];

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const measure = () => {
      side.visible.value = Math.max(4, Math.ceil((box.clientHeight - HEAD) / high));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [side, high]);

  // The cursor's row is brought into sight, near the middle when it was far away.
  useLayoutEffect(() => {
    const row = side.rowOf(chosen);
    const room = side.visible.peek();
    const top = side.top.peek();
    if (row >= top + 1 && row < top + room - 2) return;
    const isNear = row >= top - 3 && row < top + room + 3;
    const wanted = isNear ? (row < top + 1 ? row - 1 : row - room + 3) : row - Math.floor(room / 2);
    scrollTo(Math.max(0, Math.min(rows - room + 1, wanted)));
  }, [chosen, rows, visible]);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null || scroller.current === null) return;
    const tall = (visible + 1) * high;
    const ratio = devicePixelRatio;
    // Setting a size lays the page out once more, so it is only done when it is another.
    const [wide, deep] = [Math.floor(width * ratio), Math.floor(tall * ratio)];
    if (element.width !== wide) element.width = wide;
    if (element.height !== deep) element.height = deep;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, deep);
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const place: Geometry = {
      x: (lane) => 8 + laneWidth * (lane + 0.5),
      y: (row) => (row - first + 0.5) * high,
      laneWidth,
      rowHeight: high,
      width,
      height: tall,
    };
    const window = { firstRow: first, events: shown };
    drawDiagram(context, side, window, place, coloursOf(element), dim);
    context.restore();
  });

  function scrollTo(row: number): void {
    side.top.value = Math.max(0, row);
    const box = scroller.current;
    if (box === null) return;
    const most = Math.max(1, rows - side.visible.peek());
    const range = height - (box.clientHeight - HEAD);
    box.scrollTop = rows * high <= TALLEST ? row * high : (row / most) * range;
  }

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const most = Math.max(0, rows - side.visible.peek() + 1);
    const range = Math.max(1, height - (box.clientHeight - HEAD));
    const row = rows * high <= TALLEST ? box.scrollTop / high : (box.scrollTop / range) * most;
    side.top.value = Math.max(0, Math.min(most, Math.round(row)));
  }

  const columns = `4.2em 6.6em ${width}px minmax(12em, 1fr)`;
  return (
    <div
      class={`rows ${isActive ? 'active' : ''}`}
      id={`rows-${number}`}
      ref={scroller}
      role="grid"
      aria-label={`events of ${side.name}`}
      aria-rowcount={rows + 1}
      aria-colcount={4}
      aria-activedescendant={shown.includes(chosen) ? `row-${number}-${chosen}` : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onFocus={() => (active.value = number)}
    >
      <div class="head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: columns }}>
        <span role="columnheader">step</span>
        <span role="columnheader">time</span>
        <span role="columnheader" class="names">
          {[...header.nodes, ...header.clients].map((name, i) => (
            <span key={name} style={{ left: `${8 + laneWidth * i}px`, width: `${laneWidth}px` }}>
              {name}
            </span>
          ))}
        </span>
        <span role="columnheader">event</span>
      </div>
      <div class="spacer" role="presentation" style={{ height: `${height}px` }}>
        <div class="stage" role="presentation" style={{ height: `${(visible + 1) * high}px` }}>
          <canvas
            ref={canvas}
            aria-hidden="true"
            style={{ width: `${width}px`, height: `${(visible + 1) * high}px` }}
          />
          {shown.map((index) => {
            const event = side.store.event(index);
            const { glyph, text, rest, tone } = wordsOf(side, event);
            const isAlone = side.alone.value?.(index) === true;
            const isDim = dim !== null && dim(index);
            const marks = `${isAlone ? ' alone' : ''}${isDim ? ' dim' : ''}`;
            return (
              <div
                key={index}
                id={`row-${number}-${index}`}
                class={`row ${tone}${marks}`}
                role="row"
                aria-rowindex={side.rowOf(index) + 2}
                aria-selected={index === chosen}
                aria-label={spoken(side, event) + (isAlone ? ', only in this trace' : '')}
                style={{ gridTemplateColumns: columns, height: `${high}px` }}
                onMouseDown={() => {
                  active.value = number;
                  isPlaying.value = false;
                  go(index);
                }}
              >
                <span role="gridcell" class="number">
                  {index}
                </span>
                <span role="gridcell" class="number">
                  {milliseconds(event.at)}
                </span>
                <span role="gridcell" class="lane">
                  {side.nameOf(event.actor)}
                </span>
                <span role="gridcell" class="text">
                  <b aria-hidden="true">{isAlone ? `${glyph} +` : glyph}</b> {text}
                  <i>{rest}</i>
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Which events are dim while the causes of a violation are shown. */
function dimOf(side: Side): ((index: number) => boolean) | null {
  const why = side.why.value;
  if (slice.value !== 1 || why === null) return null;
  const causes = new Set(why.chain);
  return (index) => !causes.has(index);
}
