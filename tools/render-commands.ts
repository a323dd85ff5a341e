/** The reference of commands, made of the table that the command line itself is made of. */
import {
  COMMANDS,
  type CommandGroup,
  type CommandSpec,
  EXIT_CODES,
  isGroup,
  type OptionSpec,
  sharedOptionsOf,
} from '../src/cli/index.ts';

export function renderCommands(): string {
  const anywhere = COMMANDS.flatMap((entry) => (isGroup(entry) ? entry.commands : [entry])).find(
    ({ reach }) => reach === 'anywhere',
  );
  return `${[
    INTRODUCTION,
    '## Options of every command',
    optionTable(anywhere === undefined ? [] : sharedOptionsOf(anywhere)),
    'Commands that work on files of this machine have no `--url`; they say so.',
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.values(EXIT_CODES).map(({ number, about }) => [String(number), about]),
    ),
    ...COMMANDS.map((entry) => (isGroup(entry) ? groupSection(entry) : commandSection(entry, 'keyhouse', '##'))),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Commands

<!-- Written by tools/generate-reference.ts from the table of commands. -->

Every command that manages something is one request to the HTTP API, so it answers what the API answers. Whom it asks is found
out by itself:

1. A server runs on the data folder: it is asked over its private socket, which only the user who owns the folder can reach.
   The caller is the operator, who may do everything.
2. No server runs: the command opens the store itself, does its work with the same guarantees, and closes it. On PostgreSQL it
   always works this way.
3. \`--url\` names a Keyhouse elsewhere: it is asked over the network with a token that has the management permissions. The token
   comes from \`--token-file\` or \`KEYHOUSE_TOKEN\`, never from the command line, which every user of a machine can read.

Without \`--json\` answers are for people and may change. With it standard output holds one line of JSON and nothing else; errors
and warnings are JSON on standard error. A token's value is in the one answer that created it and is printed nowhere else.`;

function groupSection({ name, about, commands }: CommandGroup): string {
  return [
    `## keyhouse ${name}`,
    about,
    ...commands.map((command) => commandSection(command, `keyhouse ${name}`, '###')),
  ].join('\n\n');
}

function commandSection(spec: CommandSpec, parent: string, heading: string): string {
  const { name, args = [], about, details, options = [], examples, reach } = spec;
  return [
    `${heading} ${parent} ${name}`,
    about,
    ...(details === undefined ? [] : [details]),
    ...(reach === 'here' ? ['Works on this machine only.'] : []),
    ...(args.length === 0
      ? []
      : [
          table(
            ['argument', ''],
            args.map((one) => [code(one.syntax), prose(one.about)]),
          ),
        ]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function optionTable(options: readonly OptionSpec[]): string {
  return table(
    ['option', ''],
    options.map(({ flags, about, choices, isRequired }) => [
      code(flags),
      [
        ...(isRequired === true ? ['Required.'] : []),
        prose(about),
        ...(choices === undefined ? [] : [`One of ${choices.map(code).join(', ')}.`]),
      ].join(' '),
    ]),
  );
}

export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text of the tables as Markdown: what looks like a tag is none. */
export function prose(text: string): string {
  return text.replaceAll('<', '&lt;');
}

export function code(text: string): string {
  return `\`${text}\``;
}
