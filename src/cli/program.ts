import { Command, Option } from 'commander';
import { VERSION } from '../server/version.ts';
import { Call } from './call.ts';
import { type CommandSpec, isGroup, type OptionSpec } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { EVERYWHERE, REMOTE } from './options.ts';
import type { Terminal } from './terminal.ts';

const HELP_COLUMNS = 100;

export interface Program {
  readonly command: Command;
  /** Of the command that ran. */
  readonly exitCode: () => number;
}

/** The command line, made of the table of commands. */
export function buildProgram(terminal: Terminal): Program {
  let exitCode = 0;
  const program = new Command('keyhouse')
    .description('API tokens for any product with an API.')
    .version(VERSION, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help; `keyhouse COMMAND --help` shows that of a command.')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ helpWidth: HELP_COLUMNS })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: () => {},
    });
  const add = (parent: Command, spec: CommandSpec): void => {
    const command = parent.command(spec.name).description(spec.about);
    for (const { syntax, about } of spec.args ?? []) command.argument(syntax, about);
    for (const option of spec.options ?? []) command.addOption(optionOf(option));
    for (const option of sharedOptionsOf(spec)) command.addOption(optionOf(option).helpGroup(SHARED_OPTIONS));
    command.helpOption('-h, --help', 'Show this help.');
    command.addHelpText('after', helpAfter(spec));
    command.action(async (...parameters: unknown[]) => {
      // What may be named several times comes as a list.
      const args = parameters.slice(0, spec.args?.length ?? 0).flat() as (string | undefined)[];
      const call = new Call(terminal, args, command.opts(), spec.reach);
      try {
        exitCode = (await spec.run(call)) ?? 0;
      } finally {
        await call.close();
      }
    });
  };
  for (const entry of COMMANDS) {
    if (!isGroup(entry)) {
      add(program, entry);
      continue;
    }
    const group = program.command(entry.name).description(entry.about).helpCommand(false);
    for (const spec of entry.commands) add(group, spec);
  }
  return { command: program, exitCode: () => exitCode };
}

const SHARED_OPTIONS = 'Where and how:';

/** Options that a command has beside its own. */
export function sharedOptionsOf({ reach }: CommandSpec): readonly OptionSpec[] {
  return reach === 'anywhere' ? [...EVERYWHERE, ...REMOTE] : EVERYWHERE;
}

function optionOf({ flags, about, reads, choices, isRequired }: OptionSpec): Option {
  const option = new Option(flags, about);
  if (choices !== undefined) option.choices(choices);
  if (reads !== undefined) option.argParser(reads);
  if (isRequired === true) option.makeOptionMandatory();
  return option;
}

function helpAfter({ details, examples }: CommandSpec): string {
  const more = details === undefined ? '' : `\n${wrapped(details)}\n`;
  return `${more}\nExample${examples.length === 1 ? '' : 's'}:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}

function wrapped(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > HELP_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
