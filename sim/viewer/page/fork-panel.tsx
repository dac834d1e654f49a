/** "Fork from here": what to change at this step, and what became of the run then. */
import { signal } from '@preact/signals';
import { editText } from '../fork/edit.ts';
import { active } from './app-state.ts';
import { addEdit, edits, forget, forkAt, forked, forkProblem } from './fork-state.ts';
import { isRunning, onward, runFork, usualOnward } from './fork-state.ts';
import { copy, save } from './moves.ts';
import type { Side } from './side.ts';
import { pendingAfter } from '../model/pending.ts';

/** The nodes on the one side of a cut. */
const cutOff = signal<readonly string[]>([]);
const chosenEvent = signal('');
const delayMs = signal(100);

export function ForkPanel({ side }: { side: Side }) {
  const { store } = side;
  const { nodes } = store.header;
  const at = forkAt.value ?? side.step.value;
  const add = (edit: Parameters<typeof addEdit>[0]) => {
    if (edits.value.length === 0) onward.value = usualOnward(side);
    addEdit(edit, at);
  };
  if (active.value === 1 && forked.value !== null) return <Forked />;
  const effects = side.effects.value;
  const pending = effects === null ? [] : pendingAfter(store, effects, at);
  const messages = pending.filter(({ kind }) => kind !== 'timer' && kind !== 'disk');
  const event = messages.some(({ identity }) => identity === chosenEvent.value)
    ? chosenEvent.value
    : (messages[0]?.identity ?? '');
  return (
    <div>
      <p>
        Everything up to step {at} happens as it did. Then what you choose here, then the same seed.
      </p>
      <fieldset>
        <legend>A message on its way</legend>
        <select
          aria-label="message on its way"
          value={event}
          onChange={(change) => (chosenEvent.value = change.currentTarget.value)}
        >
          {messages.map(({ identity, happens }, i) => (
            <option key={i} value={identity}>
              {identity.replace(/#[0-9a-f]{8}$/, '')}
              {happens === null ? '' : ` (arrives in step ${happens})`}
            </option>
          ))}
        </select>
        <div class="buttons">
          {(['drop', 'duplicate', 'deliver'] as const).map((type) => (
            <button
              key={type}
              type="button"
              disabled={event === ''}
              onClick={() => add({ type, event })}
            >
              {type === 'deliver' ? 'deliver now' : type}
            </button>
          ))}
          <button
            type="button"
            disabled={event === ''}
            onClick={() => add({ type: 'delay', event, byUs: delayMs.value * 1000 })}
          >
            delay
          </button>
          <label>
            by{' '}
            <input
              type="number"
              min={1}
              value={delayMs.value}
              onInput={(input) => (delayMs.value = Math.max(1, input.currentTarget.valueAsNumber))}
            />{' '}
            ms
          </label>
        </div>
      </fieldset>
      <fieldset>
        <legend>A node</legend>
        {nodes.map((node) => (
          <div class="buttons" key={node}>
            <b>{node}</b>
            {(['crash', 'restart', 'pause', 'resume'] as const).map((type) => (
              <button
                key={type}
                type="button"
                aria-label={`${type} ${node}`}
                onClick={() => add({ type, node })}
              >
                {type}
              </button>
            ))}
            <label>
              <input
                type="checkbox"
                checked={cutOff.value.includes(node)}
                onChange={() => (cutOff.value = toggled(cutOff.value, node))}
              />{' '}
              cut off
            </label>
          </div>
        ))}
        <div class="buttons">
          <button
            type="button"
            disabled={cutOff.value.length === 0 || cutOff.value.length === nodes.length}
            onClick={() => add({ type: 'cut', sides: sidesOf(nodes, cutOff.value) })}
          >
            cut the network there
          </button>
          <button type="button" onClick={() => add({ type: 'heal' })}>
            heal everything
          </button>
        </div>
      </fieldset>
      <Edits side={side} />
    </div>
  );
}

function Edits({ side }: { side: Side }) {
  const list = edits.value;
  return (
    <fieldset>
      <legend>Changes after step {forkAt.value ?? side.step.value}</legend>
      {list.length === 0 && <p class="quiet">None yet.</p>}
      <ol>
        {list.map((edit, i) => (
          <li key={i}>
            <code>{editText(edit)}</code>{' '}
            <button
              type="button"
              aria-label={`remove ${editText(edit)}`}
              onClick={() => (edits.value = list.filter((_, other) => other !== i))}
            >
              ✕
            </button>
          </li>
        ))}
      </ol>
      <p>
        <label>
          and then{' '}
          <select
            value={onward.value}
            onChange={(change) => (onward.value = change.currentTarget.value as 'run' | 'follow')}
          >
            <option value="run">go on freely with the same seed</option>
            <option value="follow">follow the old events as far as they still can happen</option>
          </select>
        </label>
      </p>
      <div class="buttons">
        <button
          type="button"
          id="run-fork"
          class="primary"
          disabled={list.length === 0 || isRunning.value}
          onClick={() => void runFork(side)}
        >
          {isRunning.value ? 'running …' : 'run the fork'}
        </button>
        <button type="button" onClick={forget}>
          start over
        </button>
      </div>
      {forkProblem.value !== null && (
        <p role="alert" class="bad">
          {forkProblem.value}
        </p>
      )}
    </fieldset>
  );
}

/** What a fork has become, and how to take it away. */
function Forked() {
  const result = forked.value;
  if (result === null) return null;
  const { done, at } = result;
  const { violation, yaml, notes, hash, events, bytes } = done;
  return (
    <div id="forked">
      <h3>The second run</h3>
      <p>
        {events} events, hash <code>{hash}</code>.{' '}
        {violation === null ? (
          <b class="good">✓ no invariant is violated</b>
        ) : (
          <b class="bad">
            ✗ {violation.invariant}: {violation.message}
          </b>
        )}
      </p>
      {at >= 0 && edits.value.length > 0 && (
        <p>
          After step {at}: {edits.value.map(editText).join(', ')}
        </p>
      )}
      {notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
      <div class="buttons">
        <button type="button" id="save-trace" onClick={() => save('fork.msgpack', bytes)}>
          save the trace
        </button>
        {yaml !== null && (
          <>
            <button type="button" id="save-yaml" onClick={() => save('fork.yaml', yaml)}>
              save the scenario
            </button>
            <button type="button" onClick={() => void copy(yaml, 'the scenario')}>
              copy the scenario
            </button>
          </>
        )}
        <button
          type="button"
          onClick={() => void copy('schism replay fork.msgpack', 'the command that replays it')}
        >
          copy the replay command
        </button>
        <button type="button" onClick={forget}>
          close the second run
        </button>
      </div>
    </div>
  );
}

function toggled(list: readonly string[], one: string): readonly string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}

function sidesOf(nodes: readonly string[], off: readonly string[]): readonly (readonly string[])[] {
  return [nodes.filter((node) => off.includes(node)), nodes.filter((node) => !off.includes(node))];
}
