/** Traces for the tests of the viewer: runs of the scenarios that come with Schism. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../sim/registry/index.ts';
import { openScenario } from '../../sim/registry/open.ts';
import { packageVersion } from '../../sim/registry/version.ts';
import { joinParts } from '../../sim/trace/index.ts';
import { runScenario } from '../../sim/trace/run-scenario.ts';
import { openStore, type Store } from '../../sim/viewer/model/store.ts';

const root = join(import.meta.dirname, '../..');

export const museum = (name: string) =>
  new Uint8Array(readFileSync(join(root, 'traces/raft', `${name}.msgpack`)));

export function scenarioText(id: string): string {
  return readFileSync(join(root, 'scenarios', `${id}.yaml`), 'utf8');
}

/** The trace of a run with this seed. */
export async function recorded(text: string, seed: string): Promise<Uint8Array> {
  const opened = await openScenario(text, 'example.yaml', catalogue);
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  const parts: Uint8Array[] = [];
  const { mutants } = opened.open.scenario;
  const about = { engine: packageVersion(), file: 'example.yaml', text, mutants };
  const sink = (part: Uint8Array) => void parts.push(part);
  runScenario(opened.open.prepare(seed), { record: { about, sink } });
  return joinParts(parts);
}

export function opened(bytes: Uint8Array): Store {
  const { store, problem } = openStore(bytes);
  if (store === null) throw new Error(problem ?? 'no store');
  store.scan();
  return store;
}
