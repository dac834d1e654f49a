/** Raft's line in the table: its options as a scenario writes them, its invariants and mutants. */
import { z } from 'zod';
import { raftInvariants } from '../../invariants/raft/index.ts';
import { administrationProblem } from '../../protocols/raft/administration.ts';
import { Log } from '../../protocols/common/log.ts';
import type { Entry } from '../../protocols/raft/messages.ts';
import { mutatedRaft, raftMutants } from '../../protocols/raft/mutants/index.ts';
import { scaledOptions, type RaftOptions } from '../../protocols/raft/options.ts';
import { erase, nodeName } from '../engine/index.ts';
import type { ClusterFacts, InitialNode, ProtocolEntry, ScriptCommand } from '../scenario/index.ts';
import { mutantEntry } from './mutant-entry.ts';
import { raftExhaustion } from './raft-exhaustion.ts';

const count = (least: number) => z.int().min(least).max(1_000_000_000).optional();
const milliseconds = z.number().min(0).max(3_600_000).optional();

const optionsSchema = z
  .strictObject({
    members: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'With whom the cluster begins: [n1, n2, n3]; the other nodes wait until a request ' +
          '(change-membership) adds them. Left out: all nodes.',
      ),
    priorities: z
      .record(z.string(), z.int().min(0).max(1000))
      .optional()
      .describe(
        'Who should rather lead: { n1: 2, n2: 1 }; who is not named has 0. Between equal logs ' +
          'nobody votes for a server of lower priority than its own. Left out: all are equal.',
      ),
    election_timeout_ms: z
      .tuple([z.number().min(0).max(3_600_000), z.number().min(0).max(3_600_000)], {
        error: 'expected the least and the most, such as [150, 300]',
      })
      .refine(([least, most]) => least <= most, { error: 'expected the smaller number first' })
      .optional()
      .describe(
        'An election timeout is drawn between these, in milliseconds (§9.3: 150 to 300). Left ' +
          'out: as many times longer as the latency needs.',
      ),
    heartbeat_ms: z
      .number()
      .positive()
      .max(3_600_000)
      .optional()
      .describe('Between heartbeats, in milliseconds; left out: a third of the least timeout.'),
    pre_vote: z
      .boolean()
      .optional()
      .describe('Ask before beginning a new term (dissertation §9.6). Default: no.'),
    check_quorum: z
      .boolean()
      .optional()
      .describe('A leader that does not hear from a majority steps down (§6.2). Default: no.'),
    max_entries: count(1).describe('Entries in one AppendEntries at most. Default 64.'),
    max_inflight: count(0).describe(
      'Messages with entries on their way to a follower at most; it is probed first. Default 0: ' +
        'no flow control.',
    ),
    max_inflight_bytes: count(0).describe(
      'The same in characters of commands. Default 0: no such bound.',
    ),
    reads: z
      .enum(['log', 'read-index', 'lease', 'follower', 'local'])
      .optional()
      .describe(
        'How get is answered: as a command through the log; by a leader whom a majority has ' +
          'confirmed (read-index, §6.4), perhaps a while ago (lease, §6.4.1); by any server that ' +
          'has asked the leader (follower); or by whoever believes to lead, from its own state ' +
          '(local: unsafe). Default: log.',
      ),
    clock_bound_ms: milliseconds.describe(
      'How far clocks may drift apart within the least election timeout; leases end so much ' +
        'earlier. Left out: a fifth of that timeout.',
    ),
    batch_ms: milliseconds.describe('How long a leader waits for more requests. Default 0.'),
    async_storage: z
      .boolean()
      .optional()
      .describe(
        'A follower goes on while its disk writes, and acknowledges entries as they become ' +
          'durable (etcd/raft). Default: no.',
      ),
    apply_ms: milliseconds.describe(
      'What is committed is applied by a step of its own, at most so much later. Default 0: ' +
        'at once.',
    ),
    snapshot_threshold: count(0).describe(
      'A snapshot is taken after so many applied entries (§7); 0: never. Default 1000.',
    ),
    trailing_entries: count(0).describe('Applied entries kept behind a snapshot. Default 0.'),
    snapshot_chunk: count(1).describe('Characters of a snapshot in one message. Default 4096.'),
  })
  .describe('Options of Raft.');

type Written = z.output<typeof optionsSchema>;

