/** From a scenario's faults, as written, to what the fault engine takes. */
import {
  combine,
  ordinaryFaults,
  Plan,
  planParts,
  randomLies,
  randomPartitions,
  Timeline,
  type Fault,
  type PlannedFault,
  type TimelineEntry,
} from '../faults/index.ts';
import type { Director } from '../engine/index.ts';
import { kindsOf } from './check-faults.ts';
import { parseCondition } from './condition.ts';
import { faultForms } from './fault-forms.ts';
import { liesByChance } from './liars.ts';
import type { Scenario } from './schema.ts';
import type { TimelineEntryConfig } from './schema-faults.ts';

/** The one fault in an entry or a step that has passed the checks. */
export function faultOf(entry: object): Fault {
  const kind = kindsOf(entry)[0] as keyof typeof faultForms;
  return faultForms[kind].make((entry as Record<string, unknown>)[kind], entry);
}

export function timelineEntries(entries: readonly TimelineEntryConfig[]): TimelineEntry[] {
  return entries.map((entry) => {
    const { at, when, after, for: forUs } = entry;
    const condition = when === undefined ? null : parseCondition(when);
    return {
      trigger:
        condition === null || typeof condition === 'string'
          ? { type: 'at', us: at ?? 0 }
          : { type: 'when', condition, afterUs: after ?? 0 },
      fault: faultOf(entry),
      ...(forUs === undefined ? {} : { forUs }),
    };
  });
}

/** Everything that goes wrong in a scenario: its timeline, and a random plan if it has one. */
export function directorOf(scenario: Scenario): Director | null {
  const { faults, random_faults: random, network_assumptions: network } = scenario;
  const planned = plannedFaults(scenario);
  const timeline = faults.length === 0 ? null : new Timeline(timelineEntries(faults));
  if (planned.length === 0 && network.partition_probability === 0) return timeline;
  const healAtUs = random?.until ?? Math.floor((scenario.duration * 3) / 4);
  const plan = new Plan({ faults: planned, healAtUs });
  return timeline === null ? plan : combine(timeline, plan);
}

/** As `random_faults.every` has it. */
const DEFAULT_EVERY_US = 5_000_000;

function plannedFaults(scenario: Scenario): PlannedFault[] {
  const { random_faults: random, network_assumptions: network } = scenario;
  const probability = network.partition_probability;
  const planned = probability === 0 ? [] : [randomPartitions(probability)];
  if (liesByChance(scenario)) {
    planned.push(...randomLies((random?.every ?? DEFAULT_EVERY_US) / 1_000_000));
  }
  if (random === undefined) return planned;
  const seconds = random.every / 1_000_000;
  const parts = planParts.filter((part) => random.kinds.includes(part));
  planned.push(...ordinaryFaults(scenario.cluster_config.nodes, parts, seconds));
  if (random.kinds.includes('partitions')) planned.push(randomPartitions(Math.min(1, 1 / seconds)));
  return planned;
}
