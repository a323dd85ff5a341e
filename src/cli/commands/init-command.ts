import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { SETTING_OPTIONS } from '../options.ts';
import { askVisible, readSecret } from '../secret-input.ts';
import { newValue } from './token-create.ts';

const HOME = 'Home';

export const initCommand: CommandSpec = {
  name: 'init',
  about: 'Make the store and its first administrator, and print the first management token, once.',
  details:
    'Asks for what is missing when somebody sits at the terminal; without one, --admin-email and --admin-password-stdin are needed. ' +
    'The first token may manage everything in Keyhouse and use nothing of your API.',
  options: [
    { flags: '--admin-email <address>', about: 'Who becomes the first administrator.' },
    { flags: '--admin-name <name>', about: 'What people know them by.' },
    { flags: '--admin-password-stdin', about: 'Read the password from standard input, without asking.' },
    { flags: '--workspace <name>', about: `Your own company; ${HOME} when left out.` },
    {
      flags: '--new-store',
      about:
        'Begin anew: what is in the data folder and its secrets go to archive folders. The server must be stopped.',
    },
    ...SETTING_OPTIONS,
  ],
  examples: [
    'keyhouse init',
    'keyhouse init --admin-email ops@example.com --admin-password-stdin --workspace "Example Ltd" --json < password.txt',
    'keyhouse init --new-store',
  ],
  reach: 'here',
  async run(call) {
    const isTold = call.option('adminEmail') !== undefined && call.flag('adminPasswordStdin');
    const isBegunOnly =
      call.flag('newStore') && call.option('adminEmail') === undefined && !call.terminal.isInteractive;
    if (!isTold && !isBegunOnly && !call.terminal.isInteractive) {
      throw new CommandFailure(
        'usage',
        'Say who becomes the first administrator: --admin-email and --admin-password-stdin.',
      );
    }
    if (call.flag('newStore')) await beginAnew(call);
    return isBegunOnly ? undefined : setUp(call);
  },
};

async function beginAnew(call: Call): Promise<void> {
  const { archiveStoreOf } = await import('../../server/operator.ts');
  const { inTurn } = await import('../folder-turn.ts');
  const config = await call.config();
  const { database, secrets } = await inTurn(config, () => archiveStoreOf(config));
  const moved = [database, secrets].filter((path) => path !== null);
  call.warn(moved.length === 0 ? 'There was no store to put aside.' : `Put aside: ${moved.join(', ')}`);
}

async function setUp(call: Call): Promise<undefined> {
  await call.openStore({ makes: true });
  // First of all: whoever comes too late should not have to think of a password.
  const { json } = await call.ask({ method: 'POST', path: '/v1/local/setup-code' });
  const email =
    call.option('adminEmail') ?? (await askVisible(call.terminal, 'E-mail address of the first administrator')).trim();
  const password = await readPassword(call);
  const workspace = call.option('workspace') ?? (await askWorkspace(call));
  const reply = await call.ask({
    method: 'POST',
    path: '/v1/setup',
    body: { code: (json as { code: string }).code, email, password, workspace, name: call.option('adminName') },
  });
  const { dataDir, databaseUrl } = await call.config();
  return call.show<SetUp>(reply, ({ user, workspace: home, token }, { token: word }) => {
    const where = databaseUrl === null ? dataDir : 'PostgreSQL';
    return (
      `Keyhouse is set up in ${where}. ${user.email} is the administrator of ${home.name}.\n` +
      `${newValue(call, token.value, word)}\nIt may manage Keyhouse and nothing else. Next:\n` +
      '  keyhouse serve\n  keyhouse service-account create --help\n  keyhouse token create --help\n'
    );
  });
}

interface SetUp {
  readonly user: { readonly email: string };
  readonly workspace: { readonly name: string };
  readonly token: { readonly value: string };
}

async function readPassword(call: Call): Promise<string> {
  const isAsked = !call.flag('adminPasswordStdin');
  const password = await readSecret(call.terminal, 'Password');
  if (isAsked && (await readSecret(call.terminal, 'The same again')) !== password) {
    throw new CommandFailure('usage', 'The two were not the same.');
  }
  return password;
}

async function askWorkspace(call: Call): Promise<string> {
  if (!call.terminal.isInteractive || call.flag('adminPasswordStdin')) return HOME;
  return (await askVisible(call.terminal, `Name of your own company (${HOME})`)).trim() || HOME;
}
