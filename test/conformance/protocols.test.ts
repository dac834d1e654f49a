/** Every protocol of the registry behaves as a protocol. */
import { fileURLToPath } from 'node:url';
import { catalogue, scenarioFiles } from '../../sim/registry/index.ts';
import { protocolConformance } from './protocol.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shipped = scenarioFiles(`${root}scenarios`).map(({ text }) => text);

/** Options under which the rarer messages occur, beside the scenarios that come with Schism. */
const rarer: Readonly<Record<string, string>> = {
  'multi-paxos': '{ reads: lease, snapshot_threshold: 5 }',
};

/** A cluster that is troubled for a while, with these options. */
const troubled = (protocol: string, options: string) => `
name: rarer messages of ${protocol}
protocol: ${protocol}
options: ${options}
cluster_config: { nodes: 5 }
workload: { clients: 3 }
random_faults: { kinds: [partitions, crashes, pauses, messages], every: 1s, until: 15s }
duration: 20s
`;

/** Protocols made from one table of handlers: a message of one may be for the other only. */
const families: readonly (readonly string[])[] = [['two-phase-commit', 'three-phase-commit']];

for (const entry of catalogue.protocols.values()) {
  const family = families.find((names) => names.includes(entry.name)) ?? [entry.name];
  const isOwn = (text: string) =>
    family.some((name) => new RegExp(`^protocol: ${name}$`, 'm').test(text));
  const clean = shipped.filter((text) => isOwn(text) && !/^mutants:/m.test(text));
  const options = rarer[entry.name];
  const more = options === undefined ? [] : [troubled(entry.name, options)];
  protocolConformance(entry, catalogue, [...clean, ...more]);
}
