/** Questions of the debug checklist about those outside: idempotency, and what people do. */
import { workloadConfig, type operationKinds } from '../../scenario/schema-clients.ts';
import type { Scenario } from '../../scenario/index.ts';
import { servedWithin } from '../rehearsal/measure.ts';
import { finding, read, seen, type Evidence, type Finding } from './finding.ts';
import { outcomeOf, type Examined, type Patient } from './patient.ts';

const EXACTLY_ONCE = 'history/exactly-once';

/** By the retry settings, and by counting effects where requests come twice and leaders crash. */
export function idempotency(patient: Patient): Finding {
  const question = 'Idempotency guaranteed?';
  const { scenario } = patient;
  if (!patient.hasClients) {
    const text = `${scenario.protocol} has no clients`;
    return finding('idempotency', question, 'does not apply', [read(text)]);
  }
  const { required, key_format: format, dedup_window_seconds: window } = scenario.retry.idempotency;
  const longest = longestRetrySeconds(scenario);
  const evidence: Evidence[] = [
    read(
      required
        ? `a retry carries its key, ${format}, remembered for ${window} s`
        : 'idempotency.required is false: a retry is a new request',
    ),
    read(`a client may go on trying for ${longest} s`),
  ];
  const { operations } = patient.entry;
  const kind = operations === 'list-append' ? operations : 'counter';
  const plain = operations === 'map' ? operations : 'register';
  const counted = doubled(patient, kind);
  const isCounted = counted.measured.updates > 0;
  const run = isCounted ? counted : doubled(patient, plain);
  evidence.push(
    seen(
      `${isCounted ? kind : plain} operations, one message in ten twice, one in twenty lost, ` +
        `and a crash of the leader: ${outcomeOf(run)}`,
    ),
  );
  const { verdicts, violation, updates } = run.measured;
  const once = verdicts.find(({ id }) => id === EXACTLY_ONCE);
  if (violation !== null || !required || longest > window) {
    return finding('idempotency', question, 'no', evidence);
  }
  // Of a register no effect can be counted; its checker sees a value that comes back.
  const isTested = updates > 0 && (!isCounted || once?.outcome === 'holds');
  return finding('idempotency', question, isTested ? 'yes' : 'unknown', evidence);
}

function doubled(patient: Patient, kind: (typeof operationKinds)[number]): Examined {
  const { scenario, entry } = patient;
  const clients = Math.max(2, Math.min(5, scenario.workload?.clients ?? 3));
  const own = scenario.invariants ?? entry.invariants.map(({ id }) => id);
  const { duplicate, loss } = scenario.network_assumptions;
  return patient.with([{ crash: '{leader}' }], {
    network_assumptions: {
      ...patient.calmNetwork,
      duplicate: Math.max(duplicate, 0.1),
      loss: Math.max(loss, 0.05),
    },
    workload: workloadConfig.parse({ clients, operations: kind }),
    ...(kind === 'counter' || kind === 'list-append'
      ? { invariants: [...new Set([...own, EXACTLY_ONCE])] }
      : {}),
  });
}

/** All attempts of an operation, their delays at their longest. */
function longestRetrySeconds({ retry }: Scenario): number {
  const { max_attempts: attempts, initial_delay_ms: first, max_delay_ms: most } = retry;
  const { multiplier, jitter_factor: jitter, attempt_timeout_ms: timeout = 1000 } = retry;
  let totalMs = attempts * timeout;
  let delayMs = first;
  for (let attempt = 1; attempt < attempts; attempt++) {
    totalMs += Math.min(most, delayMs) * (1 + jitter);
    delayMs *= multiplier;
  }
  return Math.ceil(totalMs / 1000);
}

/** By what the scenario says, and by whether clients are served again after its last fault. */
export function recovery(patient: Patient): Finding {
  const question = 'Recovery procedure documented?';
  const { scenario, own } = patient;
  const { description, lesson, faults } = scenario;
  const isDocumented = description !== undefined || lesson !== undefined;
  const words = description?.split(/\s+/).length ?? 0;
  const evidence: Evidence[] = [
    read(
      isDocumented
        ? `its description has ${words} words${lesson === undefined ? '' : ', and it has a lesson'}`
        : 'it has no description: say what helps, and who does it',
    ),
  ];
  const kinds = ['crash', 'pause', 'disk', 'wipe'] as const;
  const lasting = faults.filter(
    (fault) => fault.for === undefined && kinds.some((k) => k in fault),
  );
  const mends = faults.some((fault) => 'heal' in fault || 'restart' in fault || 'resume' in fault);
  if (lasting.length > 0 && !mends) {
    evidence.push(read(`${lasting.length} of its faults last until the end: nothing mends them`));
  }
  const { measured, watch } = own;
  const since = watch.lastFaultMs;
  const served = servedWithin(measured, since, measured.endMs);
  const isRecovered = !patient.hasClients || scenario.workload === undefined || served > 0;
  if (watch.faults.size === 0) evidence.push(seen('nothing failed in its own run'));
  else if (measured.violation !== null) evidence.push(seen(`it ends at ${measured.violation}`));
  else {
    evidence.push(
      seen(`after the last fault (${Math.round(since)} ms) ${served} operations were served`),
    );
  }
  const isGood = isDocumented && (isRecovered || measured.violation !== null);
  return finding('recovery', question, isGood ? 'yes' : 'no', evidence);
}
