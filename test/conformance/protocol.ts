/** What every protocol has to satisfy. Call it once for each entry of the table of protocols. */
import { describe, expect, test } from 'vitest';
import {
  crash,
  EventKind,
  eventIdentity,
  fingerprintText,
  isForkable,
  run,
  runPrefix,
  timed,
  World,
  type AnyMessage,
  type Effects,
  type WorldConfig,
} from '../../sim/engine/index.ts';
import { finish, hashPlain, mixNumber, mixString } from '../../sim/engine/hash.ts';
import { formatProblems, loadScenario, prepare } from '../../sim/scenario/index.ts';
import type { Catalogue, Prepared, ProtocolEntry } from '../../sim/scenario/index.ts';

/** A node that no cluster has: what it says may be old, or for somebody else. */
const STRANGER = 'n99';
/** In one message of so many the stranger repeats what it has overheard. */
const OVERHEARD = 5;

/** Four nodes, two clients; crashes, pauses, and messages that are late, lost, doubled or old. */
function hostile({ name }: ProtocolEntry): string {
  return `
name: conformance of ${name}
protocol: ${name}
cluster_config: { nodes: 4 }
network_assumptions: { latency_ms: 5, duplicate: 0.2 }
workload: { clients: 2 }
random_faults: { kinds: [crashes, pauses, messages], every: 1s, until: 3s }
duration: 4s
`;
}

/** `scenarios`: texts in which, with the hostile runs, every type of message has to occur. */
export function protocolConformance(
  entry: ProtocolEntry,
  catalogue: Catalogue,
  scenarios: readonly string[],
): void {
  const open = (text: string, seed: string): Prepared => {
    const loaded = loadScenario(text, { file: `${entry.name}.yaml`, catalogue });
    if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
    return prepare(loaded.scenario, { seed, catalogue, careful: true });
  };
  const unjudged = (seed: string): Prepared => {
    const prepared = open(hostile(entry), seed);
    return { ...prepared, world: { ...prepared.world, invariants: [] } };
  };

  describe(entry.name, () => {
    test('is deterministic: the same seed is the same run, another seed is another', () => {
      const [one, again, other] = ['1', '1', '2'].map((seed) => receipt(unjudged(seed)));
      expect(again).toBe(one);
      expect(other).not.toBe(one);
    });

    test('keeps and sends plain data only', () => {
      const { world: config, limits } = unjudged('plain');
      const odd = new Set<string>();
      const world: World = new World(config, timed, {
        afterEvent() {},
        onSend: ({ payload }) => notPlain(payload, false).forEach((path) => odd.add(path)),
      });
      run(world, limits);
      for (const { state } of world.nodes) notPlain(state, true).forEach((path) => odd.add(path));
      expect([...odd]).toEqual([]);
    });

    test('never throws on messages that are late, come twice, or come from a stranger', () => {
      const { world: config, limits } = unjudged('strangers');
      const overheard = { count: 0 };
      const world = new World(withStranger(config, overheard), timed);
      run(world, limits);
      expect(world.violation).toBe(null);
      expect(overheard.count).toBeGreaterThan(5);
    });

    test('starts again, at any moment, from what the disk has, and never changes that', () => {
      const { world: config } = unjudged('restarts');
      const world = new World({ ...config, director: null }, timed);
      for (let ms = 100; ms <= 2000; ms += 95) {
        run(world, { untilUs: ms * 1000, maxEvents: 100_000 });
        const fork = world.fork();
        const index = (ms / 5) % 4;
        crash(fork, index);
        const durable = fork.nodes[index]?.durable ?? null;
        const before = hashPlain(0, durable);
        fork.start(index);
        expect(fork.nodes[index]?.state, `at ${ms} ms`).not.toBe(null);
        run(fork, { untilUs: (ms + 200) * 1000, maxEvents: 100_000 });
        expect(fork.violation).toBe(null);
        expect(hashPlain(0, durable), `at ${ms} ms`).toBe(before);
      }
    });

    test('has no type of message that never occurs', () => {
      const seen = new Set<string>();
      const note = ({ world: config, prefix, continues, limits }: Prepared) => {
        const world: World = new World({ ...config, invariants: [] }, timed, {
          afterEvent: (_view, { event }) => {
            if (event.kind === EventKind.message) seen.add((event.payload as AnyMessage).type);
          },
        });
        if (runPrefix(world, prefix) === null && continues) run(world, limits);
      };
      for (const text of [hostile(entry), ...scenarios]) note(open(text, '1'));
      const types = Object.keys(entry.create([]).onMessage);
      expect(types.filter((type) => !seen.has(type))).toEqual([]);
    });
  });
}

/** A hash over the times and names of all events, and over the last state. */
function receipt({ world: config, limits }: Prepared): string {
  let hash = 0;
  const world: World = new World(config, timed, {
    beforeEvent(event) {
      hash = mixNumber(mixString(hash, eventIdentity(world, event)), event.at);
    },
    afterEvent() {},
  });
  run(world, limits);
  return `${finish(hash)} ${fingerprintText(world)}`;
}

/** The paths of what is neither plain nor, where that is allowed, a value that can fork. */
function notPlain(value: unknown, mayFork: boolean, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path}: ${value}`];
  if (value === null || ['string', 'boolean', 'undefined'].includes(typeof value)) return [];
  if (typeof value !== 'object') return [`${path}: a ${typeof value}`];
  if (isForkable(value)) return mayFork ? [] : [`${path}: a value that can fork`];
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === Array.prototype;
  if (!isPlain && prototype !== null) return [`${path}: a ${value.constructor.name}`];
  return Object.entries(value).flatMap(([key, item]) => {
    return notPlain(item, mayFork, Array.isArray(value) ? `${path}[]` : `${path}.${key}`);
  });
}

/** The same cluster; now and then a stranger repeats a message that somebody has just received. */
function withStranger(config: WorldConfig, overheard: { count: number }): WorldConfig {
  const { protocol } = config;
  let messages = 0;
  const onMessage = Object.fromEntries(
    Object.entries(protocol.onMessage).map(([type, handler]) => [
      type,
      (...[state, from, message, effects]: Parameters<typeof handler>) => {
        handler(state, from, message, effects);
        if (++messages % OVERHEARD !== 0) return;
        overheard.count++;
        handler(state, STRANGER, message, deafTo(effects));
      },
    ]),
  );
  return { ...config, protocol: { ...protocol, onMessage } };
}

/** Answers to the stranger go nowhere. */
function deafTo(effects: Effects<AnyMessage, string>): Effects<AnyMessage, string> {
  const deaf = Object.create(effects) as Effects<AnyMessage, string>;
  const send = (to: string, message: AnyMessage) => {
    if (to !== STRANGER) effects.send(to, message);
  };
  return Object.assign(deaf, { send });
}
