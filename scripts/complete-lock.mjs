// Completes package-lock.json with the binaries of other systems, which a registry mirror may lack.
//
// `npm install` leaves an optional dependency out of the lock when the registry does not serve it;
// `npm ci` then refuses the lock on every machine. Each absent one is entered by name and version
// with the systems it is for, so that npm skips it here and finds it there.
// Run it after each change of dependencies: npm run lock

import { readFileSync, writeFileSync } from 'node:fs';
import { completeLock } from './lock-rules.mjs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLock(lock);
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log(`package-lock.json: ${added.length} optional packages of other systems added`);
