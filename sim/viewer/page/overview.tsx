/** The whole run on one strip: who led when, cuts, crashes, marks, and where the window is. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { milliseconds } from '../../trace/text.ts';
import { go } from './app-state.ts';
import { coloursOf } from './colours.ts';
import { drawOverview, eventAt } from './draw-overview.ts';
import { filterText, type Side } from './side.ts';
import { repaint, windowSize } from './theme.ts';

const LANE = 14;
const AXIS = 18;

export function Overview({ side }: { side: Side }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const brush = useRef<number | null>(null);
  const { store } = side;
  const height = AXIS * 2 + LANE * store.header.nodes.length;
  const { width } = windowSize.value;
  const step = side.step.value;
  // The canvas is drawn in an effect, which follows no signals: these are read for it.
  void [side.scanned.value, side.top.value, side.visible.value, repaint.value, side.rows.value];

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d') ?? null;
    if (element === null || context === null) return;
    const ratio = devicePixelRatio;
    element.width = element.clientWidth * ratio;
    element.height = height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const size = { width: element.clientWidth, height, lane: LANE, axis: AXIS };
    drawOverview(context, side, size, coloursOf(element));
  });

  const eventUnder = (event: MouseEvent): number => {
    const element = canvas.current as HTMLCanvasElement;
    return eventAt(store, event.offsetX, element.clientWidth);
  };

  return (
    <section class="overview" aria-label="the whole run">
      <canvas
        key={width}
        ref={canvas}
        aria-hidden="true"
        style={{ height: `${height}px` }}
        title="click: go there · drag with Shift: show only that part"
        onPointerDown={(event) => {
          brush.current = event.shiftKey ? eventUnder(event) : null;
          if (brush.current === null) go(eventUnder(event));
        }}
        onPointerUp={(event) => {
          if (brush.current === null) return;
          const ends = [brush.current, eventUnder(event)].sort((a, b) => a - b);
          brush.current = null;
          if (ends[0] !== ends[1]) filterText.value = `step:${ends[0]}..${ends[1]}`;
        }}
      />
      <input
        type="range"
        aria-label="step"
        aria-valuetext={`step ${step}, ${milliseconds(store.columns.at[Math.max(0, step)] ?? 0)}`}
        min={store.first - 1}
        max={store.count - 1}
        value={step}
        onInput={(event) => go(Number(event.currentTarget.value))}
      />
    </section>
  );
}
