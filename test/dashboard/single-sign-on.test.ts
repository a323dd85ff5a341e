import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../people/running-openid-provider.ts';
import { SmallBrowser } from '../people/small-browser.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'single sign-on at the dashboard', () => {
  let house: DashboardHouse;
  let alone: DashboardHouse;
  let provider: RunningOpenIdProvider;
  beforeAll(async () => {
    provider = await startOpenIdProvider();
    const settings = { 'oidc-issuer': provider.issuer, 'oidc-client-id': provider.clientId };
    const variables = { KEYHOUSE_OIDC_CLIENT_SECRET: provider.clientSecret };
    house = await openDashboardHouse({ settings: { ...settings, 'oidc-label': 'Example login' }, variables });
    provider.register(`${house.dashboard}/v1/single-sign-on/oidc/callback`);
    alone = await openDashboardHouse({
      profile: 'deployerp',
      settings: { ...settings, 'password-sign-in': 'false' },
      variables,
    });
  }, 120_000);
  afterAll(async () => {
    await house?.close();
    await alone?.close();
    await provider?.close();
  });

  const sits = (subject: string, email: string) => {
    provider.accounts.set(subject, { email, email_verified: true });
    provider.setPerson(subject);
  };
  const isCallback = ({ pathname }: URL) => pathname.endsWith('/callback');
  const begin = (browser: SmallBrowser) =>
    browser.follow(`${house.dashboard}/v1/single-sign-on/oidc?next=%2Ftokens%3Fstate%3Dall`, isCallback);
  const signedIn = async (browser: SmallBrowser) => (await browser.get(`${house.dashboard}/v1/session`)).status === 200;

  it('leads through the button to the provider and back to where one wanted to go', async () => {
    sits('ada-1', house.admin.email);
    const visit = await house.visit('/tokens?state=all');
    const { page } = visit;
    await page.getByRole('link', { name: 'Example login' }).click();
    await page.getByRole('heading', { name: 'API Tokens', level: 1 }).waitFor();
    expect(page.url()).toBe(`${house.dashboard}/tokens?state=all`);
    const cookies = await page.context().cookies(house.dashboard);
    const own = cookies.filter(({ name }) => name.startsWith('keyhouse'));
    expect(own.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]).sort()).toEqual([
      ['keyhouse', true, 'Lax'],
      ['keyhouse-device', true, 'Lax'],
    ]);
    await visit.close();
  });

  it('says on the sign-in page that an account may not come in, in no more words than that', async () => {
    sits('eve-1', 'eve@example.com');
    const visit = await house.visit('/sign-in');
    const { page } = visit;
    await page.getByRole('link', { name: 'Example login' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe(
      'That account may not sign in here. Ask an administrator of this dashboard to invite you.',
    );
    await visit.expectAccessible();
    await page.goto(`${house.dashboard}/sign-in?problem=single-sign-on-%3Cb%3E`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await visit.close();
  });

  it('says that the provider does not answer, and lets people in by password', async () => {
    sits('ada-1', house.admin.email);
    provider.setDown(true);
    const visit = await house.visit('/sign-in');
    const { page } = visit;
    // What the provider publishes is kept for a while, so that it is its own page which does not come.
    const browser = new SmallBrowser();
    provider.setDown(false);
    const back = await begin(browser);
    provider.setDown(true);
    const answer = await browser.get(back.href);
    expect(answer.headers.get('location')).toBe(
      '/sign-in?problem=single-sign-on-unavailable&next=%2Ftokens%3Fstate%3Dall',
    );
    await page.goto(`${house.dashboard}${answer.headers.get('location')}`);
    await page.getByRole('alert').getByText('does not answer').waitFor();
    await page.getByLabel('E-mail').fill(house.admin.email);
    await page.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'API Tokens', level: 1 }).waitFor();
    provider.setDown(false);
    await visit.close();
  });

  it('row 100d: signs nobody in who brings back what another browser began, and once alone who does', async () => {
    sits('ada-1', house.admin.email);
    const [mine, theirs] = [new SmallBrowser(), new SmallBrowser()];
    const back = await begin(mine);
    expect((await theirs.get(back.href)).headers.get('location')).toBe('/sign-in?problem=single-sign-on-expired');
    expect(await signedIn(theirs)).toBe(false);
    const answer = await mine.get(back.href);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/tokens?state=all']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await signedIn(mine)).toBe(true);
    expect((await mine.get(back.href)).headers.get('location')).toMatch(/expired/);
    expect((await mine.get(`${house.dashboard}/v1/single-sign-on/none`)).status).toBe(404);
  });

  it('row 100c: ends the session that the browser had before', async () => {
    sits('ada-1', house.admin.email);
    const browser = new SmallBrowser();
    const list = async () => {
      const answer = await browser.get(`${house.dashboard}/v1/sessions`);
      return ((await answer.json()) as { data: readonly unknown[] }).data.length;
    };
    await browser.get((await begin(browser)).href);
    const before = await list();
    await browser.get((await begin(browser)).href);
    expect(await list()).toBe(before);
  });

  it('leads through everything without a password where these are switched off', async () => {
    provider.register(`${alone.dashboard}/v1/single-sign-on/oidc/callback`);
    await expect(alone.visitSignedIn()).rejects.toThrow(/404.*single sign-on alone/);
    sits('ada-9', alone.admin.email);
    const admin = await alone.visit('/people');
    const noPassword = async ({ page }: { page: Page }) => {
      expect(await page.locator('input[type=password]').count(), page.url()).toBe(0);
      expect(await page.getByText(/password/i).count(), page.url()).toBe(0);
    };
    await noPassword(admin);
    await admin.page.getByRole('link', { name: 'Single sign-on' }).click();
    await admin.page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'E-mail' }).fill('bea@example.com');
    await noPassword(admin);
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await admin.page.getByLabel('Invitation link').inputValue();
    await admin.page.getByRole('button', { name: 'Done' }).click();

    // Whoever else has the link, and an account of their own there, is told that it is not for them.
    sits('eve-9', 'eve@example.com');
    const path = new URL(link).pathname + new URL(link).hash;
    const theirs = await alone.visit(path);
    await theirs.page.getByRole('button', { name: 'Single sign-on' }).click();
    await theirs.page.getByRole('alert').getByText('another e-mail address').waitFor();
    await theirs.close();

    sits('bea-9', 'bea@example.com');
    const visit = await alone.visit(path);
    const { page } = visit;
    await page.getByRole('button', { name: 'Single sign-on' }).waitFor();
    await noPassword(visit);
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Single sign-on' }).click();
    await page.getByRole('button', { name: 'Account menu' }).waitFor();
    await page.goto(`${alone.dashboard}/account`);
    await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
    await noPassword(visit);
    await page.goto(`${alone.dashboard}/tokens/new`);
    await page.getByLabel('Name').fill('ci');
    await noPassword(visit);
    await page.getByRole('checkbox', { name: 'servers:read', exact: true }).check();
    await page.getByRole('button', { name: 'Save Key' }).click();
    await page.getByLabel('Your new API key').waitFor();
    await page.keyboard.press('Control+C');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Single sign-on' }).waitFor();
    await visit.close();

    await admin.page.goto(`${alone.dashboard}/people`);
    await admin.page.getByRole('link', { name: 'bea@example.com' }).click();
    await admin.page.getByRole('button', { name: 'More actions' }).click();
    await noPassword(admin);
    await admin.close();
  });
});
