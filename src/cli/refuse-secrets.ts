import { CommandFailure } from './failure.ts';

/** Prefix, an environment or none, 32 characters: a value of ours or of a profile, never an id. */
const TOKEN = /(?:^|[^0-9A-Za-z])[a-z][a-z0-9]{1,15}_(?:(?:live|test)_)?[0-9A-Za-z]{32}$/;

/**
 * Command lines are visible to every user of the machine and stay in the shell's history: a token in one is refused
 * before anything can repeat it.
 * @throws {CommandFailure} which never contains the value.
 */
export function refuseSecretsIn(argv: readonly string[]): void {
  const isOption = (name: string) => argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (isOption('token')) {
    throw new CommandFailure('usage', 'There is no --token: every user of this machine can read command lines.', {
      hint: 'Put the token into KEYHOUSE_TOKEN, or into a file and name that with --token-file.',
    });
  }
  if (isOption('password') || isOption('admin-password')) {
    throw new CommandFailure(
      'usage',
      'Passwords are not taken from the command line: every user of this machine can read it.',
      {
        hint: 'Write it to standard input and say so: --admin-password-stdin (init), --password-stdin (user).',
      },
    );
  }
  if (argv.some((word) => TOKEN.test(word))) {
    throw new CommandFailure(
      'usage',
      'The command line contains the value of a token, which every user of this machine can read there.',
      {
        hint: 'Name the token by its id (tok_…), or write it to standard input: keyhouse token verify < FILE. If the machine is shared, rotate it.',
      },
    );
  }
}
