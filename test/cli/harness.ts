/** Runs the command line in this process, with streams that a test can read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runCli } from '../../sim/cli/program.ts';

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly isTty?: boolean;
  readonly input?: string;
  /** Called between slices of a run, as if somebody pressed Ctrl-C at the first one. */
  readonly interrupt?: boolean;
  readonly clock?: () => number;
}

/** Text without the folder of this test, so that it is the same everywhere. */
export async function cli(args: readonly string[], world: World = {}): Promise<Result> {
  let out = '';
  let err = '';
  let code = 0;
  await runCli(args, {
    env: world.env ?? {},
    out: { isTty: world.isTty ?? false, columns: 100 },
    err: { isTty: world.isTty ?? false },
    print: (text) => void (out += text),
    note: (text) => void (err += text),
    readInput: () => new TextEncoder().encode(world.input ?? ''),
    clock: world.clock ?? (() => 0),
    onInterrupt(listener) {
      if (world.interrupt === true) listener();
      return () => {};
    },
    exit: (given) => void (code = given),
  });
  return { code, out, err };
}

/** A folder of this test file's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'schism-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A scenario that takes no time; `more` is appended. */
export function tinyScenario(more = ''): string {
  return `name: three nodes elect a leader and serve a client
protocol: raft
cluster_config: { nodes: 3 }
workload: { clients: 1, operations: register }
duration: 5s
${more}`;
}
