/** How each fault is written in a scenario: its key, the shape of its value, the fault it means. */
import { z } from 'zod';
import type { FaultKind } from '../faults/fault.ts';
import { form, type FaultForm } from './fault-form.ts';
import { liarForms } from './liar-forms.ts';
import { latencyShape } from './schema-cluster.ts';
import {
  commandValue,
  duration,
  nodeRef,
  nodeRefs,
  ppm,
  probability,
  signedDuration,
} from './schema-common.ts';

/** The kinds that a scenario can write; `end` is made by `for`. */
export type WritableKind = Exclude<FaultKind, 'end' | 'lose' | 'repeat'>;

const sides = z
  .array(z.array(nodeRef).min(1).describe('The nodes of one side.'))
  .min(2)
  .describe('Two sides or more; nodes that are in none are cut off from nobody.');
const between = nodeRefs
  .optional()
  .describe('Only links that touch one of these nodes; left out: all links.');
const share = (what: string) => probability.describe(`The probability that a message ${what}.`);

/** A share of the messages, written as a bare number or with `between`. */
function weather(what: string) {
  return z
    .union([share(what), z.strictObject({ probability: share(what), between })], {
      error: 'expected a probability, or { probability, between }',
    })
    .transform((value) => (typeof value === 'number' ? { probability: value } : value));
}

type Weather = z.output<ReturnType<typeof weather>>;
const onLinks = (value: Weather) => ({
  ppm: ppm(value.probability),
  ...(value.between === undefined ? {} : { between: value.between }),
});

const nodes = (kind: 'crash' | 'restart' | 'wipe' | 'pause' | 'resume', text: string) =>
  form(nodeRefs.describe(text), 'nodes', (value) => ({ kind, nodes: value }));

const yes = z.literal(true, { error: 'expected true: this fault has no parameters' });

