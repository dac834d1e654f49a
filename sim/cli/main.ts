#!/usr/bin/env node
/** The entry of the command line. */
import { processIo } from './io.ts';
import { runCli } from './program.ts';

await runCli(process.argv.slice(2), processIo());
