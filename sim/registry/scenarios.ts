/** The scenarios that come with Schism: files in `scenarios/`, by their path without extension. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ScenarioFile {
  /** `raft/figure-8` */
  readonly id: string;
  /** Where it is, from the folder that was asked. */
  readonly path: string;
  readonly text: string;
}

/** All `.yaml` files below a folder, in the order of their ids. */
export function scenarioFiles(folder: string): ScenarioFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.yaml'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((path) => ({
      id: path.replace(/\.yaml$/, ''),
      path,
      text: readFileSync(join(folder, path), 'utf8'),
    }));
}
