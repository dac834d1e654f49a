/** The orchestrator: forward step by step, and back when one of them fails. GS §2, §4. */
import type { Request, Response } from '../../../sim/engine/protocol.ts';
import { answerTo, shardOf, stepsOf, type Step } from '../operations.ts';
import type { Done, Failed, SagaEffects, Undone } from './messages.ts';
import type { SagaRules } from './rules.ts';
import { isRunning, keepTicking, type SagaRecord, type SagaState } from './state.ts';

export function onRequest(
  rules: SagaRules,
  state: SagaState,
  request: Request,
  effects: SagaEffects,
): void {
  const { client, sequence, command } = request;
  const steps = stepsOf(command);
  if (steps === null) {
    effects.respond(request, { type: 'error', code: 'PERMANENT_FAILURE' });
    return;
  }
  const known = state.options.deduplicate ? state.sessions.get(client) : undefined;
  if (known !== undefined && known.sequence > sequence) {
    effects.respond(request, { type: 'error', code: 'DUPLICATE_REQUEST' });
    return;
  }
  if (known?.sequence === sequence) {
    effects.respond(request, known.response);
    return;
  }
  const isUnderWay = state.running.some((id) => {
    const record = state.log.get(id);
    return record?.client === client && record.sequence === sequence;
  });
  if (isUnderWay) return;
  const id = `${effects.self}.${state.life}.${++state.begun}`;
  const values = steps.map(() => null);
  const phase = 'forward';
  const record = {
    client,
    sequence,
    command: command.type,
    steps,
    values,
    done: [],
    phase,
  } as const;
  state.running.push(id);
  put(rules, state, id, record, effects);
  proceed(rules, state, id, effects);
  keepTicking(state, effects);
}

/** Asks for the next step, or the next compensation; says so again when nothing has come of it. */
function proceed(rules: SagaRules, state: SagaState, id: string, effects: SagaEffects): void {
  const record = state.log.get(id);
  if (record === undefined) return;
  const { steps, done, phase } = record;
  const isBack = phase === 'back';
  const index = isBack ? rules.nextToUndo(done) : done.length;
  const step = steps[index];
  if (step === undefined) end(rules, state, id, record, effects);
  else effects.send(homeOf(state, step), { type: isBack ? 'Undo' : 'Do', id, index, step });
}

export function onDone(
  rules: SagaRules,
  state: SagaState,
  { id, index, value }: Done,
  effects: SagaEffects,
): void {
  const record = state.log.get(id);
  if (record?.phase !== 'forward' || record.done.length !== index) return;
  const values = record.values.map((old, i) => (i === index ? value : old));
  put(rules, state, id, { ...record, values, done: [...record.done, index] }, effects);
  proceed(rules, state, id, effects);
}

/** GS §2: from here on the saga goes back. */
export function onFailed(
  rules: SagaRules,
  state: SagaState,
  { id, index }: Failed,
  effects: SagaEffects,
): void {
  const record = state.log.get(id);
  if (record?.phase !== 'forward' || record.done.length !== index) return;
  effects.log({ event: 'conflict_resolved', context: { saga: id, step: index } });
  put(rules, state, id, { ...record, phase: 'back' }, effects);
  proceed(rules, state, id, effects);
}

export function onUndone(
  rules: SagaRules,
  state: SagaState,
  { id, index }: Undone,
  effects: SagaEffects,
): void {
  const record = state.log.get(id);
  if (record?.phase !== 'back' || !record.done.includes(index)) return;
  const done = record.done.filter((other) => other !== index);
  put(rules, state, id, { ...record, done }, effects);
  proceed(rules, state, id, effects);
}

function end(
  rules: SagaRules,
  state: SagaState,
  id: string,
  record: SagaRecord,
  effects: SagaEffects,
): void {
  const { client, sequence, command, steps, values } = record;
  const phase = record.phase === 'back' ? 'compensated' : 'complete';
  const response: Response =
    phase === 'complete'
      ? { type: 'ok', value: answerTo(command, steps, values) }
      : { type: 'error', code: 'PERMANENT_FAILURE' };
  const known = state.sessions.get(client);
  if (known === undefined || known.sequence <= sequence) {
    state.sessions.set(client, { sequence, response });
  }
  state.running = state.running.filter((other) => other !== id);
  put(rules, state, id, { ...record, phase }, effects);
  effects.respond({ client, sequence }, response);
}

function put(
  rules: SagaRules,
  state: SagaState,
  id: string,
  record: SagaRecord,
  effects: SagaEffects,
): void {
  state.log.set(id, record);
  effects.persist({ barrier: rules.logWaitsForDisk });
}

export function onTickTimer(rules: SagaRules, state: SagaState, effects: SagaEffects): void {
  state.ticks = false;
  for (const id of state.running.slice()) {
    const record = state.log.get(id);
    if (record !== undefined && isRunning(record)) proceed(rules, state, id, effects);
  }
  keepTicking(state, effects);
}

function homeOf({ nodes, options }: SagaState, [, key]: Step): string {
  return shardOf(key, nodes, options.placement);
}
