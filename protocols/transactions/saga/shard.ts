/** A shard does steps and takes them back, each once, each committed at once: GS §2, §3. */
import type { NodeId, Plain } from '../../../sim/engine/protocol.ts';
import { after, type Step } from '../operations.ts';
import type { Do, SagaEffects, Undo } from './messages.ts';
import type { SagaRules } from './rules.ts';
import type { SagaState } from './state.ts';

export function onDo(
  rules: SagaRules,
  state: SagaState,
  from: NodeId,
  { id, index, step }: Do,
  effects: SagaEffects,
): void {
  const name = `${id}/${index}`;
  if (!rules.isRepeated(state.ledger.get(name))) perform(state, name, step, effects);
  const entry = state.ledger.get(name);
  if (entry?.state === 'done') {
    effects.send(from, { type: 'Done', id, index, value: entry.found });
  } else effects.send(from, { type: 'Failed', id, index });
}

function perform(state: SagaState, name: string, step: Step, effects: SagaEffects): void {
  const [kind, key] = step;
  const found = state.values.get(key) ?? null;
  const value = after(step, found);
  const isFull = Array.isArray(found) && found.length >= state.options.capacity;
  if (value === undefined || (kind === 'append' && isFull)) {
    state.ledger.set(name, { state: 'failed', found: null });
  } else {
    if (kind !== 'r') state.values.set(key, value);
    state.ledger.set(name, { state: 'done', found });
    effects.log({ event: 'commit_applied', context: { step: name } });
  }
  effects.persist();
}

/** A compensation that comes before its step makes sure that the step never comes. */
export function onUndo(
  state: SagaState,
  from: NodeId,
  { id, index, step }: Undo,
  effects: SagaEffects,
): void {
  const name = `${id}/${index}`;
  const entry = state.ledger.get(name);
  if (entry?.state !== 'undone') {
    if (entry?.state === 'done') takeBack(state, step, entry.found);
    state.ledger.set(name, { state: 'undone', found: null });
    effects.persist();
  }
  effects.send(from, { type: 'Undone', id, index });
}

/** An element is taken out of its list; a value only if nobody has written over it. */
function takeBack(state: SagaState, [kind, key, value]: Step, found: Plain): void {
  const held = state.values.get(key) ?? null;
  if (kind === 'append' && Array.isArray(held)) {
    const at = (held as readonly Plain[]).lastIndexOf(value);
    state.values.set(key, Object.freeze((held as readonly Plain[]).filter((_, i) => i !== at)));
  } else if (kind === 'w' && held === value) state.values.set(key, found);
}
