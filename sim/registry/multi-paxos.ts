/** Multi-Paxos's line in the table: its options as a scenario writes them, invariants, mutants. */
import { z } from 'zod';
import { multiPaxosInvariants } from '../../invariants/multi-paxos/index.ts';
import { multiPaxosMutants, mutatedMultiPaxos } from '../../protocols/multi-paxos/mutants/index.ts';
import { scaledOptions, type MultiPaxosOptions } from '../../protocols/multi-paxos/options.ts';
import { administrationProblem } from '../../protocols/multi-paxos/reconfiguration.ts';
import { erase, nodeName } from '../engine/index.ts';
import type { ClusterFacts, ProtocolEntry, ScriptCommand } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';

const count = (least: number) => z.int().min(least).max(1_000_000_000).optional();
const milliseconds = z.number().positive().max(3_600_000).optional();
const names = z.array(z.string()).min(1).optional();
const quorum = z.int().min(1).max(1000).optional();

const optionsSchema = z
  .strictObject({
    proposers: names.describe('Who may lead: [n1, n2]. Left out: whoever accepts.'),
    acceptors: names.describe(
      'With whom the cluster begins: [n1, n2, n3]; the other nodes wait until a request ' +
        '(change-membership) adds them. Left out: all nodes.',
    ),
    learners: names.describe('Who applies what is chosen; proposers have to. Left out: all nodes.'),
    prepare_quorum: quorum.describe('Promises that make a leader. Default: a majority.'),
    accept_quorum: quorum.describe(
      'Acceptors that choose a value. Default: a majority. The two quorums have to meet ' +
        '(Flexible Paxos): more than all acceptors together.',
    ),
    window: count(1).describe(
      'α: so many slots beyond the decided ones may be proposed at a time, and after so many a ' +
        'new configuration is in force. Default 16.',
    ),
    election_timeout_ms: z
      .tuple([z.number().min(0).max(3_600_000), z.number().min(0).max(3_600_000)], {
        error: 'expected the least and the most, such as [150, 300]',
      })
      .refine(([least, most]) => least <= most, { error: 'expected the smaller number first' })
      .optional()
      .describe(
        'After so long without a leader a proposer begins phase 1, in milliseconds; the most ' +
          'doubles when others spoil it. Left out: as the latency needs.',
      ),
    heartbeat_ms: milliseconds.describe(
      'Between heartbeats, in milliseconds; left out: a third of the least timeout.',
    ),
    reads: z
      .enum(['log', 'lease', 'local'])
      .optional()
      .describe(
        'How get is answered: as a command through the log, by a master that holds its lease, or ' +
          'by whoever believes to lead, from its own state (unsafe). Default: log.',
      ),
    lease_ms: milliseconds.describe('How long an acceptor keeps to a master that it has heard.'),
    clock_drift_ppm: z
      .int()
      .min(0)
      .max(900_000)
      .optional()
      .describe('By how much clocks may run fast or slow, in millionths. Default 200000.'),
    snapshot_threshold: count(0).describe(
      'A snapshot is taken after so many applied slots; 0: never. Default 1000.',
    ),
    trailing_slots: count(0).describe('Applied slots kept behind a snapshot. Default 0.'),
  })
  .describe('Options of Multi-Paxos.');

type Written = z.output<typeof optionsSchema>;

