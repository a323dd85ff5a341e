import { checkSmtp, composeMail, sendBySmtp } from '../notify/index.ts';
import type { Profile } from '../profile/index.ts';
import { generateId } from '../token/index.ts';
import type { MailConfig } from './mail-config.ts';
import { systemClock, systemRandom } from './system-clock.ts';

export interface TestMail {
  readonly to: string;
  readonly profile: Profile;
  readonly dashboardUrl: string;
}

/**
 * Connects to the mail server and signs in; with `test` one mail is sent, past the outbox.
 * @returns the id in its Message-ID; null without one.
 * @throws {SendFailed} saying what the mail server would not have.
 */
export async function tryMail(mail: MailConfig, test: TestMail | null): Promise<string | null> {
  const stop = new AbortController().signal;
  if (test === null) {
    await checkSmtp(mail.smtp, stop);
    return null;
  }
  const { to, ...stationery } = test;
  const id = generateId('mal', systemRandom);
  const draft = { id, template: 'test', to, data: {}, createdAt: systemClock.now() };
  const composed = composeMail(draft, null, { ...stationery, from: mail.from });
  if (composed === null) throw new Error('the test mail is unknown');
  await sendBySmtp(mail.smtp, composed, stop);
  return id;
}
