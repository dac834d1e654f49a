/** `schism completion`: what shells need to complete our commands and options. */
import { Argument, type Command } from 'commander';
import type { Io } from './io.ts';

export function registerCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .summary('print a completion script for bash, zsh or fish')
    .description('Prints a script that lets a shell complete commands, options and files.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', help)
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      io.print(scripts[shell](wordsOf(program)));
    });
}

const help = `
Examples:
  echo 'source <(schism completion bash)' >> ~/.bashrc
  echo 'source <(schism completion zsh)' >> ~/.zshrc
  schism completion fish > ~/.config/fish/completions/schism.fish`;

interface Words {
  readonly name: string;
  readonly summary: string;
  /** Options, subcommands and choices that may follow. */
  readonly options: readonly { readonly flag: string; readonly text: string }[];
  readonly others: readonly string[];
}

function wordsOf(program: Command): Words[] {
  const optionsOf = (command: Command) =>
    command.options.flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ flag: long, text: description }],
    );
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: [command, ...command.commands, program].flatMap(optionsOf),
    others: [
      ...command.commands.map((sub) => sub.name()),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    ],
  }));
}

const scripts = { bash, zsh, fish };

function bash(commands: readonly Words[]): string {
  return `_schism() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${branches(commands, 'words=', '"')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
}
complete -o filenames -F _schism schism
`;
}

function zsh(commands: readonly Words[]): string {
  const quote = (text: string) => text.replaceAll("'", String.raw`'\''`).replaceAll(':', ' -');
  return `#compdef schism
_schism() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
  else
    case "$words[2]" in
${branches(commands, 'compadd --')}
    esac
  fi
  _files
}
compdef _schism schism
`;
}

function fish(commands: readonly Words[]): string {
  const quote = (text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`;
  const lines = commands.flatMap(({ name, summary, options, others }) => {
    const seen = `complete -c schism -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c schism -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
      ...options.map(({ flag, text }) => `${seen} -l ${flag.slice(2)} -d ${quote(text)}`),
      ...others.map((word) => `${seen} -a ${word}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** One branch of a `case` for each command. */
function branches(commands: readonly Words[], act: string, quote = ' '): string {
  const lines = commands.map(
    (command) => `      ${command.name}) ${act}${quote}${following(command)}${quote};;`,
  );
  return lines.join('\n');
}

function following({ options, others }: Words): string {
  return [...others, ...options.map(({ flag }) => flag), '--help'].join(' ');
}
