import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../mail/mail-server.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

const GRACE = 'grace@example.com';

suiteNeeding('chromium', 'the dashboard where mail is set up', () => {
  let house: DashboardHouse;
  let mail: MailServer;
  beforeAll(async () => {
    mail = await startMailServer();
    house = await openDashboardHouse({
      variables: { KEYHOUSE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, KEYHOUSE_MAIL_FROM: 'keys@example.com' },
    });
  }, 120_000);
  afterAll(async () => {
    await house?.close();
    await mail?.close();
  });

  const secretIn = (text: string, page: string) => new RegExp(`/${page}#(khcl_\\w+)`).exec(text)?.[1] ?? '';

  it('sends an invitation, and says that it did', async () => {
    const visit = await house.visitSignedIn('/people');
    const { page } = visit;
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill(GRACE);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    await page.getByText(`The invitation is on its way to ${GRACE}.`).waitFor();
    const { text } = await mail.mailTo(GRACE);
    const guest = await house.visit(`/invitation#${secretIn(text, 'invitation')}`);
    await guest.page.getByLabel('Password', { exact: true }).fill('four words of their own');
    await guest.page.getByRole('button', { name: 'Accept the invitation' }).click();
    await guest.page.getByRole('button', { name: /Account menu$/ }).waitFor();
    await guest.close();
    visit.expectQuiet();
    await visit.close();
  });

  it('row 100b: answers alike whoever forgot a password, and mails a link to who may sign in', async () => {
    const visit = await house.visit('/sign-in');
    const { page } = visit;
    const answers: string[] = [];
    for (const email of ['nobody@example.com', GRACE]) {
      await page.goto(`${house.dashboard}/sign-in`);
      await page.getByRole('link', { name: 'Forgot your password?' }).click();
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('button', { name: 'Send me a link' }).click();
      await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
      answers.push((await page.getByRole('main').innerText()).replace(email, 'ADDRESS'));
    }
    expect(answers[0]).toBe(answers[1]);
    await visit.expectAccessible();
    await expect.poll(() => mail.received.filter(({ text }) => text.includes('/reset-password#')).length).toBe(1);
    const [{ to = '', text = '' } = {}] = mail.received.filter((one) => one.text.includes('/reset-password#'));
    expect(to).toBe(GRACE);
    await page.goto(`${house.dashboard}/reset-password#${secretIn(text, 'reset-password')}`);
    await page.getByLabel('New password').fill('five other words of theirs');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('heading', { name: 'Your new password is set' }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });
});
