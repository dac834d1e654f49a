/** The messages of a saga: Garcia-Molina and Salem 1987; a step and its compensation. */
import type { Effects, Plain } from '../../../sim/engine/protocol.ts';
import type { Step } from '../operations.ts';

/** Names one step of one saga for ever: doing it twice is doing it once. */
type StepName = { readonly id: string; readonly index: number };

/** T_i: a transaction of its own, committed at once. */
export type Do = StepName & { readonly type: 'Do'; readonly step: Step };
export type Done = StepName & { readonly type: 'Done'; readonly value: Plain };
/** The step cannot be done, now or later (a list is full). */
export type Failed = StepName & { readonly type: 'Failed' };
/** C_i: takes back what T_i has done, whatever has happened to the key since. */
export type Undo = StepName & { readonly type: 'Undo'; readonly step: Step };
export type Undone = StepName & { readonly type: 'Undone' };

export type SagaMessage = Do | Done | Failed | Undo | Undone;
export type SagaTimer = 'tick';
export type SagaEffects = Effects<SagaMessage, SagaTimer>;

/** `n1.1.1/2 append y` */
export function describeMessage(message: SagaMessage): string {
  const name = `${message.id}/${message.index}`;
  if (message.type === 'Do' || message.type === 'Undo') {
    return `${name} ${message.step[0]} ${message.step[1]}`;
  }
  return name;
}
