/** The scenario of the trace, to be read, edited and run again in the page. */
import { signal } from '@preact/signals';
import { forkProblem, isRunning, runScenarioText } from './fork-state.ts';
import { copy, save } from './moves.ts';
import { source } from './app-state.ts';
import type { Side } from './side.ts';

const draft = signal<string | null>(null);
const seed = signal<string | null>(null);

export function ScenarioPanel({ side }: { side: Side }) {
  const { header } = side.store;
  const text = draft.value ?? header.scenario.text;
  const chosen = seed.value ?? header.seed;
  const { replay } = source.value;
  return (
    <div>
      <dl>
        <dt>protocol</dt>
        <dd>
          {header.protocol}
          {header.mutants.length === 0 ? '' : `, with the error ${header.mutants.join(', ')}`}
        </dd>
        <dt>made by</dt>
        <dd>
          schism {header.engine}, strategy {header.strategy}
        </dd>
        {side.store.footer !== null && (
          <>
            <dt>hash</dt>
            <dd>
              <code>{side.store.footer.hash}</code>
            </dd>
          </>
        )}
      </dl>
      {replay !== undefined && (
        <p>
          <button type="button" onClick={() => void copy(replay, 'the replay command')}>
            copy: {replay}
          </button>
        </p>
      )}
      <label>
        {header.scenario.file}
        <textarea
          id="scenario-text"
          spellcheck={false}
          rows={18}
          value={text}
          onInput={(event) => (draft.value = event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <label>
          seed{' '}
          <input
            type="text"
            size={8}
            value={chosen}
            onInput={(event) => (seed.value = event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          id="run-scenario"
          class="primary"
          disabled={isRunning.value || chosen === ''}
          onClick={() => void runScenarioText(side, text, chosen)}
        >
          {isRunning.value ? 'running …' : 'run it'}
        </button>
        <button type="button" onClick={() => save(header.scenario.file, text)}>
          save
        </button>
        <button type="button" onClick={() => (draft.value = null)}>
          as it was
        </button>
      </div>
      {forkProblem.value !== null && (
        <pre role="alert" class="bad">
          {forkProblem.value}
        </pre>
      )}
    </div>
  );
}
