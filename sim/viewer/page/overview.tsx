/** The whole run on one strip: who led when, cuts, crashes, marks, and where the window is. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { milliseconds } from '../../trace/text.ts';
import { go } from './app-state.ts';
import { coloursOf, type Colours } from './colours.ts';
import { drawPlace, drawRun, eventAt, type Size } from './draw-overview.ts';
import { filterText, type Side } from './side.ts';
import { repaint, windowSize } from './theme.ts';

const LANE = 14;
const AXIS = 18;

/** The run without its cursor: drawn when it changes, not at every step. */
interface Still {
  readonly canvas: HTMLCanvasElement;
  readonly store: Side['store'];
  readonly key: string;
}

export function Overview({ side }: { side: Side }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const still = useRef<Still | null>(null);
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
    const size = { width: element.clientWidth, height, lane: LANE, axis: AXIS };
    const run = stillOf(size, coloursOf(element));
    // Setting a size clears a canvas, and lays the page out once more.
    if (element.width !== run.width) element.width = run.width;
    if (element.height !== run.height) element.height = run.height;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, run.width, run.height);
    if (run.width > 0) context.drawImage(run, 0, 0);
    context.save();
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    drawPlace(context, side, size, coloursOf(element));
    context.restore();
  });

  function stillOf(size: Size, colours: Colours): HTMLCanvasElement {
    const ratio = devicePixelRatio;
    const key = [store.scanned, size.width, height, ratio, repaint.value].join(' ');
    const known = still.current;
    if (known?.store === store && known.key === key) return known.canvas;
    const drawn = document.createElement('canvas');
    drawn.width = size.width * ratio;
    drawn.height = height * ratio;
    const context = drawn.getContext('2d');
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context !== null) drawRun(context, side, size, colours);
    still.current = { canvas: drawn, store, key };
    return drawn;
  }

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