/** Every kind of fault; one that is missing here does not compile. */
export const faultForms = {
  partition: form(
    sides.describe('Cuts every link between different sides: [[n1, n2], [n3, n4, n5]].'),
    'links',
    (value) => ({ kind: 'partition', sides: value }),
  ),
  isolate: form(
    nodeRefs.describe('Cuts each of these nodes off from every other node.'),
    'links',
    (value) => ({ kind: 'isolate', nodes: value }),
  ),
  'one-way': form(
    z
      .strictObject({
        from: nodeRefs.describe('Messages of these nodes …'),
        to: nodeRefs.describe('… to these are lost; the other way they pass.'),
      })
      .describe('Loses messages in one direction.'),
    'links',
    (value) => ({ kind: 'one-way', ...value }),
  ),
  bridge: form(
    z
      .strictObject({
        sides,
        bridge: nodeRefs.describe('The nodes that both sides can still talk to.'),
      })
      .describe('Two sides that see each other only through a bridge.'),
    'links',
    (value) => ({ kind: 'bridge', ...value }),
  ),
  'majorities-ring': form(
    yes.describe('Each node sees a majority, no two the same one.'),
    'links',
    () => ({ kind: 'majorities-ring' }),
  ),
  'random-halves': form(
    yes.describe('Cuts the cluster into two halves drawn from the seed.'),
    'links',
    () => ({ kind: 'random-halves' }),
  ),
  'random-partition': form(
    yes.describe('A cut of a shape drawn from the seed: halves, isolate, one-way, bridge, ring.'),
    'links',
    () => ({ kind: 'random-partition' }),
  ),
  'region-partition': form(
    z
      .union([z.string(), z.array(z.string()).min(1)], { error: 'expected a region or a list' })
      .transform((value) => (typeof value === 'string' ? [value] : value))
      .describe('Cuts these regions off from all others.'),
    'regions',
    (value) => ({ kind: 'region-partition', regions: value }),
  ),
  flapping: form(
    z
      .strictObject({
        sides,
        down: duration.describe('How long the cut lasts each time.'),
        up: duration.describe('How long the links are whole in between.'),
      })
      .describe('A cut that comes and goes.'),
    'links',
    ({ sides, down, up }) => ({ kind: 'flapping', sides, downUs: down, upUs: up }),
  ),
  loss: form(
    weather('is lost').describe('Loses messages: 0.05, or { probability: 0.05, between: [n1] }.'),
    'links',
    (value) => ({ kind: 'loss', ...onLinks(value) }),
  ),
  duplicate: form(
    weather('arrives twice').describe('Delivers messages twice: 0.05, or with `between`.'),
    'links',
    (value) => ({ kind: 'duplicate', ...onLinks(value) }),
  ),
  delay: form(
    z
      .union(
        [
          duration.describe('The median of what is added.'),
          z.strictObject({
            median: duration.describe('The median of what is added to the latency.'),
            shape: latencyShape.optional(),
            between,
          }),
        ],
        { error: 'expected a duration, or { median, shape, between }' },
      )
      .describe('Added to the latency: 200ms, or { median: 200ms, shape: heavy-tail }.'),
    'links',
    (value) => {
      if (typeof value === 'number') return { kind: 'delay', medianUs: value, shape: 'uniform' };
      const { median, shape, between } = value;
      const where = between === undefined ? {} : { between };
      return { kind: 'delay', medianUs: median, shape: shape ?? 'uniform', ...where };
    },
  ),
  reorder: form(
    z
      .strictObject({
        probability: share('is held back'),
        by: duration.describe('For how long at most.'),
        between,
      })
      .describe('Holds messages back, so that later ones overtake them.'),
    'links',
    (value) => ({ kind: 'reorder', byUs: value.by, ...onLinks(value) }),
  ),
  'replay-old': form(
    weather('arrives once more, late').describe(
      'Copies arrive once more when they are old: 0.01, or with `between`.',
    ),
    'links',
    (value) => ({ kind: 'replay-old', ...onLinks(value) }),
  ),
  crash: nodes('crash', 'These nodes stop, and lose what their disks had not synced.'),
  restart: nodes('restart', 'These nodes, being down, start again from their disks.'),
  wipe: nodes('wipe', 'These nodes stop, and their disks are empty afterwards (amnesia).'),
  pause: nodes('pause', 'These nodes do nothing for a while; what arrives waits for them.'),
  resume: nodes('resume', 'These nodes, being paused, go on.'),
  'clock-step': form(
    z
      .strictObject({
        nodes: nodeRefs,
        by: signedDuration.describe('How far the clock jumps: 500ms forwards, -2s back.'),
      })
      .describe('The clocks of these nodes jump.'),
    'nodes',
    ({ nodes, by }) => ({ kind: 'clock-step', nodes, byUs: by }),
  ),
  'clock-drift': form(
    z
      .strictObject({
        nodes: nodeRefs,
        ppm: z
          .int()
          .min(-900_000)
          .max(10_000_000)
          .describe('Microseconds that the clock gains per second; negative: it loses them.'),
      })
      .describe('The clocks of these nodes run fast or slow.'),
    'nodes',
    (value) => ({ kind: 'clock-drift', ...value }),
  ),
  disk: form(
    z
      .strictObject({
        nodes: nodeRefs,
        problem: z
          .enum(['lying-fsync', 'torn-write', 'lose-unsynced', 'corrupt-entry', 'slow', 'full'])
          .describe(
            'lying-fsync: syncs lie, and a crash loses what they covered; torn-write: the next ' +
              'crash leaves the last unsynced write half done; lose-unsynced: crash now, with ' +
              'whatever is unsynced; corrupt-entry: the stored log loses or corrupts an entry; ' +
              'slow: every sync takes longer; full: no sync completes.',
          ),
        by: duration.optional().describe('For slow: added to every sync.'),
      })
      .describe('The disks of these nodes go wrong.'),
    'nodes',
    ({ by, ...value }) => ({ kind: 'disk', ...value, ...(by === undefined ? {} : { byUs: by }) }),
  ),
  heal: form(
    z
      .enum(['all', 'partitions', 'messages', 'nodes', 'clocks', 'disks', 'liars'])
      .describe('Ends all faults of a kind; nodes that are down restart, paused ones resume.'),
    'nodes',
    (value) => ({ kind: 'heal', what: value }),
  ),
  request: form(
    z
      .object({
        node: nodeRef,
        type: z.string().min(1).describe('The command: put, get, append, cas, delete, …'),
      })
      .catchall(commandValue)
      .describe(
        "A request of no client: { node: n1, type: put, key: x, value: '1' }; an administrator's " +
          "as well: { node: '{leader}', type: change-membership, add: n4, remove: n1 }.",
      ),
    'nodes',
    ({ node, ...command }) => ({ kind: 'request', node, command: command as { type: string } }),
  ),
  ...liarForms,
} satisfies Record<WritableKind, FaultForm>;

/** The kinds, in the order of the table: the words of a scenario. */
export const faultKinds = Object.keys(faultForms) as WritableKind[];

/** A name in a fault's value, and where it stands in it. */
export interface NameAt {
  readonly path: readonly (string | number)[];
  readonly name: string;
}

/** Kinds whose text is something else: a duration, what to heal. */
const NAMELESS: readonly WritableKind[] = ['delay', 'heal'];

/** Fields whose texts are names of nodes, in every kind of fault but a request. */
const NODE_FIELDS = ['nodes', 'node', 'from', 'to', 'sides', 'bridge', 'between'];

/** The names of nodes (or of regions) in a fault's value as it was written. */
export function namesIn(kind: WritableKind, value: unknown): NameAt[] {
  if (typeof value === 'string' || Array.isArray(value)) {
    return NAMELESS.includes(kind) ? [] : texts(value, []);
  }
  if (typeof value !== 'object' || value === null) return [];
  // The other fields of a request are the command's own: a cas has `from` and `to` as well.
  const nodeFields = kind === 'request' ? ['node'] : NODE_FIELDS;
  return Object.entries(value).flatMap(([field, content]) =>
    nodeFields.includes(field) ? texts(content, [field]) : [],
  );
}

function texts(value: unknown, path: readonly (string | number)[]): NameAt[] {
  if (typeof value === 'string') return [{ path, name: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, i) => texts(item, [...path, i]));
}
