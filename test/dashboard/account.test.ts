import { readFileSync } from 'node:fs';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';
import { addMember } from './member.ts';

const NEW_PASSWORD = 'five other words of mine';

suiteNeeding('chromium', 'your own account in the dashboard', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse();
  }, 120_000);
  afterAll(() => house?.close());

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const sessionOf = async ({ page }: Visit) => (await page.request.get(`${house.dashboard}/v1/session`)).status();
  const signIn = async (page: Page, email: string, password: string) => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await press(page, 'Sign in');
  };

  it('row 100c: changes name and password, which ends the session of every other browser', async () => {
    const as = await addMember(house, 'grace@example.com', { roles: ['member'] });
    const elsewhere = await house.visitSignedIn('/tokens', { as });
    const visit = await house.visitSignedIn('/tokens', { as });
    const { page } = visit;
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('row', { name: /This one/ }).waitFor();
    await page.getByLabel('Name').fill('Grace Hopper');
    await press(page, 'Save name');
    await page.getByRole('button', { name: 'Grace Hopper grace@example.com Account menu' }).waitFor();

    await page.getByLabel('Current password').fill('not the password');
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await press(page, 'Change password');
    await page.getByText('This is not your password.').waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe(NEW_PASSWORD);
    await page.getByLabel('Current password').fill(as.password);
    await press(page, 'Change password');
    // That of the invitation was one more.
    await page.getByText('Your password is changed. 2 other sessions ended.').waitFor();
    expect(await page.getByLabel('Current password').inputValue()).toBe('');
    expect([await sessionOf(elsewhere), await sessionOf(visit)]).toEqual([401, 200]);
    await visit.expectAccessible();
    visit.expectQuiet();
    await elsewhere.close();
    await visit.close();
  });

  it('shows where one is signed in, ends one session there, and all of them', async () => {
    const as = await addMember(house, 'mary@example.com', { roles: ['member'] });
    const elsewhere = await house.visitSignedIn('/tokens', { as, userAgent: 'Mozilla/5.0 (iPhone) Safari/605.1' });
    const visit = await house.visitSignedIn('/account', { as });
    const { page } = visit;
    await page
      .getByRole('row', { name: /Safari on iPhone/ })
      .getByRole('button', { name: 'End' })
      .click();
    await page.getByText('That session has ended.').waitFor();
    await page.getByRole('row', { name: /Safari on iPhone/ }).waitFor({ state: 'detached' });
    expect([await sessionOf(elsewhere), await sessionOf(visit)]).toEqual([401, 200]);
    await press(page, 'Sign out everywhere');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('heading', { name: /^Sign in to/ }).waitFor();
    expect(await sessionOf(visit)).toBe(401);
    visit.expectQuiet();
    await elsewhere.close();
    await visit.close();
  });

  it('row 17: sets up a second factor, shows its recovery codes once, lets in by one of them, and takes it away', async () => {
    const as = await addMember(house, 'alan@example.com', { roles: ['member'] });
    const visit = await house.visitSignedIn('/account', { as });
    const { page } = visit;
    await press(page, 'Set up second factor');
    const dialog = page.getByRole('dialog', { name: 'Set up second factor' });
    await dialog.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor();
    const secret = (await dialog.locator('code').innerText()).replaceAll(' ', '');
    const code = dialog.getByLabel('2. The code that the app shows now');
    await code.fill('000000');
    await dialog.getByLabel('3. Your password').fill(as.password);
    await press(page, 'Turn on');
    await page.getByText('This is not the code of this moment.').waitFor();
    await code.fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
    await press(page, 'Turn on');
    const list = page.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    const codes = await list.getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    const saved = page.waitForEvent('download');
    await press(page, 'Download');
    expect(readFileSync(await (await saved).path(), 'utf8')).toBe(`${codes.join('\n')}\n`);
    await visit.expectAccessible();
    await press(page, 'I have kept them');
    await page.getByRole('button', { name: 'Remove second factor' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Remove second factor' }).waitFor();
    const left = await page.evaluate('document.body.innerHTML + JSON.stringify([{ ...localStorage }, history.state])');
    for (const one of [...codes, secret]) expect(left).not.toContain(one);

    const next = await house.visit('/sign-in');
    await signIn(next.page, as.email, as.password);
    await next.page.getByLabel('Code of your second factor').fill(codes[3] ?? '');
    await press(next.page, 'Sign in');
    await next.page.getByRole('button', { name: /Account menu$/ }).waitFor();
    await next.close();
    await press(page, 'Remove second factor');
    await page.getByLabel('Your password').fill(as.password);
    await press(page, 'Remove');
    await page.getByRole('button', { name: 'Set up second factor' }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('row 100a: says after too many wrong passwords how long to wait', async () => {
    const as = await addMember(house, 'eve@example.com', { roles: ['member'] });
    const visit = await house.visit('/sign-in');
    const { page } = visit;
    for (let attempt = 0; attempt < 7; attempt++) {
      await page.request.post(`${house.dashboard}/v1/sessions`, {
        data: { email: as.email, password: 'not the password' },
        headers: { Origin: house.dashboard, 'Keyhouse-Dashboard': '1' },
      });
    }
    await signIn(page, as.email, as.password);
    await page.getByRole('button', { name: /^Try again in \d+/ }).waitFor();
    await page.getByRole('alert').getByText('too many attempts').waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(as.email);
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });
});
