import { CommanderError } from 'commander';
import { isGroup } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { asFailure, CommandFailure, EXIT_CODES } from './failure.ts';
import { buildProgram } from './program.ts';
import { refuseSecretsIn } from './refuse-secrets.ts';
import { jsonText, printable, processTerminal, type Terminal } from './terminal.ts';

/**
 * Runs one command line.
 * @param argv without program and script.
 * @returns the exit code.
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    refuseSecretsIn(argv);
    const program = buildProgram(terminal);
    await program.command.parseAsync(argv, { from: 'user' });
    return program.exitCode();
  } catch (error) {
    const isHelp = error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
    if (isHelp) return error.exitCode === 0 ? EXIT_CODES.ok.number : EXIT_CODES.usage.number;
    const failure = error instanceof CommanderError ? usageFailure(error, argv) : asFailure(error);
    terminal.err(argv.includes('--json') ? `${asJson(failure)}\n` : inWords(failure));
    return failure.exitCode;
  }
}

function usageFailure(error: CommanderError, argv: readonly string[]): CommandFailure {
  return new CommandFailure('usage', error.message.replace(/^error: /, ''), {
    hint: `See: ${['keyhouse', ...namedCommand(argv), '--help'].join(' ')}`,
  });
}

/** How far the command line names something that exists. */
function namedCommand(argv: readonly string[]): readonly string[] {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  const entry = COMMANDS.find(({ name }) => name === first);
  if (entry === undefined) return [];
  const command = isGroup(entry) ? entry.commands.find(({ name }) => name === second) : undefined;
  return command === undefined ? [entry.name] : [entry.name, command.name];
}

function inWords(failure: CommandFailure): string {
  const hint = failure.hint === null ? '' : `${failure.hint}\n`;
  return printable(`${failure.message}\n${hint}${traceOf(failure)}`);
}

/** What nobody foresaw is a defect: its trace is what a report needs. */
function traceOf({ cause, kind }: CommandFailure): string {
  const isForeseen = !(cause instanceof Error) || kind !== 'refused' || 'code' in cause;
  return isForeseen ? '' : `${cause.stack ?? ''}\n`;
}

function asJson(failure: CommandFailure): string {
  if (failure.answer !== null) return failure.answer.trimEnd();
  return jsonText({
    code: failure.kind,
    detail: failure.message,
    ...(failure.hint !== null && { hint: failure.hint }),
    exit_code: failure.exitCode,
  });
}
