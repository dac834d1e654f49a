/** The bar at the top: what is shown, moving through it, filtering it. */
import { signal } from '@preact/signals';
import { filterHelp, parseFilter } from '../model/filter.ts';
import { predicateHelp } from '../model/predicate.ts';
import { go, goRows, isHelpOpen, isPlaying, source } from './app-state.ts';
import { copyMermaid } from './mermaid.ts';
import { copy, until } from './moves.ts';
import { filterText, type Side } from './side.ts';
import { theme } from './theme.ts';

const untilText = signal('');

export function Toolbar({ side }: { side: Side }) {
  const { header, count, footer, violation } = side.store;
  const problems = parseFilter(filterText.value).problems;
  const verdict =
    violation === null ? (footer === null ? '… cut off' : '✓ holds') : `✗ ${violation.invariant}`;
  return (
    <header class="toolbar">
      <h1>
        {source.value.index !== undefined && <a href={source.value.index}>← all</a>}{' '}
        {header.scenario.file} · {header.protocol} · {header.nodes.length} nodes · seed{' '}
        {header.seed} <span class={violation === null ? 'good' : 'bad'}>{verdict}</span>
      </h1>
      <div class="controls" role="toolbar" aria-label="steps">
        <button type="button" aria-label="previous event" onClick={() => goRows(-1)}>
          ◀
        </button>
        <button
          type="button"
          aria-label={isPlaying.value ? 'pause' : 'play'}
          onClick={() => (isPlaying.value = !isPlaying.value)}
        >
          {isPlaying.value ? '‖' : '▶'}
        </button>
        <button type="button" aria-label="next event" onClick={() => goRows(1)}>
          ▸
        </button>
        <label>
          step{' '}
          <input
            id="step"
            type="number"
            value={side.step.value}
            min={-1}
            max={count - 1}
            onChange={(event) => go(event.currentTarget.valueAsNumber || 0)}
          />
        </label>
        <label class="grow">
          filter{' '}
          <input
            id="filter"
            type="search"
            value={filterText.value}
            placeholder="node:n3 type:Append term>2 kind:drop"
            title={filterHelp}
            aria-invalid={problems.length > 0}
            onInput={(event) => (filterText.value = event.currentTarget.value)}
          />
        </label>
        <span class="count" aria-live="polite">
          {countText(side)}
        </span>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            until(untilText.value);
          }}
        >
          <label>
            until{' '}
            <input
              id="until"
              type="text"
              value={untilText.value}
              placeholder="n3.role = leader"
              title={predicateHelp}
              onInput={(event) => (untilText.value = event.currentTarget.value)}
            />
          </label>{' '}
          <button type="submit">run</button>
        </form>
        <button type="button" onClick={() => void copy(location.href, 'a link to this step')}>
          link
        </button>
        <button type="button" onClick={() => copyMermaid(side)}>
          mermaid
        </button>
        <button
          type="button"
          aria-label={`colours: ${theme.value}`}
          onClick={() => (theme.value = NEXT[theme.value])}
        >
          ◐
        </button>
        <button
          type="button"
          aria-expanded={isHelpOpen.value}
          onClick={() => (isHelpOpen.value = !isHelpOpen.value)}
        >
          ? keys
        </button>
      </div>
      {problems.map((text) => (
        <p key={text} class="bad" role="alert">
          {text}
        </p>
      ))}
    </header>
  );
}

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;

/** What is shown of what there is: nothing is left out silently. */
function countText({ store, rowCount, scanned }: Side): string {
  const all = store.count - store.first;
  const read = scanned.value - store.first;
  if (read < all) return `reading … ${Math.round((100 * read) / all)} %`;
  const shown = rowCount.value;
  const number = (value: number) => value.toLocaleString('en');
  return shown === all ? `${number(all)} events` : `${number(shown)} of ${number(all)} events`;
}
