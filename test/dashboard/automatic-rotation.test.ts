import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createToken, putOwner } from '../../src/manage/index.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { type MailServer, startMailServer } from '../mail/mail-server.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

const DAY_MS = 24 * 60 * 60_000;
const ADA = 'ada@example.com';
const BOT = 'bot@example.com';
/** As the test's first administrator is made. */
const ADMIN = { email: 'grace@provider.example', password: 'a long and quiet evening' };

interface Rotation {
  readonly new_key: { readonly id: string; readonly value: string };
}

suiteNeeding('chromium', 'a rotation that is due', () => {
  let house: DashboardHouse;
  let mail: MailServer;
  const values: Record<string, string> = {};

  /** What a server has left behind that ran three months ago: two tokens that rotate by themselves. */
  async function threeMonthsAgo(folder: string): Promise<void> {
    const past = await testEngine({ left: { folder, at: Date.now() - 91 * DAY_MS } });
    await becomeAdmin(past);
    for (const email of [ADA, BOT]) {
      const owner = { workspace: { external_id: 'org-7' }, permissions: ['servers:read'], email };
      await past.asHost(putOwner, { external_id: email, ...owner });
      const wish = { name: `for ${email}`, permissions: ['servers:read'], auto_rotate: true, rotation_period: '90d' };
      const made = await past.asHost(createToken, { owner: { external_id: email }, ...wish });
      values[email] = made.value as string;
    }
    await past.close();
  }

  beforeAll(async () => {
    mail = await startMailServer();
    house = await openDashboardHouse({
      isEmpty: true,
      prepare: threeMonthsAgo,
      variables: { KEYHOUSE_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, KEYHOUSE_MAIL_FROM: 'keys@example.com' },
    });
  }, 120_000);
  afterAll(async () => {
    await house?.close();
    await mail?.close();
  });

  /** They are told of other things as well. */
  const claimMailTo = (address: string) =>
    eventually(
      () => mail.received.find(({ to, text }) => to === address && text.includes('/claim#')),
      20_000,
      `a link for ${address} arrives`,
    );
  const ask = (value: string, method: string, path: string, body?: object) =>
    fetch(`${house.api}${path}`, {
      method,
      headers: { Authorization: `Bearer ${value}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const works = async (value: string) => (await ask(value, 'GET', '/v1/auth/test')).status === 200;

  it('row 66: is mailed as a link without the value, and a person takes the new value on its page, once', async () => {
    const { text } = await claimMailTo(ADA);
    const [, link = ''] = /(\/claim#khcl_\w+)/.exec(text) ?? [];
    expect(text).not.toMatch(/kh_live_[0-9A-Za-z]{32}/);
    const visit = await house.visit(link);
    const { page } = visit;
    expect(page.url()).not.toContain('khcl_');
    await visit.expectAccessible();
    expect(await works(values[ADA] as string)).toBe(true);
    await page.getByRole('button', { name: 'Show the new value' }).click();
    await page.getByRole('heading', { name: `The new value of “for ${ADA}”` }).waitFor();
    await visit.expectAccessible();
    const value = await page.getByLabel('Your new token').inputValue();
    expect(await works(values[ADA] as string)).toBe(true);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download .env' }).click();
    expect(readFileSync(await (await saved).path(), 'utf8')).toContain(value);
    // The answer was lost: the link gives the same value again, as long as nobody used it.
    const again = await house.visit(link);
    await again.page.getByRole('button', { name: 'Show the new value' }).click();
    expect(await again.page.getByLabel('Your new token').inputValue()).toBe(value);
    await again.close();
    expect([await works(value), await works(values[ADA] as string)]).toEqual([true, true]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'Put the new value into place' }).waitFor();
    expect(await page.content()).not.toContain(value);
    const late = await house.visit(link);
    await late.page.getByRole('button', { name: 'Show the new value' }).click();
    await late.page.getByText('The new value was taken already').waitFor();
    await late.close();
    visit.expectQuiet();
    await visit.close();
  });

  it('is noticed by a client that asks every day, which goes on with the new value by itself', async () => {
    await claimMailTo(BOT);
    let value = values[BOT] as string;
    const answer = await ask(value, 'POST', '/v1/tokens/current/rotate', {
      only_if_due: true,
      end_old_on_first_use: true,
    });
    expect(answer.status).toBe(201);
    const old = value;
    value = ((await answer.json()) as Rotation).new_key.value;
    expect([await works(old), await works(value), await works(old)]).toEqual([true, true, false]);
    const refused = await ask(old, 'GET', '/v1/auth/test');
    expect(refused.headers.get('www-authenticate')).toMatch(/was replaced and stopped working at/);
    const tomorrow = await ask(value, 'POST', '/v1/tokens/current/rotate', { only_if_due: true });
    expect([tomorrow.status, await tomorrow.json()]).toMatchObject([409, { code: 'not_due' }]);
    const before = await ask(value, 'GET', '/v1/tokens/current/predecessors');
    expect((await before.json()) as object).toMatchObject({ data: [{ state: 'replaced', still_used: true }] });

    const { id } = (await (await ask(value, 'GET', '/v1/tokens/current')).json()) as { id: string };
    const visit = await house.visitSignedIn(`/tokens/${id}`, { as: ADMIN });
    await visit.page.getByText('has ended and is still sent').waitFor();
    await visit.page.getByText('Rotates automatically every 90d').waitFor();
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('leads nowhere with half a link', async () => {
    const visit = await house.visit('/claim');
    await visit.page.getByText('It is incomplete').waitFor();
    await visit.close();
  });
});
