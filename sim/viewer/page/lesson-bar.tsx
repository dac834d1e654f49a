/** A lesson: a question first, then its moments one by one, at last something to change. */
import { signal } from '@preact/signals';
import { stepOf, type PlayedLesson } from '../model/lesson.ts';
import { go, lesson, tab } from './app-state.ts';

/** -1: the question; the number of beats: the end. */
const beat = signal(-1);
const chosen = signal<number | null>(null);
const isHintShown = signal(false);

/** While it plays: shows what is to be said at this step; true when it is time for a thought. */
export function reachBeat(step: number): boolean {
  const beats = lesson.value?.beats ?? [];
  const reached = beats.findLastIndex(({ event }) => event !== null && event <= step);
  if (reached >= 0) beat.value = reached;
  const found = beats[reached];
  return found?.event === step && found.pause;
}

export function LessonBar() {
  const playing = lesson.value;
  if (playing === null) return null;
  const { beats, title, level, minutes } = playing;
  const at = beat.value;
  const move = (to: number) => {
    beat.value = Math.max(-1, Math.min(beats.length, to));
    if (beat.value >= 0) go(stepOf(playing, beat.value));
  };
  return (
    <section class="lesson" aria-label="lesson">
      <h2>
        {title} <small>{minutes === null ? level : `${level} · ${minutes} min`}</small>
      </h2>
      <div aria-live="polite" id="lesson-text">
        {at < 0 && <Question playing={playing} />}
        {at >= 0 && at < beats.length && (
          <p class="say">
            {beats[at]?.say}
            {(beats[at]?.focus.length ?? 0) > 0 && (
              <small> Look at {beats[at]?.focus.join(' and ')}.</small>
            )}
          </p>
        )}
        {at >= beats.length && <End playing={playing} />}
      </div>
      <div class="buttons">
        <button type="button" id="lesson-back" disabled={at < 0} onClick={() => move(at - 1)}>
          ← back
        </button>
        <span>
          {at < 0
            ? 'before the run'
            : at >= beats.length
              ? 'your turn'
              : `${at + 1} of ${beats.length}`}
        </span>
        <button
          type="button"
          id="lesson-next"
          class="primary"
          disabled={at >= beats.length || (at < 0 && mustAnswer(playing))}
          onClick={() => move(at + 1)}
        >
          {at < 0 ? 'show me →' : 'next →'}
        </button>
      </div>
    </section>
  );
}

/** Ask before showing: where there are choices, one has to be taken. */
function mustAnswer({ choices }: PlayedLesson): boolean {
  return choices.length > 0 && chosen.value === null;
}

function Question({ playing }: { playing: PlayedLesson }) {
  const { question, choices, hint, answer } = playing;
  const answered = chosen.value;
  if (question === null) return <p class="say">Step through what happens.</p>;
  return (
    <fieldset class="question">
      <legend class="say">{question}</legend>
      {choices.map((text, i) => (
        <label key={text} class={answered === null ? '' : i + 1 === answer ? 'right' : ''}>
          <input
            type="radio"
            name="answer"
            checked={answered === i + 1}
            onChange={() => (chosen.value = i + 1)}
          />{' '}
          {text}
          {answered !== null && i + 1 === answer ? ' ✓' : ''}
        </label>
      ))}
      {answered !== null && answer > 0 && (
        <p role="status">
          {answered === answer ? 'Right. Now see why.' : 'Not so. See what happens.'}
        </p>
      )}
      {hint !== null && answered === null && (
        <p>
          {isHintShown.value ? (
            hint
          ) : (
            <button type="button" onClick={() => (isHintShown.value = true)}>
              a hint
            </button>
          )}
        </p>
      )}
    </fieldset>
  );
}

function End({ playing }: { playing: PlayedLesson }) {
  return (
    <div class="say">
      <p>Now change something, and see another outcome:</p>
      <ul>
        {playing.try.map((text) => (
          <li key={text}>
            {text}{' '}
            <button type="button" onClick={() => (tab.value = 'scenario')}>
              open the scenario
            </button>
          </li>
        ))}
      </ul>
      {playing.source.length > 0 && <p class="quiet">Source: {playing.source.join(' · ')}</p>}
    </div>
  );
}
