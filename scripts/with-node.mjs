// Runs a command with another version of Node: node scripts/with-node.mjs vitest run test/engine
//
// Without a command it only brings that Node into .cache. When it cannot be had, the script says so
// and ends with 0: a missing second version is a missing proof, not an error of the project.

import { relative } from 'node:path';
import { fetchSecondNode, runWith, secondVersion } from './second-node.mjs';

const command = process.argv.slice(2);
const node = fetchSecondNode();

if (node === null) {
  console.log(`NOTICE: Node ${secondVersion} cannot be had here; skipped: ${command.join(' ')}`);
} else {
  console.log(`Node ${secondVersion}: ${relative(process.cwd(), node)}`);
  if (command.length > 0) process.exitCode = runWith(node, command);
}
