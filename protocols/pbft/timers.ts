/** The timers of a replica: it watches the primary (§4.4), and it asks again for what it misses. */
import type { PbftEffects } from './messages.ts';
import type { PbftRules } from './rules.ts';
import { isPrimary, type PbftState } from './state.ts';

export function startTimer(rules: PbftRules, state: PbftState, effects: PbftEffects): void {
  const timeoutMs = rules.timeoutMs(state.options, state.failures);
  effects.setTimer('view-change', timeoutMs, timeoutMs);
  state.isTimerRunning = true;
}

export function stopTimer(state: PbftState, effects: PbftEffects): void {
  if (!state.isTimerRunning) return;
  effects.cancelTimer('view-change');
  state.isTimerRunning = false;
}

/**
 * §4.4: the timer of a backup runs while it waits for a request, and begins anew when it has
 * executed something and still waits. During a view change the timer serves the new view.
 */
export function supervise(
  rules: PbftRules,
  state: PbftState,
  hasProgressed: boolean,
  effects: PbftEffects,
): void {
  if (!state.isActive) return;
  if (isPrimary(state) || !rules.watchesPrimary(state)) stopTimer(state, effects);
  else if (hasProgressed || !state.isTimerRunning) startTimer(rules, state, effects);
}

/** Whether anything is to come that a lost message may have held up. */
export function isMissingSomething(state: PbftState): boolean {
  const { isActive, waiting, lastExecuted, stable, slots } = state;
  if (!isActive || waiting.length > 0) return true;
  return stable.sequence > lastExecuted || slots.last > lastExecuted;
}

/** The timer of retransmission runs while something is missing. */
export function superviseStatus(state: PbftState, effects: PbftEffects): void {
  const isMissing = isMissingSomething(state);
  if (state.isStatusArmed === isMissing) return;
  const { statusMs } = state.options;
  if (isMissing) effects.setTimer('status', statusMs, statusMs);
  else effects.cancelTimer('status');
  state.isStatusArmed = isMissing;
}
