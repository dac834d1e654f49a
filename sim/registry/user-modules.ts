/** A user's own protocol: a module that a scenario names by its path. */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { AnyProtocol, Invariant } from '../engine/index.ts';
import { guardedInvariant, guardedProtocol } from './guard.ts';
import { moduleNamedIn, type Catalogue, type ProtocolEntry } from '../scenario/index.ts';

/**
 * The catalogue for one scenario: the given one and, when the text names a module as its protocol
 * (relative to `file`), what that module exports: `entry`, a `ProtocolEntry`; or `protocol`, a
 * `Protocol`, and beside it, if there are any, `invariants` and `defaultOptions`. What is wrong
 * with the module becomes a problem of the scenario.
 */
export async function catalogueFor(
  text: string,
  file: string,
  catalogue: Catalogue,
): Promise<Catalogue> {
  const name = moduleNamedIn(text);
  if (name === null) return catalogue;
  const found = await loadEntry(name, resolve(dirname(file), name));
  if (typeof found === 'string') return { ...catalogue, failures: new Map([[name, found]]) };
  return { ...catalogue, protocols: new Map([...catalogue.protocols, [name, found]]) };
}

async function loadEntry(name: string, path: string): Promise<ProtocolEntry | string> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    const advice = isMissing(error) ? 'there is no such file beside the scenario' : line;
    return `the module ${name} cannot be loaded: ${advice}`;
  }
  return entryOf(name, module);
}

/** What a module exports as an entry of the catalogue; a sentence when it exports none. */
export function entryOf(
  name: string,
  module: Readonly<Record<string, unknown>>,
): ProtocolEntry | string {
  const { entry, protocol } = module;
  if (isObject(entry) && 'create' in entry && 'options' in entry) {
    return { ...(entry as unknown as ProtocolEntry), name };
  }
  if (isObject(protocol) && 'onMessage' in protocol && 'start' in protocol) {
    return wrap(name, protocol as unknown as AnyProtocol, module);
  }
  return `the module ${name} exports neither "protocol" (a Protocol) nor "entry" (a ProtocolEntry)`;
}

/** A bare protocol: its options are whatever its scenario says over its defaults. */
function wrap(
  name: string,
  protocol: AnyProtocol,
  module: Readonly<Record<string, unknown>>,
): ProtocolEntry {
  const defaults = isObject(module['defaultOptions']) ? module['defaultOptions'] : {};
  const fields = Object.keys(defaults).map((field) => [field, z.unknown().optional()] as const);
  const invariants = Array.isArray(module['invariants']) ? module['invariants'] : [];
  const guarded = guardedProtocol(name, protocol);
  return {
    name,
    description: protocol.paper,
    create: () => guarded,
    optionsSchema: z.strictObject(Object.fromEntries(fields)),
    options: (written) => ({ ...defaults, ...written }),
    consistency: 'eventual',
    invariants: (invariants as Invariant[]).map((one) => guardedInvariant(name, one)),
    mutants: [],
  };
}

function isMissing(error: unknown): boolean {
  return isObject(error) && error['code'] === 'ERR_MODULE_NOT_FOUND';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
