import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { readSecret } from '../secret-input.ts';
import { table } from '../table.ts';
import { minutes } from '../token-view.ts';
import { newValue } from './token-create.ts';
import { ID, pathOf } from './token-place.ts';

export const tokenRotate: CommandSpec = {
  name: 'rotate',
  args: [ID],
  about: 'Give a token a new value; the old one goes on working for the grace period.',
  options: [
    { flags: '--grace-period <duration>', about: 'How long the old value works: 0s, 1h, 7d …' },
    {
      flags: '--end-old-on-first-use',
      about: 'The old value ends as soon as the new one is used, even within the grace.',
    },
    {
      flags: '--only-if-due',
      about: 'Only when automatic rotation has a new value waiting: for a client that asks every day.',
    },
    { flags: '--reason <text>', about: 'For the audit log.' },
    {
      flags: '--replace-unused-successor',
      about: 'Rotated already, and that value was lost unused: revoke it and make another.',
    },
    {
      flags: '--idempotency-key <key>',
      about: 'Makes a repeat within 24 hours answer with the same token, without its value.',
    },
  ],
  examples: [
    'keyhouse token rotate tok_4n2hV9cWqTzL8xYbRk3MsA --grace-period 1h',
    'keyhouse token rotate current --only-if-due --url https://keys.example.com --token-file token.txt',
  ],
  reach: 'anywhere',
  async run(call) {
    const key = call.option('idempotencyKey');
    const reply = await call.ask({
      method: 'POST',
      path: `${await pathOf(call)}/rotate`,
      body: {
        grace_period: call.option('gracePeriod'),
        end_old_on_first_use: call.flag('endOldOnFirstUse') || undefined,
        only_if_due: call.flag('onlyIfDue') || undefined,
        reason: call.option('reason'),
        replace_unused_successor: call.flag('replaceUnusedSuccessor') || undefined,
      },
      ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
    });
    return call.show<Rotation>(reply, (rotation, { token }) => inWords(call, rotation, token));
  },
};

export const tokenClaim: CommandSpec = {
  name: 'claim',
  about: 'Take the new value of a token that rotates automatically, with the link from the mail.',
  details:
    'The link is read from standard input, never from the command line. The old value works for its grace period from then ' +
    'on. A program that has the old value takes the new one with that: keyhouse token rotate current --only-if-due.',
  examples: ['keyhouse token claim < link.txt'],
  reach: 'anywhere',
  async run(call) {
    const link = await readSecret(call.terminal, 'The link');
    const reply = await call.ask({ method: 'POST', path: '/v1/claims', body: { secret: secretOf(link) } });
    return call.show<Rotation>(reply, (rotation, { token }) => inWords(call, rotation, token));
  },
};

/** What stands behind the #; a secret alone is one too. */
function secretOf(link: string): string {
  return link.trim().split('#').at(-1) ?? '';
}

export const tokenPredecessors: CommandSpec = {
  name: 'predecessors',
  args: [ID],
  about: 'Show the values that a token replaced, and whether somebody still uses them.',
  examples: ['keyhouse token predecessors tok_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'GET', path: `${await pathOf(call)}/predecessors` });
    return call.show<{ readonly data: readonly Predecessor[] }>(reply, ({ data }, { token }) =>
      data.length === 0
        ? `Nothing came before this ${token}.\n`
        : table(
            data,
            [
              { title: 'ID', of: ({ id }) => id },
              { title: 'HINT', of: ({ hint }) => hint },
              { title: 'ENDS', of: ({ state, ends_at }) => (state === 'superseded' ? minutes(ends_at) : 'has ended') },
              { title: 'STILL USED', of: ({ still_used }) => (still_used ? 'yes' : 'no') },
              { title: 'ACCEPTED SINCE', of: ({ allowed }) => allowed },
              { title: 'REFUSED SINCE', of: ({ refused }) => refused },
              { title: 'LAST USED', of: ({ last_used_at }) => minutes(last_used_at) },
              { title: 'FROM', of: ({ last_used_ip }) => last_used_ip },
            ],
            call.paint,
          ),
    );
  },
};

interface Rotation {
  readonly old_key: { readonly id: string; readonly expires_at: string };
  readonly new_key: { readonly id: string; readonly value: string | null };
  readonly help?: string;
}

interface Predecessor {
  readonly id: string;
  readonly hint: string;
  readonly state: 'superseded' | 'replaced';
  readonly ends_at: string;
  readonly still_used: boolean;
  readonly allowed: number;
  readonly refused: number;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
}

function inWords(call: Call, { old_key, new_key, help }: Rotation, token: string): string {
  const value = new_key.value === null ? `${help ?? ''}\n` : newValue(call, new_key.value, token);
  return `${value}\nIts id is ${new_key.id}. The old value of ${old_key.id} works until ${minutes(old_key.expires_at)}.\n`;
}
