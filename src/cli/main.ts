import { CommanderError } from 'commander';
import { asFailure, CommandFailure, EXIT_CODES } from './failure.ts';
import { buildProgram } from './program.ts';
import { refuseSecretsIn } from './refuse-secrets.ts';
import { processTerminal, type Terminal } from './terminal.ts';

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
  const words = argv.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, 2);
  const known = error.code === 'commander.unknownCommand' ? words.slice(0, -1) : words;
  return new CommandFailure('usage', error.message.replace(/^error: /, ''), {
    hint: `See: ${['keyhouse', ...known.slice(0, 2), '--help'].join(' ')}`,
  });
}

function inWords(failure: CommandFailure): string {
  const hint = failure.hint === null ? '' : `${failure.hint}\n`;
  return `${failure.message}\n${hint}${traceOf(failure)}`;
}

/** What nobody foresaw is a defect: its trace is what a report needs. */
function traceOf({ cause, kind }: CommandFailure): string {
  const isForeseen = !(cause instanceof Error) || kind !== 'refused' || 'code' in cause;
  return isForeseen ? '' : `${cause.stack ?? ''}\n`;
}

function asJson(failure: CommandFailure): string {
  if (failure.answer !== null) return failure.answer.trimEnd();
  return JSON.stringify({
    code: failure.kind,
    detail: failure.message,
    ...(failure.hint !== null && { hint: failure.hint }),
    exit_code: failure.exitCode,
  });
}