export const raftEntry: ProtocolEntry = {
  name: 'raft',
  description: 'A replicated log with a strong leader, for nodes that crash (Ongaro, Ousterhout).',
  create: (mutants) => erase(mutatedRaft(mutants)),
  optionsSchema,
  options,
  // One entry a message and small snapshots: more can go wrong in fewer events.
  searchOptions: (needs) => ({
    max_entries: 1,
    snapshot_threshold: needs.includes('snapshot') ? 1 : 0,
    snapshot_chunk: 60,
  }),
  consistency: 'linearizable',
  invariants: raftInvariants,
  mutants: raftMutants.map((mutant) => mutantEntry('raft', mutant)),
  initialDurable,
  optionProblems,
  searchRequests,
  exhaustion: raftExhaustion,
  requestProblem: administrationProblem,
};

function options(
  writtenOptions: Readonly<Record<string, unknown>>,
  facts: ClusterFacts,
  mutants: readonly string[],
): RaftOptions {
  const written: Written = optionsSchema.parse(writtenOptions);
  const needed = raftMutants.filter(({ id }) => mutants.includes(id)).map((m) => m.options ?? {});
  const { nodes, latencyMs, syncMs, deduplicate, dedupWindowMs } = facts;
  const [electionTimeoutMinMs, electionTimeoutMaxMs] = written.election_timeout_ms ?? [];
  const heartbeatMs = electionTimeoutMinMs && Math.max(1, Math.floor(electionTimeoutMinMs / 3));
  return Object.assign(
    { ...scaledOptions(nodes, latencyMs, syncMs), deduplicate, dedupWindowMs },
    ...needed,
    defined({
      members: written.members && Object.freeze(written.members),
      priorities: written.priorities && Object.freeze(written.priorities),
      electionTimeoutMinMs,
      electionTimeoutMaxMs,
      heartbeatMs: written.heartbeat_ms ?? heartbeatMs,
      reads: written.reads,
      clockBoundMs: written.clock_bound_ms,
      preVote: written.pre_vote,
      checkQuorum: written.check_quorum,
      maxEntriesPerAppend: written.max_entries,
      maxInflight: written.max_inflight,
      maxInflightBytes: written.max_inflight_bytes,
      batchMs: written.batch_ms,
      asyncStorage: written.async_storage,
      applyMs: written.apply_ms,
      snapshotThreshold: written.snapshot_threshold,
      trailingEntries: written.trailing_entries,
      snapshotChunkSize: written.snapshot_chunk,
    }),
  ) as RaftOptions;
}

function optionProblems(writtenOptions: Readonly<Record<string, unknown>>, count: number) {
  const written: Written = optionsSchema.parse(writtenOptions);
  const { members = [], priorities = {}, clock_bound_ms: boundMs = 0 } = written;
  const [leastMs = Infinity] = written.election_timeout_ms ?? [];
  const nodes = Array.from({ length: count }, (_, i) => nodeName(i));
  const problem = (option: string, name: string) =>
    nodes.includes(name) ? [] : [{ option, message: `there is no node ${name}` }];
  const endless = `expected less than the least election timeout (${leastMs}): no lease would last`;
  const twice = members.filter((name, i) => members.indexOf(name) < i);
  return [
    ...members.flatMap((name) => problem('members', name)),
    ...Object.keys(priorities).flatMap((name) => problem('priorities', name)),
    ...(boundMs >= leastMs ? [{ option: 'clock_bound_ms', message: endless }] : []),
    ...twice.map((name) => ({ option: 'members', message: `${name} is there twice` })),
  ];
}

/** What a mutant says its error needs; where servers wait outside, changes of every kind. */
function searchRequests(
  writtenOptions: Readonly<Record<string, unknown>>,
  nodes: readonly string[],
  mutants: readonly string[],
): readonly ScriptCommand[] {
  const wanted = raftMutants.filter(({ id }) => mutants.includes(id));
  const asked = wanted.flatMap(({ requests = [] }) => requests);
  const { members }: Written = optionsSchema.parse(writtenOptions);
  if (members === undefined) return asked;
  const type = 'change-membership';
  const waiting = nodes.filter((node) => !members.includes(node));
  const [first = ''] = members;
  return [
    ...asked,
    ...members.map((node) => ({ type, remove: node })),
    ...waiting.map((node) => ({ type, add: node })),
    ...waiting.map((node) => ({ type, learn: node })),
    { type, add: [first, ...waiting].join(','), remove: members.slice(1).join(',') },
    { type: 'transfer-leadership', to: first },
  ];
}

function initialDurable({ term, votedFor, log }: InitialNode): object {
  const entries = log.map(({ term: entryTerm, command }, i): Entry => {
    if (command === null) return { term: entryTerm, request: null };
    // No client asked for it; position and term make its id unique and equal on every server.
    return {
      term: entryTerm,
      request: { client: `initial-${entryTerm}`, sequence: i + 1, command, stamp: 0 },
    };
  });
  return { currentTerm: term, votedFor, log: new Log(entries), snapshot: null };
}

function defined(fields: { readonly [name: string]: unknown }): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
