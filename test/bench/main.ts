/** `npm run bench [-- name …] [--json]`: measures; the figures are of this machine, now. */
import { parseArgs } from 'node:util';

interface Bench {
  readonly what: string;
  run(): Promise<object>;
}

const benches: Readonly<Record<string, Bench>> = {
  engine: {
    what: 'events per CPU second of the engine',
    run: async () => (await import('./engine.ts')).engineBench(),
  },
  search: {
    what: 'what strategies cost, and how soon they catch each mutant of Raft',
    run: async () => ({
      ...(await import('./search.ts')).searchBench(),
      scaling: await (await import('./scaling.ts')).scalingBench(),
    }),
  },
  property: {
    what: 'what fast-check costs beside the runs themselves',
    run: async () => (await import('./property.ts')).propertyBench(),
  },
  shrink: {
    what: 'how short violating runs become, and what it takes',
    run: async () => (await import('./shrink.ts')).shrinkBench(),
  },
  exhaustive: {
    what: 'generated states per CPU second of exhaustive search',
    run: async () => (await import('./exhaustive.ts')).exhaustiveBench(),
  },
  replication: {
    what: 'recovery point and latency of the modes of replication, under the same faults',
    run: async () => (await import('./replication.ts')).replicationBench(),
  },
  protocols: {
    what: 'the consensus protocols: events per CPU second, messages per command',
    run: async () => (await import('./protocols.ts')).protocolsBench(),
  },
  checkers: {
    what: 'CPU milliseconds of the history checkers',
    run: async () => (await import('./checkers.ts')).checkersBench(),
  },
  ring: {
    what: 'what placing keys by hashing costs, how even it is, and how many keys move',
    run: async () => (await import('./ring.ts')).ringBench(),
  },
  viewer: {
    what: 'the page of a long trace in Chromium: size, first paint, a step, scrolling, a million',
    run: async () => (await import('./viewer.ts')).viewerBench(),
  },
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' } },
  allowPositionals: true,
});

const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(
    `no such bench: ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}

const results: Record<string, object> = {};
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const bench = benches[name] as Bench;
  console.error(`${name}: ${bench.what}`);
  results[name] = await bench.run();
}
const [only] = Object.values(results);
const result = Object.keys(results).length === 1 ? only : results;
console.log(JSON.stringify(result, null, values.json === true ? undefined : 2));
