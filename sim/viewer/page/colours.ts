/** Colours of the canvases, as the style sheet has them now; and those of terms. */
import { repaint } from './theme.ts';

export interface Colours {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly paper: string;
  readonly accent: string;
  readonly bad: string;
  readonly good: string;
  readonly warn: string;
  readonly cursor: string;
  readonly cut: readonly string[];
}

/** Asking for a style makes the browser work it out: once until the theme changes. */
let known: { readonly repaint: number; readonly colours: Colours } | null = null;

export function coloursOf(element: Element): Colours {
  if (known?.repaint === repaint.value) return known.colours;
  known = { repaint: repaint.value, colours: coloursIn(element) };
  return known.colours;
}

function coloursIn(element: Element): Colours {
  const style = getComputedStyle(element);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: get('ink'),
    faint: get('faint'),
    line: get('line'),
    paper: get('paper'),
    accent: get('accent'),
    bad: get('bad'),
    good: get('good'),
    warn: get('warn'),
    cursor: get('cursor'),
    cut: [get('cut-a'), get('cut-b'), get('cut-c')],
  };
}

/** Okabe and Ito's palette, without black: told apart by most eyes. */
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b8a800'];

/** A term's colour; its number always stands beside it. */
export function termColour(epoch: number): string {
  return PALETTE[Math.abs(epoch) % PALETTE.length] as string;
}
