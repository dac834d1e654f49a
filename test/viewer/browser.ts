/** A real Chromium for the tests, if the machine has one; and the pages that they open. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].concat(
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
);

/** Null when there is none; `SCHISM_CHROMIUM` names one elsewhere. */
export const chromiumPath: string | null =
  [process.env['SCHISM_CHROMIUM'] ?? '', ...places].find((path) => existsSync(path)) ?? null;

export const missing =
  'NOTICE: no Chromium on this machine, the tests of the viewer in a browser are skipped; ' +
  'install it: apt-get update && apt-get install -y chromium (or name one in SCHISM_CHROMIUM)';

/** Starts it; call only when `chromiumPath` is not null. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? '',
    // Containers give a process no sandbox of its own; the pages are ours.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
