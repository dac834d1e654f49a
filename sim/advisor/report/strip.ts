/** A picture of one run: how many operations were served when, and when the fault was. */
import type { Measured } from '../rehearsal/measure.ts';
import type { Times } from '../rehearsal/stage.ts';

/** How wide and high a picture is, in user units. */
export const stripSize = { width: 720, height: 56 } as const;

const BINS = 120;
const AXIS = 14;

/** The inside of an SVG of `stripSize`; colours are classes. `times` null: nothing failed. */
export function strip(measured: Measured, times: Times | null): string {
  const { served, endMs } = measured;
  const { width, height } = stripSize;
  const floor = height - AXIS;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const { answeredMs } of served) {
    const bin = Math.min(BINS - 1, Math.floor((answeredMs / endMs) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  const x = (ms: number) => fixed((ms / endMs) * width);
  const bars = counts.flatMap((count, bin) => {
    if (count === 0) return [];
    const tall = (count / most) * (floor - 2);
    const place = `x="${fixed((bin * width) / BINS)}" y="${fixed(floor - tall)}"`;
    const size = `width="${fixed(width / BINS - 1)}" height="${fixed(tall)}"`;
    return [`<rect class="served" ${place} ${size}/>`];
  });
  const fault =
    times === null
      ? []
      : [
          `<rect class="fault" x="${x(times.from)}" y="0" width="${x(times.to - times.from)}" ` +
            `height="${floor}"/>`,
          label(x(times.from), 'start', `fault, ${seconds(times.from)}`),
          label(x(times.to), 'start', `over, ${seconds(times.to)}`),
        ];
  return [
    ...fault,
    ...bars,
    `<line class="axis" x1="0" y1="${floor}" x2="${width}" y2="${floor}"/>`,
    label('0', 'start', '0 s'),
    label(String(width), 'end', seconds(endMs)),
  ].join('');
}

/** The colours of the classes, on light and on dark ground. */
export const stripStyle =
  '.served{fill:#2a7f62}.fault{fill:#e8b4a8}.axis{stroke:#777}' +
  '.tick{font:10px system-ui,sans-serif;fill:#666}' +
  '@media(prefers-color-scheme:dark){.served{fill:#5fc29d}.fault{fill:#6b3a30}.tick{fill:#aaa}}';

function label(x: string, anchor: 'start' | 'end', text: string): string {
  return (
    `<text class="tick" x="${x}" y="${stripSize.height - 3}" ` +
    `text-anchor="${anchor}">${text}</text>`
  );
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`;
}

function fixed(value: number): string {
  return String(Number(value.toFixed(2)));
}
