/** Simpler worlds for the same steps: disks without delay, no chance, fewer actors. */
import { timed, World, type WorldConfig } from '../engine/index.ts';
import type { Move } from './move.ts';
import type { MakeWorld } from './session.ts';

/**
 * `as configured`: with the timeline of faults, and messages lost or doubled by chance. The others
 * leave nothing to chance or to a timeline, and lose nothing; `doubled`: every message comes twice.
 */
export type Weather = 'as configured' | 'doubled' | 'calm';

/** What about a world may be made simpler. */
export interface Variant {
  readonly nodes: number;
  readonly clients: number;
  readonly weather: Weather;
  /** Writes are on disk at once: no event of a disk is needed. */
  readonly instantDisk: boolean;
}

/** The world as it was configured. */
export function variantOf({ nodes, clients, network, director, disk }: WorldConfig): Variant {
  const isCalm = director === null && network.lossPpm === 0 && network.duplicatePpm === 0;
  return {
    nodes,
    clients: clients?.count ?? 0,
    weather: isCalm ? 'calm' : 'as configured',
    instantDisk: disk.syncUs === 0,
  };
}

/**
 * Makes the worlds of a configuration and of its variants. The number of nodes stays where it has a
 * meaning of its own: with regions or initial logs, or when `keepNodes` says so.
 */
export function worldsOf(config: WorldConfig, keepNodes = false): MakeWorld {
  const isFixed = keepNodes || config.network.regions !== null || config.initialDurable !== null;
  return (variant, observer) =>
    isFixed && variant.nodes !== config.nodes
      ? null
      : new World(applyVariant(config, variant), timed, observer ?? null);
}

/** The same configuration with what the variant says. Every call brings a workload of its own. */
export function applyVariant(config: WorldConfig, variant: Variant): WorldConfig {
  const { nodes, clients, instantDisk, weather } = variant;
  const { clients: all, director } = config;
  return {
    ...config,
    nodes,
    clients:
      all === null || clients === 0
        ? null
        : { ...all, count: clients, workload: all.workload.fork() },
    disk: instantDisk ? { ...config.disk, syncUs: 0 } : config.disk,
    network: networkIn(weather, config.network),
    director: weather === 'as configured' ? director : null,
  };
}

/** Variants simpler than this one in which the same steps may do, the simplest first. */
export function simplerVariants(variant: Variant, moves: readonly Move[]): readonly Variant[] {
  const { nodes, clients, instantDisk, weather } = variant;
  const weathers: readonly Weather[] =
    weather === 'calm' ? [] : weather === 'doubled' ? ['calm'] : ['calm', 'doubled'];
  const variants: Variant[] = [];
  if (!instantDisk) {
    for (const fair of weathers) variants.push({ ...variant, weather: fair, instantDisk: true });
    variants.push({ ...variant, instantDisk: true });
  }
  for (const fair of weathers) variants.push({ ...variant, weather: fair });
  // Actors are numbered: only the last ones can go, when nothing happens to them.
  const used = moves.reduce((most, { actor, from }) => Math.max(most, actor, from), -1);
  const usedClients = Math.max(0, used + 1 - nodes);
  if (usedClients < clients) variants.push({ ...variant, clients: usedClients });
  return variants;
}

function networkIn(weather: Weather, network: WorldConfig['network']): WorldConfig['network'] {
  if (weather === 'as configured') return network;
  const doubles = weather === 'doubled' && network.duplicatePpm > 0;
  return { ...network, lossPpm: 0, duplicatePpm: doubles ? 1_000_000 : 0 };
}
