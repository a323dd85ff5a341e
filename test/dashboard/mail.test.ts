/** Prevents mails that went nowhere while the dashboard keeps silent about them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../mail/mail-server.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'the mail page', () => {
  let server: MailServer;
  let house: DashboardHouse;
  beforeAll(async () => {
    server = await startMailServer({
      atRecipient: (address) => (address === 'gone@example.com' ? { code: 550, text: '5.1.1 nobody here' } : null),
    });
    house = await openDashboardHouse({
      variables: { KEYHOUSE_SMTP_URL: `smtp://127.0.0.1:${server.port}`, KEYHOUSE_MAIL_FROM: 'keys@example.com' },
    });
    for (const email of ['grace@example.com', 'gone@example.com']) {
      await house.call('POST', '/v1/invitations', { email, roles: ['member'] });
    }
    const pending = () => house.call<{ data: unknown[] }>('GET', '/v1/mails?state=pending');
    await eventually(async () => (await pending()).data.length === 0, 20_000, 'both mails have come to an end');
  }, 60_000);
  afterAll(async () => {
    await house?.close();
    await server?.close();
  });

  it('shows what was taken, what was given up and what to do about that', { timeout: 60_000 }, async () => {
    const { page, expectQuiet, expectAccessible, close } = await house.visitSignedIn('/');
    await page.getByRole('link', { name: 'Mail' }).click();
    const row = (address: string) => page.getByRole('row').filter({ hasText: address });
    await row('grace@example.com').getByText('Sent', { exact: true }).waitFor();
    await row('grace@example.com').getByText('Taken by the mail server').waitFor();
    const gone = row('gone@example.com');
    await gone.getByText('Given up').waitFor();
    await gone.getByText('The mail server refused the recipient: 550 5.1.1 nobody here').waitFor();
    await gone.getByText('Invite them again under Users.').waitFor();
    await expectAccessible();
    await page.getByRole('combobox', { name: 'State' }).selectOption('Given up');
    await row('grace@example.com').waitFor({ state: 'detached' });
    expect(await page.content()).not.toMatch(/khcl_live_\w{32}/);
    expectQuiet();
    await close();
  });
});
