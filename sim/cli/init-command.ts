/** Writes the files of a beginner's project; never over one that is there. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quoted } from './call.ts';
import { UsageError } from './exit.ts';
import { codeOf, makeFolder, writingProblem } from './files.ts';
import { schemaText } from './schema-command.ts';
import type { Session } from './session.ts';

export function initCommand(folder: string, { io, call }: Session): void {
  for (const [name, text] of Object.entries(files())) {
    const path = join(folder, name);
    io.print(`${write(path, text) ? 'made' : 'left as it is'}  ${path}\n`);
  }
  io.print(`\nNow run  ${call} ${quoted(join(folder, scenarioName))}\n`);
}

const scenarioName = 'scenarios/leader-crash.yaml';

const scenario = `# yaml-language-server: $schema=scenario.schema.json
name: the leader crashes, another takes over, and the first comes back as a follower
protocol: raft
cluster_config: { nodes: 3 }
network_assumptions: { latency_ms: 10 }
workload: { clients: 2, operations: register }
duration: 5s
faults:
  - { when: leader elected, after: 1s, crash: '{leader}', for: 1s }
expect: holds
`;

const workflow = `name: scenarios
on: [push, pull_request]
jobs:
  scenarios:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx --yes schism run scenarios/*.yaml
      - uses: actions/upload-artifact@v4
        if: failure()
        with: { name: traces, path: out }
`;

function files(): Readonly<Record<string, string>> {
  return {
    [scenarioName]: scenario,
    'scenarios/scenario.schema.json': schemaText(),
    'out/.gitignore': '*\n',
    '.github/workflows/scenarios.yml': workflow,
  };
}

/** False when the file is there already. */
function write(path: string, text: string): boolean {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new UsageError(writingProblem(path, codeOf(error)));
  }
}
