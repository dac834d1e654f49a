/** `schism schema`: the JSON Schema of scenarios, for editors. */
import type { Command } from 'commander';
import type { Io } from './io.ts';

export function registerSchema(program: Command, io: Io): void {
  program
    .command('schema')
    .summary('print the JSON Schema of scenarios, for editors')
    .description('Prints the JSON Schema of scenario files, options of all protocols included.')
    .addHelpText('after', help)
    .action(async () => {
      const { schemaText } = await import('./schema-command.ts');
      io.print(schemaText());
    });
}

const help = `
In a scenario file, this first line lets editors complete and check it:
  # yaml-language-server: $schema=scenario.schema.json

Example:
  schism schema > scenario.schema.json`;