export const multiPaxosEntry: ProtocolEntry = {
  name: 'multi-paxos',
  description: 'A replicated log of numbered proposals, for nodes that crash (Lamport).',
  create: (mutants) => erase(mutatedMultiPaxos(mutants)),
  optionsSchema,
  options,
  searchOptions: (needs) => ({
    window: needs.includes('membership') ? 2 : 4,
    snapshot_threshold: needs.includes('snapshot') ? 1 : 0,
  }),
  consistency: 'linearizable',
  invariants: multiPaxosInvariants,
  mutants: multiPaxosMutants.map((mutant) => mutantEntry('multi-paxos', mutant)),
  optionProblems,
  searchRequests,
  requestProblem: administrationProblem,
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  facts: ClusterFacts,
  mutants: readonly string[],
): MultiPaxosOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const needed = multiPaxosMutants.filter(({ id }) => mutants.includes(id));
  const { latencyMs, syncMs, deduplicate, dedupWindowMs } = facts;
  const [electionTimeoutMinMs, electionTimeoutMaxMs] = written.election_timeout_ms ?? [];
  const heartbeatMs = electionTimeoutMinMs && Math.max(1, Math.floor(electionTimeoutMinMs / 3));
  return Object.assign(
    { ...scaledOptions(latencyMs, syncMs), deduplicate, dedupWindowMs },
    ...needed.map((mutant) => mutant.options ?? {}),
    defined({
      proposers: written.proposers && Object.freeze(written.proposers),
      acceptors: written.acceptors && Object.freeze(written.acceptors),
      learners: written.learners && Object.freeze(written.learners),
      prepareQuorum: written.prepare_quorum,
      acceptQuorum: written.accept_quorum,
      window: written.window,
      electionTimeoutMinMs,
      electionTimeoutMaxMs,
      heartbeatMs: written.heartbeat_ms ?? heartbeatMs,
      reads: written.reads,
      leaseMs: written.lease_ms,
      clockDriftPpm: written.clock_drift_ppm,
      snapshotThreshold: written.snapshot_threshold,
      trailingSlots: written.trailing_slots,
    }),
  ) as MultiPaxosOptions;
}

function optionProblems(
  writtenOptions: Readonly<Record<string, unknown>>,
  count: number,
  beyondTolerance: boolean,
) {
  const written: Written = optionsSchema.parse(writtenOptions);
  const nodes = Array.from({ length: count }, (_, i) => nodeName(i));
  const roles = (['proposers', 'acceptors', 'learners'] as const).flatMap((option) => {
    const named = written[option] ?? [];
    const strangers = named.filter((name) => !nodes.includes(name));
    const twice = named.filter((name, i) => named.indexOf(name) < i);
    return [
      ...strangers.map((name) => ({ option, message: `there is no node ${name}` })),
      ...twice.map((name) => ({ option, message: `${name} is there twice` })),
    ];
  });
  const acceptors = written.acceptors ?? nodes;
  const { learners, proposers = acceptors } = written;
  const ignorant = learners === undefined ? [] : proposers.filter((n) => !learners.includes(n));
  return [
    ...roles,
    ...ignorant.map((name) => ({
      option: 'learners',
      message: `${name} may lead, so it has to learn what is chosen`,
    })),
    ...quorumProblems(written, acceptors.length, beyondTolerance),
  ];
}

/** Flexible Paxos: each quorum of phase 1 has to meet each quorum of phase 2. */
function quorumProblems(written: Written, acceptors: number, beyondTolerance: boolean) {
  const majority = (acceptors >> 1) + 1;
  const { prepare_quorum: prepare = majority, accept_quorum: accept = majority } = written;
  const tooMany = (['prepare_quorum', 'accept_quorum'] as const)
    .filter((option) => (written[option] ?? 0) > acceptors)
    .map((option) => ({
      option,
      message: `expected at most ${acceptors}, the number of acceptors, found ${written[option]}`,
    }));
  if (tooMany.length > 0 || prepare + accept > acceptors || beyondTolerance) return tooMany;
  const option = written.accept_quorum === undefined ? 'prepare_quorum' : 'accept_quorum';
  const message =
    `quorums of ${prepare} (prepare) and ${accept} (accept) of ${acceptors} acceptors need not ` +
    `meet: together they have to be at least ${acceptors + 1}; ` +
    'a scenario that means it says beyond_tolerance: true';
  return [{ option, message }];
}

/** What a mutant says its error needs; where acceptors wait outside, changes of both kinds. */
function searchRequests(
  writtenOptions: Readonly<Record<string, unknown>>,
  nodes: readonly string[],
  mutants: readonly string[],
): readonly ScriptCommand[] {
  const wanted = multiPaxosMutants.filter(({ id }) => mutants.includes(id));
  const asked = wanted.flatMap(({ requests = [] }) => requests);
  const { acceptors }: Written = optionsSchema.parse(writtenOptions);
  if (acceptors === undefined) return asked;
  const type = 'change-membership';
  const waiting = nodes.filter((node) => !acceptors.includes(node));
  return [
    ...asked,
    ...acceptors.map((node) => ({ type, remove: node })),
    ...waiting.map((node) => ({ type, add: node })),
  ];
}

function defined(fields: { readonly [name: string]: unknown }): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
