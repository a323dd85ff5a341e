import type { TokenWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { findOwner, OWNER_RULE, workspaceReference } from '../references.ts';
import { tokenFacts } from '../token-view.ts';
import { SETTINGS_OF_TOKEN, tokenSettings } from './token-options.ts';

export const tokenCreate: CommandSpec = {
  name: 'create',
  about: 'Create a token and print its value, once.',
  details: OWNER_RULE,
  options: [
    { flags: '--name <name>', about: 'What people know it by.', isRequired: true },
    { flags: '--owner <owner>', about: 'Whose token it is. Needed unless a token of that owner is asking (--url).' },
    {
      flags: '--workspace <workspace>',
      about: 'Where it is used, by id or external id; needed when the owner has several.',
    },
    ...SETTINGS_OF_TOKEN,
    { flags: '--environment <name>', about: 'Which environment accepts it.', choices: ['live', 'test'] },
    {
      flags: '--idempotency-key <key>',
      about: 'Makes a repeat within 24 hours answer with the same token, without its value.',
    },
  ],
  examples: [
    'keyhouse token create --name ci --permissions servers:read,instances:* --tier standard --expires-in 90d --ip 203.0.113.0/24 --owner ops@example.com',
    'keyhouse token create --name nightly --inherit --owner user-42 --json | jq -r .value',
  ],
  reach: 'anywhere',
  async run(call) {
    const owner = call.option('owner');
    const workspace = call.option('workspace');
    const key = call.option('idempotencyKey');
    const reply = await call.ask({
      method: 'POST',
      path: (await call.dialect()).tokensPath,
      body: {
        ...tokenSettings(call),
        environment: call.option('environment'),
        ...(owner !== undefined && { owner: await findOwner(call, owner) }),
        ...(workspace !== undefined && { workspace: workspaceReference(workspace) }),
      },
      ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
    });
    return call.show<Created>(reply, (token, { token: word }) => inWords(call, token, word));
  },
};

type Created = TokenWire & { readonly value: string | null; readonly help?: string };

function inWords(call: Call, token: Created, word: string): string {
  const about = tokenFacts(token, call.paint);
  if (token.value === null)
    return `This ${word} was created by an earlier call with this key.\n\n${about}\n${token.help ?? ''}\n`;
  return `${newValue(call, token.value, word)}\n${about}\nTo stop it: keyhouse token revoke ${token.id}\n`;
}

/** The one place where a value is printed. */
export function newValue(call: Call, value: string, word: string): string {
  return `\n${call.paint.bold(value)}\n\nThis ${word} is shown this once and stored nowhere: put it where it will be used now.\n`;
}
