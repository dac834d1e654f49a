// Ends a CI run: names what failed, then prints one line "N passed, M failed"; exit 1 if any did.
// Called as: node scripts/ci-summary.mjs <steps.txt> <vitest-report.json>

import { existsSync, readFileSync } from 'node:fs';
import { summarize } from './ci-counts.mjs';

const [stepsFile = '', reportFile = ''] = process.argv.slice(2);
const steps = readFileSync(stepsFile, 'utf8');
const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : null;

const { passed, failures, skipped } = summarize(steps, report);
for (const failure of failures) console.log(`failed: ${failure}`);
if (skipped > 0) console.log(`${skipped} skipped (the reasons are printed above)`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
