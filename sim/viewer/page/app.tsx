/** The page: toolbar, overview, one or two space-time diagrams, inspector. */
import { useEffect } from 'preact/hooks';
import { goRows, isPlaying, lesson, notice, problem, side, sides } from './app-state.ts';
import { Banners } from './banner.tsx';
import { spoken } from './event-words.ts';
import { Help } from './help.tsx';
import { Inspector } from './inspector.tsx';
import { onKey } from './keys.ts';
import { LessonBar, reachBeat } from './lesson-bar.tsx';
import { Overview } from './overview.tsx';
import { SpaceTime } from './space-time.tsx';
import { Toolbar } from './toolbar.tsx';
import { isCalm } from './theme.ts';

/** Milliseconds between two steps while it plays; slower where people want things calm. */
const pace = () => (isCalm.matches ? 1500 : 500);

export function App() {
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (!isPlaying.value) return;
    const timer = setInterval(() => {
      goRows(1);
      if (reachBeat(side.value?.step.value ?? 0)) isPlaying.value = false;
    }, pace());
    return () => clearInterval(timer);
  }, [isPlaying.value]);

  const own = side.value;
  if (own === null) {
    return (
      <main class="empty">
        <h1>Schism</h1>
        {problem.value === null ? (
          <p>This page has no trace in it.</p>
        ) : (
          <p role="alert">{problem.value}</p>
        )}
      </main>
    );
  }
  const event = own.event;
  return (
    <div class={`app ${lesson.value === null ? '' : 'teaching'}`}>
      <Toolbar side={own} />
      <main class="main">
        <div class="runs">
          <LessonBar />
          <Banners side={own} />
          <Overview side={own} />
          <div class="pair">
            {sides.value.map((one, number) => (
              <section key={one.name + number} class="run" aria-label={one.name}>
                {sides.value.length > 1 && <h2>{one.name}</h2>}
                <SpaceTime side={one} number={number} />
              </section>
            ))}
          </div>
        </div>
        <Inspector />
      </main>
      <p class="sr" aria-live="polite" id="spoken">
        {event === null ? 'before the first event' : spoken(own, event)}
      </p>
      {notice.value !== '' && (
        <p class="notice" role="status">
          <span>{notice.value}</span>
          <button type="button" aria-label="close" onClick={() => (notice.value = '')}>
            ✕
          </button>
        </p>
      )}
      <Help />
    </div>
  );
}
