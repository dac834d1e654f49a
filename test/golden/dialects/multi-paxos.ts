/** How conversations speak of Multi-Paxos. */
import { describeCommand, erase } from '../../../sim/engine/index.ts';
import { ballotOf, describeBallot } from '../../../protocols/multi-paxos/ballot.ts';
import { multiPaxos } from '../../../protocols/multi-paxos/index.ts';
import type { Configuration, Value } from '../../../protocols/multi-paxos/messages.ts';
import { defaultOptions, type MultiPaxosOptions } from '../../../protocols/multi-paxos/options.ts';
import { administration } from '../../../protocols/multi-paxos/reconfiguration.ts';
import type { MultiPaxosRules } from '../../../protocols/multi-paxos/rules.ts';
import { Slots } from '../../../protocols/multi-paxos/slots.ts';
import type { MultiPaxosState } from '../../../protocols/multi-paxos/state.ts';
import type { Dialect } from '../dialect.ts';

/** A node as it was before an event. */
interface Memory {
  readonly promised: number;
  readonly accepted: Slots;
  readonly chosen: Slots;
  readonly decided: number;
  readonly applied: number;
  readonly snapshotSlot: number;
  readonly configurations: readonly Configuration[];
}

const numbers: Readonly<Record<string, keyof MultiPaxosOptions>> = {
  window: 'window',
  prepare_quorum: 'prepareQuorum',
  accept_quorum: 'acceptQuorum',
  snapshot_every: 'snapshotThreshold',
  trailing: 'trailingSlots',
};

export const multiPaxosDialect: Dialect<MultiPaxosState, Memory> = {
  protocol: (rules) => erase(multiPaxos(rules as MultiPaxosRules | undefined)),
  options: () => ({ ...defaultOptions, snapshotThreshold: 0 }),
  flags: { lease: { reads: 'lease' }, local: { reads: 'local' } },
  numbers,
  names: {
    proposers: (proposers) => ({ proposers }),
    acceptors: (acceptors) => ({ acceptors }),
    learners: (learners) => ({ learners }),
  },
  commands: Object.keys(administration),
  timeout: 'election',
  parseDisk,
  summary: ({ role, ballot, promised }) => {
    const own = role === 'follower' ? '' : ` ballot=${describeBallot(ballot)}`;
    return `${role}${own} promised=${describeBallot(promised)}`;
  },
  details: (state) => {
    const { leaderId, decided, applied, accepted } = state;
    const known = `leader=${leaderId} decided=${decided} applied=${applied}`;
    const below = [`accepted ${slotsText(accepted)}`];
    const inFlight = Object.keys(state.proposals);
    if (inFlight.length > 0) below.push(`in flight: ${inFlight.join(' ')}`);
    if (state.waiting.length > 0) below.push(`waiting: ${state.waiting.length}`);
    const changed = state.configurations.length > 1 || state.configurations[0]?.from !== 1;
    if (changed) below.push(...state.configurations.map(configurationText));
    return [known, ...below];
  },
  remember: (state) => ({
    promised: state.promised,
    accepted: state.accepted.fork(),
    chosen: state.chosen.fork(),
    decided: state.decided,
    applied: state.applied,
    snapshotSlot: state.snapshot?.slot ?? 0,
    configurations: state.configurations,
  }),
  changes(before, state) {
    return [
      ...filled(before.accepted, state.accepted).map(
        ({ slot, ballot, value }) =>
          `accepts ${slot}@${describeBallot(ballot)} ${describeValue(value)}`,
      ),
      ...filled(before.chosen, state.chosen).map(({ slot }) => `learns ${slot}`),
      ...state.configurations
        .filter((one) => !before.configurations.includes(one))
        .map((one) => `knows ${configurationText(one)}`),
      ...applications(before, state),
      ...compaction(before, state),
    ];
  },
  awakening: ({ accepted, decided, round }) =>
    `its disk had round=${round} accepted ${slotsText(accepted)} decided=${decided}`,
  logLine: ({ accepted }) => slotsText(accepted),
  logEntries: ({ accepted }) =>
    accepted
      .range(accepted.base + 1, accepted.last)
      .map(
        ({ slot, ballot, value }) => `${slot}@${describeBallot(ballot)} ${describeValue(value)}`,
      ),
  values: ({ machine }) => machine.snapshot().values,
};

/** `promised=2.n1 accepted=1@1.n2,3@1.n2`: values are writes to x, named after slot and ballot. */
function parseDisk(words: readonly string[]): Partial<MultiPaxosState> {
  const given = new Map(words.map((word) => word.split('=') as [string, string]));
  const accepted = new Slots();
  let highest = 0;
  for (const word of (given.get('accepted') ?? '').split(',').filter((one) => one !== '')) {
    const [slot = '', text = ''] = word.split('@');
    const ballot = parseBallot(text);
    highest = Math.max(highest, ballot);
    const command = { type: 'put', key: 'x', value: `${slot}@${text}` };
    const request = { client: `of-${text}`, sequence: Number(slot), command, stamp: 0 };
    accepted.set(Number(slot), { ballot, value: { origin: ballot, request } });
  }
  const promised = given.get('promised');
  return {
    promised: promised === undefined ? highest : parseBallot(promised),
    accepted,
    round: 0,
    snapshot: null,
  };
}

/** `3.n2` */
function parseBallot(text: string): number {
  const [round, node = ''] = text.split('.n');
  return ballotOf(Number(round), Number(node) - 1);
}

/** `1@1.n2 3@1.n2`, after `(..7)` for what is forgotten. */
function slotsText(slots: Slots): string {
  const words = slots
    .range(slots.base + 1, slots.last)
    .map(({ slot, ballot }) => `${slot}@${describeBallot(ballot)}`);
  if (slots.base > 0) words.unshift(`(..${slots.base})`);
  return words.length === 0 ? 'nothing' : words.join(' ');
}

function configurationText({ from, acceptors }: Configuration): string {
  return `acceptors ${acceptors.join(' ')} from slot ${from}`;
}

/** What a value asks of the state machine. */
function describeValue({ request, acceptors }: Value): string {
  if (acceptors !== undefined) return `acceptors ${acceptors.join(' ')}`;
  return request === null ? 'no-op' : describeCommand(request.command);
}

function filled(before: Slots, after: Slots) {
  return after
    .range(after.base + 1, after.last)
    .filter(({ slot, ballot }) => before.get(slot)?.ballot !== ballot);
}

function applications(
  { applied, chosen: old }: Memory,
  { applied: last, chosen }: MultiPaxosState,
) {
  const lines: string[] = [];
  for (let slot = applied + 1; slot <= last; slot++) {
    const value = (chosen.get(slot) ?? old.get(slot))?.value;
    if (value !== undefined) lines.push(`applies ${slot} ${describeValue(value)}`);
  }
  return lines;
}

function compaction(before: Memory, { snapshot, accepted }: MultiPaxosState): string[] {
  const lines: string[] = [];
  const slot = snapshot?.slot ?? 0;
  if (slot > before.snapshotSlot) lines.push(`has a snapshot of 1..${slot}`);
  if (accepted.base > before.accepted.base) lines.push(`forgets slots ..${accepted.base}`);
  return lines;
}
