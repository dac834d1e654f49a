/** Light or dark, the window's size, and whether things may move: what the canvases depend on. */
import { signal } from '@preact/signals';

/** `auto` follows the system. */
export const theme = signal<'auto' | 'light' | 'dark'>('auto');
/** Grows when the system changes its mind, so that canvases are drawn anew. */
export const repaint = signal(0);
export const windowSize = signal({ width: innerWidth, height: innerHeight });
export const isCalm = matchMedia('(prefers-reduced-motion: reduce)');

export function watchSystem(): void {
  addEventListener('resize', () => {
    windowSize.value = { width: innerWidth, height: innerHeight };
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => repaint.value++);
  theme.subscribe((value) => {
    document.documentElement.dataset['theme'] = value;
    repaint.value++;
  });
}
