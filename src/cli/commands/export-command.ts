import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';

type Counts = Readonly<Record<string, number>>;

export const exportCommand: CommandSpec = {
  name: 'export',
  about: 'Print who exists, what they may do, and their tokens, as JSON lines.',
  details:
    'The profile, workspaces, roles, owners, memberships and tokens; no history, no passwords, and never a value. `import --from keyhouse` ' +
    'fills an empty installation with it. Up to 100,000 tokens; beyond that move the database itself, with `backup`.',
  options: [
    {
      flags: '--with-digests',
      about: 'Also the keyed digests of tokens, by which they go on working elsewhere with the pepper.',
    },
  ],
  examples: ['keyhouse export > keyhouse.jsonl', 'keyhouse export --with-digests > keyhouse.jsonl'],
  reach: 'here',
  async run(call) {
    const withDigests = call.flag('withDigests');
    const { json } = await call.ask({
      method: 'POST',
      path: '/v1/local/installation/export',
      body: { with_digests: withDigests },
    });
    const { text } = json as { readonly text: string };
    await call.terminal.outPaced(text);
    if (withDigests) {
      call.warn(
        'Whoever has this file and the pepper can recognise tokens. Keep the two apart, and delete the file afterwards.',
      );
    }
    return undefined;
  },
};

/** Fills an empty installation with what `export` printed. */
export async function importInstallation(call: Call): Promise<undefined> {
  const file = resolve(call.terminal.cwd, call.argument(0));
  if (!existsSync(file)) throw new CommandFailure('usage', `There is no file ${file}`);
  if (call.flag('dryRun')) {
    throw new CommandFailure('usage', '--dry-run is for tokens of other systems: this is done wholly or not at all.');
  }
  const pepper = call.option('pepper');
  await call.openStore({ makes: true });
  const reply = await call.ask({
    method: 'POST',
    path: '/v1/local/installation/import',
    query: { pepper_file: pepper === undefined ? undefined : resolve(call.terminal.cwd, pepper) },
    upload: () => createReadStream(file),
  });
  return call.show<{ counts: Counts; sha256: string; tokens_left_out: number }>(
    reply,
    ({ counts, sha256, ...answer }) => {
      const listed = Object.entries(counts).map(([type, count]) => `${count} ${type}${count === 1 ? '' : 's'}`);
      const left =
        answer.tokens_left_out === 0
          ? ''
          : `${answer.tokens_left_out} tokens were left out: the file has no digests of them (export --with-digests).\n`;
      return `Imported and read again: ${listed.join(', ')}.\nSHA-256 of the content: ${sha256}\n${left}`;
    },
  );
}
