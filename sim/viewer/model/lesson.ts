/** A lesson as the page plays it: its moments are bound to events of the run beforehand. */

export interface PlayedBeat {
  /** The event at which its condition first holds; null: it never does. */
  readonly event: number | null;
  readonly say: string;
  readonly focus: readonly string[];
  readonly pause: boolean;
}

export interface PlayedLesson {
  readonly id: string;
  readonly title: string;
  readonly level: 'intro' | 'core' | 'deep';
  readonly minutes: number | null;
  readonly question: string | null;
  readonly choices: readonly string[];
  /** From 1; 0: there is nothing to choose. */
  readonly answer: number;
  readonly hint: string | null;
  readonly beats: readonly PlayedBeat[];
  readonly try: readonly string[];
  readonly source: readonly string[];
}

/** The step that a beat shows: its event, or the beat before it when it never comes. */
export function stepOf({ beats }: PlayedLesson, beat: number): number {
  for (let i = Math.min(beat, beats.length - 1); i >= 0; i--) {
    const event = beats[i]?.event ?? null;
    if (event !== null) return event;
  }
  return -1;
}
