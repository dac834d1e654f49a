/** How conversations speak of PBFT. */
import { describeCommand, erase } from '../../../sim/engine/index.ts';
import type { Slot } from '../../../protocols/pbft/message-log.ts';
import { describeBatch } from '../../../protocols/pbft/messages.ts';
import { pbft } from '../../../protocols/pbft/index.ts';
import { defaultOptions, type PbftOptions } from '../../../protocols/pbft/options.ts';
import type { PbftRules } from '../../../protocols/pbft/rules.ts';
import { isPrimary, type PbftState } from '../../../protocols/pbft/state.ts';
import type { Dialect } from '../dialect.ts';

/** A replica as it was before an event. */
interface Memory {
  readonly slots: readonly Slot[];
  readonly lastExecuted: number;
  readonly stable: number;
  readonly checkpoints: readonly number[];
}

const numbers: Readonly<Record<string, keyof PbftOptions>> = {
  interval: 'checkpointInterval',
  window: 'windowSize',
  batch: 'maxBatch',
  in_progress: 'maxInProgress',
};

export const pbftDialect: Dialect<PbftState, Memory> = {
  protocol: (rules) => erase(pbft(rules as PbftRules | undefined)),
  options: () => defaultOptions,
  flags: { read_only: { readOnly: true } },
  numbers,
  names: {},
  commands: [],
  timeout: 'view-change',
  parseDisk: () => {
    throw new Error('a replica of PBFT begins with an empty disk');
  },
  summary: (state) => `${roleOf(state)} view=${state.view}`,
  details: ({ stable, lastExecuted, slots, waiting }) => {
    const known = slots.list().map(describeSlot);
    const waits = waiting.length === 0 ? 'nothing' : describeBatch(waiting);
    return [`stable=${stable.sequence} executed=${lastExecuted} waits for ${waits}`, ...known];
  },
  remember: ({ slots, lastExecuted, stable, checkpoints }) => ({
    slots: slots.list(),
    lastExecuted,
    stable: stable.sequence,
    checkpoints: checkpoints.map(({ sequence }) => sequence),
  }),
  changes(before, state) {
    const { lastExecuted, stable, checkpoints, log } = state;
    const told = state.slots.list().flatMap((slot) => {
      const old = before.slots.find(({ sequence }) => sequence === slot.sequence);
      return slotChanges(old, slot);
    });
    if (log.baseIndex >= lastExecuted && lastExecuted > before.lastExecuted) {
      told.push(`installs the state as of ${lastExecuted}`);
    }
    for (let i = Math.max(before.lastExecuted, log.baseIndex) + 1; i <= lastExecuted; i++) {
      told.push(`executes ${i}: ${describeCommands(state, i)}`);
    }
    for (const { sequence } of checkpoints) {
      if (!before.checkpoints.includes(sequence)) told.push(`takes checkpoint ${sequence}`);
    }
    if (stable.sequence > before.stable) told.push(`has stable checkpoint ${stable.sequence}`);
    return told;
  },
  awakening: ({ lastExecuted, stable }) =>
    `its disk had stable=${stable.sequence} executed=${lastExecuted}`,
  logLine: ({ log }) => {
    const words = log.baseIndex > 0 ? [`(..${log.baseIndex})`] : [];
    for (const { batch } of log.slice(log.firstIndex, log.lastIndex)) {
      words.push(`[${describeBatch(batch)}]`);
    }
    return words.join(' ');
  },
  logEntries: (state) => {
    const { log } = state;
    return log
      .slice(log.firstIndex, log.lastIndex)
      .map((_, i) => `${log.firstIndex + i} ${describeCommands(state, log.firstIndex + i)}`);
  },
  values: ({ machine }) => machine.snapshot().values,
};

function roleOf(state: PbftState): string {
  if (!state.isActive) return 'changing';
  return isPrimary(state) ? 'primary' : 'backup';
}

function describeCommands({ log }: PbftState, sequence: number): string {
  const batch = log.at(sequence)?.batch ?? [];
  if (batch.length === 0) return 'null';
  return batch.map(({ command }) => describeCommand(command)).join(', ');
}

/** `3 c1/1 prepared in view 0` */
function describeSlot({ sequence, prePrepare, batch, certificate, ...slot }: Slot): string {
  const stage = slot.isCommitted ? 'committed' : slot.isPrepared ? 'prepared' : 'pre-prepared';
  const inView = prePrepare === null ? 'not assigned' : `${stage} in view ${prePrepare.view}`;
  const what = batch === null ? '?' : describeBatch(batch);
  const certified =
    certificate === null ? '' : `, certified in view ${certificate.prePrepare.view}`;
  const votes = `${slot.prepares.length} prepares, ${slot.commits.length} commits`;
  return `${sequence} ${what} ${inView} (${votes})${certified}`;
}

function slotChanges(old: Slot | undefined, slot: Slot): string[] {
  const { sequence, prePrepare, batch } = slot;
  const lines: string[] = [];
  const isNew = prePrepare !== null && old?.prePrepare !== prePrepare;
  if (isNew) {
    lines.push(`accepts ${sequence}: ${batch === null ? 'a digest' : describeBatch(batch)}`);
  } else if (batch !== null && old?.batch === null) {
    lines.push(`learns ${sequence}: ${describeBatch(batch)}`);
  }
  if (slot.isPrepared && (isNew || old?.isPrepared !== true)) lines.push(`prepares ${sequence}`);
  if (slot.isCommitted && (isNew || old?.isCommitted !== true)) lines.push(`commits ${sequence}`);
  return lines;
}
