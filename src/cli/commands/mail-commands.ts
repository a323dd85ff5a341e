import type { MailWire } from '../../manage/index.ts';
import { type Profile, parseProfile, presets } from '../../profile/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { dashboardOf } from '../dashboard-address.ts';
import { asFailure, CommandFailure } from '../failure.ts';
import { moreLine } from '../lines.ts';
import { PAGE, SETTING_OPTIONS } from '../options.ts';
import { table } from '../table.ts';
import { jsonText } from '../terminal.ts';

const list: CommandSpec = {
  name: 'list',
  about: 'Show what was mailed lately and what became of it, newest first.',
  details: 'What stood in a mail is not kept. Mails that were sent or given up are listed for up to 30 days.',
  options: [{ flags: '--state <state>', about: 'Only these.', choices: ['pending', 'sent', 'given_up'] }, ...PAGE],
  examples: ['keyhouse mail list', 'keyhouse mail list --state given_up --json'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({
      method: 'GET',
      path: '/v1/mails',
      query: { state: call.option('state'), limit: call.option('limit'), cursor: call.option('cursor') },
    });
    return call.show<{ data: MailWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0 ? 'No mail lately, as far as that goes.\n' : mailTable(call, data) + moreLine(next_cursor),
    );
  },
};

function mailTable(call: Call, mails: readonly MailWire[]): string {
  return table(
    mails,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'CREATED', of: ({ created_at }) => seconds(created_at) },
      { title: 'ABOUT', of: ({ template }) => template.replaceAll('_', ' ') },
      { title: 'TO', of: ({ to }) => to },
      { title: 'STATE', of: ({ state }) => state.replace('_', ' ') },
      { title: 'TRIED', of: ({ attempts }) => String(attempts) },
      { title: 'AGAIN', of: ({ next_attempt_at: at }) => (at === null ? null : seconds(at)) },
      { title: 'WHY NOT', of: ({ last_error }) => last_error },
    ],
    call.paint,
  );
}

function seconds(at: string): string {
  return at.replace(/\.\d+Z$/, 'Z');
}

const test: CommandSpec = {
  name: 'test',
  about: 'Send a mail, to see that it arrives and what it looks like.',
  details:
    'Sends with the settings of this machine, past the outbox, in the branding of the profile in force. The exit code is 1 when the mail server would not have it; the message says why.',
  options: [{ flags: '--to <email>', about: 'Where to.', isRequired: true }, ...SETTING_OPTIONS],
  examples: ['keyhouse mail test --to ops@example.com'],
  reach: 'here',
  async run(call) {
    const to = (call.option('to') ?? '').trim();
    if (!/^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,189}$/.test(to)) {
      throw new CommandFailure('usage', '--to must be one e-mail address.');
    }
    const config = await call.config();
    if (config.mail === null) {
      throw new CommandFailure('configuration', 'No mail is set up.', {
        hint: 'Set KEYHOUSE_SMTP_URL and KEYHOUSE_MAIL_FROM; `keyhouse serve --help` lists what else there is.',
      });
    }
    const { tryMail, hasStore } = await import('../../server/operator.ts');
    const profile = hasStore(config) ? await profileInForce(call) : (config.profile ?? (presets.keyhouse as Profile));
    const { host, port } = config.mail.smtp;
    try {
      const id = await tryMail(config.mail, { to, profile, dashboardUrl: dashboardOf(config) });
      if (call.isJson) call.terminal.out(`${jsonText({ id, to, server: `${host}:${port}` })}\n`);
      else call.terminal.out(`${host}:${port} has taken a mail to ${to} (${id}).\n`);
    } catch (error) {
      throw new CommandFailure('refused', `${host}:${port}: ${asFailure(error).message}`);
    }
  },
};

async function profileInForce(call: Call): Promise<Profile> {
  const { json } = await call.ask({ method: 'GET', path: '/v1/profile' });
  const parsed = parseProfile((json as { profile: unknown }).profile);
  if (!parsed.ok) throw new CommandFailure('refused', 'The profile in force cannot be read by this version.');
  return parsed.profile;
}

export const mailCommands: CommandGroup = {
  name: 'mail',
  about: 'What Keyhouse mails, and whether it arrives.',
  commands: [list, test],
};
