/** Which version of Schism this is. */
import { existsSync, readFileSync } from 'node:fs';

/** The folder of the package, whether its sources run or what was built from them. */
export function packageRoot(): URL {
  const found = ['../../', '../../../']
    .map((up) => new URL(up, import.meta.url))
    .find((folder) => existsSync(new URL('package.json', folder)));
  if (found === undefined) throw new Error('the package has lost its package.json');
  return found;
}

export function packageVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot()), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
