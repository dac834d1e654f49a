/** "Did you mean …?": the known word that is nearest to an unknown one. */
import { distance } from 'fastest-levenshtein';

/** The nearest word, when it is near enough to be a slip of the pen. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    // A word of two letters is not "near" to one that shares none of them.
    if (d >= least || d >= Math.max(word.length, candidate.length)) continue;
    best = candidate;
    least = d;
  }
  return best ?? known.find((candidate) => candidate.endsWith(`/${word}`)) ?? null;
}

/** `; did you mean raft?`, or what there is, or nothing when that would be a long list. */
export function hint(word: string, known: readonly string[], what = 'known'): string {
  const near = nearest(word, known);
  if (near !== null) return `; did you mean ${near}?`;
  if (known.length === 0) return '';
  const shown = known.slice(0, SHOWN).join(', ');
  return known.length <= SHOWN ? ` (${what}: ${shown})` : ` (${what}: ${shown}, …)`;
}

const SHOWN = 12;
