import { resolve } from 'node:path';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { facts } from '../table.ts';

export const backupCommand: CommandSpec = {
  name: 'backup',
  args: [{ syntax: '<file>', about: 'Where to write it; it must not exist yet.' }],
  about: 'Write one consistent copy of the store to a file, also while a server runs.',
  details:
    'The pepper is not in it: keep a copy of the secrets folder apart from the backups. Without it a restored store verifies no token.',
  examples: ['keyhouse backup /backups/keyhouse-monday.sqlite'],
  reach: 'here',
  async run(call) {
    const file = resolve(call.terminal.cwd, call.argument(0));
    const reply = await call.ask({ method: 'POST', path: '/v1/local/backup', body: { file } });
    return call.show<Backup>(
      reply,
      (made) =>
        `${facts(
          [
            ['file', made.file],
            ['bytes', made.bytes],
            ['store', made.store_id],
            ['newest change', made.newest_change],
          ],
          call.paint,
        )}\nThe pepper is not in it. To take it back: keyhouse restore ${made.file} --keys=revoke-all\n`,
    );
  },
};

interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly store_id: string;
  readonly newest_change: number;
}

export const restoreCommand: CommandSpec = {
  name: 'restore',
  args: [{ syntax: '<file>', about: 'A backup, or a database file that nobody writes to.' }],
  about: 'Put a backup in the place of the store. The server must be stopped.',
  details:
    'Tokens that were revoked after the backup was made are live in it: --keys says what becomes of all live ones. The present store is ' +
    'moved to an archive folder inside the data folder, never deleted.',
  options: [
    {
      flags: '--keys <what>',
      about: 'revoke-all ends every token in the copy; trust takes it as it is, if none was revoked since.',
      choices: ['revoke-all', 'trust'],
      isRequired: true,
    },
    { flags: '--new-pepper', about: 'The pepper is lost: make a new one. Only with --keys=revoke-all.' },
  ],
  examples: ['keyhouse restore /backups/keyhouse-monday.sqlite --keys=revoke-all'],
  reach: 'here',
  async run(call) {
    const { restoreStore } = await import('../../server/operator.ts');
    const { inTurn } = await import('../folder-turn.ts');
    const config = await call.config();
    const keys = call.option('keys') === 'trust' ? 'trust' : 'revoke-all';
    const request = {
      file: resolve(call.terminal.cwd, call.argument(0)),
      keys,
      newPepper: call.flag('newPepper'),
    } as const;
    const restored = await inTurn(config, () => restoreStore(config, request));
    if (call.isJson) {
      const { storeId: store_id, seq: change, tokensRevoked: tokens_revoked, archive } = restored;
      call.terminal.out(`${JSON.stringify({ store_id, change, tokens_revoked, archive })}\n`);
      return undefined;
    }
    const about = facts(
      [
        ['store', restored.storeId],
        ['change', restored.seq],
        ['tokens revoked', restored.tokensRevoked],
        ['store before', restored.archive],
      ],
      call.paint,
    );
    call.terminal.out(`${about}\nRestored. Start it: keyhouse serve\n`);
    return undefined;
  },
};

const rotate: CommandSpec = {
  name: 'rotate',
  about: 'Key the digests of new tokens with a new pepper.',
  details:
    'Tokens under older peppers go on working and move to the new one as they are used. Take a new copy of the secrets folder afterwards.',
  examples: ['keyhouse pepper rotate'],
  reach: 'here',
  async run(call) {
    const reply = await call.ask({ method: 'POST', path: '/v1/local/pepper/rotate' });
    return call.show<{ current: number; versions: number[] }>(
      reply,
      ({ current, versions }) =>
        `Pepper ${current} is the current one; ${versions.length} are kept: ${versions.join(', ')}.\nTake a new copy of the secrets folder now: backups made from here on need it.\n`,
    );
  },
};

export const pepperCommands: CommandGroup = {
  name: 'pepper',
  about: 'The secret key of all digests.',
  commands: [rotate],
};

const rotateIdentityKey: CommandSpec = {
  name: 'rotate',
  about: 'Sign Keyhouse-Identity with a new key.',
  details:
    'The new key is published at once and signs five minutes later, when everybody who keeps the key set knows it; the old one stays ' +
    'published until nothing that it signed holds any more. A server that runs takes it over by itself. Where several machines have ' +
    'copies of the secrets folder, copy identity-keys.json to them within these minutes.',
  options: [
    {
      flags: '--compromised',
      about: 'Somebody else knows the keys: forget them now. Identities under way are not believed any more.',
    },
  ],
  examples: ['keyhouse identity-key rotate', 'keyhouse identity-key rotate --compromised'],
  reach: 'here',
  async run(call) {
    const body = { compromised: call.flag('compromised') };
    const reply = await call.ask({ method: 'POST', path: '/v1/local/identity-key/rotate', body });
    return call.show<{ kid: string; signs_from: string; published: string[] }>(
      reply,
      ({ kid, signs_from, published }) =>
        `Key ${kid} signs from ${signs_from} on; ${published.length === 1 ? 'no other is' : `${published.length} are`} published.\n`,
    );
  },
};

export const identityKeyCommands: CommandGroup = {
  name: 'identity-key',
  about: 'The keys that say who is asking.',
  commands: [rotateIdentityKey],
};
