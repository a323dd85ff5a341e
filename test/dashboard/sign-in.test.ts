import { type TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

suiteNeeding('chromium', 'signing in to the dashboard', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse();
  }, 120_000);
  afterAll(() => house?.close());

  const fillIn = async ({ page }: Visit, password: string) => {
    await page.getByLabel('E-mail').fill(house.admin.email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const listIsShown = ({ page }: Visit) => page.getByRole('heading', { name: 'API Tokens', level: 1 }).waitFor();
  const overviewIsShown = ({ page }: Visit) => page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();

  it('leads who is not signed in to the sign-in page and back to where they wanted to go', async () => {
    const visit = await house.visit('/tokens?state=all');
    const { page } = visit;
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await visit.expectAccessible();
    await fillIn(visit, 'not the password');
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByRole('alert').first().textContent()).toMatch(/password/);
    expect(await page.getByLabel('E-mail').inputValue()).toBe(house.admin.email);
    await fillIn(visit, house.admin.password);
    await listIsShown(visit);
    expect(new URL(page.url()).search).toBe('?state=all');
    visit.expectQuiet();
    await visit.close();
  });

  it.each(['https://evil.example/', '//evil.example/x', '/v1/session'])(
    'row 100e: goes to a page of its own, whatever the address says: %s',
    async (next) => {
      const visit = await house.visit(`/sign-in?${new URLSearchParams({ next })}`);
      await fillIn(visit, house.admin.password);
      await overviewIsShown(visit);
      expect(visit.page.url()).toBe(`${house.dashboard}/`);
      visit.expectQuiet();
      await visit.close();
    },
  );

  it('signs out, and shows nothing more after Back', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Keyhouse' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in to Keyhouse' }).waitFor();
    expect((await page.request.get(`${house.dashboard}/v1/session`)).status()).toBe(401);
    visit.expectQuiet();
    await visit.close();
  });

  it('asks over the page when the session ends, and goes on with what was typed', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await listIsShown(visit);
    await page.context().clearCookies();
    await page.getByRole('searchbox', { name: 'Search tokens' }).fill('first');
    const dialog = page.getByRole('dialog', { name: 'Sign in again' });
    await dialog.waitFor();
    await visit.expectAccessible();
    expect(await dialog.getByLabel('E-mail').inputValue()).toBe(house.admin.email);
    await dialog.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('searchbox', { name: 'Search tokens' }).inputValue()).toBe('first');
    await page
      .getByRole('cell', { name: /First management token/ })
      .first()
      .waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('says when the server does not answer, keeps what was typed, and goes on when it is back', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page
      .getByRole('cell', { name: /First management token/ })
      .first()
      .waitFor();
    await page.context().setOffline(true);
    await page.getByRole('searchbox', { name: 'Search tokens' }).fill('first');
    const banner = page.getByText('The server does not answer. Nothing you typed is lost');
    await banner.waitFor();
    await page.context().setOffline(false);
    await banner.waitFor({ state: 'detached' });
    await page
      .getByRole('cell', { name: /First management token/ })
      .first()
      .waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search tokens' }).inputValue()).toBe('first');
    await visit.close();
  });

  it('keeps the look that was chosen, without a flash of the other one', async () => {
    const visit = await house.visitSignedIn('/tokens', { colorScheme: 'light' });
    const { page } = visit;
    await page.getByRole('button', { name: 'Account menu' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await expect.poll(paper).toBe('rgb(20, 23, 28)');
    await visit.expectAccessible();
    await page.reload({ waitUntil: 'commit' });
    await page.locator('body').waitFor({ state: 'attached' });
    expect(await page.evaluate('document.documentElement.dataset.look')).toBe('dark');
    visit.expectQuiet();
    await visit.close();
  });

  it('switches to another workspace, and shows what is there and nothing of the one before', async () => {
    const { data } = await house.call<{ data: { id: string; email: string }[] }>('GET', '/v1/users');
    const workspaces = await house.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    await house.call('POST', '/v1/workspaces', { external_id: 'org-7', name: 'Harbour Logistics' });
    await house.call('PATCH', `/v1/users/${data[0]?.id}`, {
      memberships: [
        { workspace: { id: workspaces.data[0]?.id }, roles: ['admin'] },
        { workspace: { external_id: 'org-7' }, roles: ['admin'] },
      ],
    });
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    const switchTo = async (from: string, to: string) => {
      await page.getByRole('button', { name: `${from} Switch workspace` }).click();
      await page.getByRole('menuitemradio', { name: to }).click();
    };
    await switchTo('Example Ltd', 'Harbour Logistics');
    await page.getByText('What happened lately in Harbour Logistics.').waitFor();
    await page.getByRole('link', { name: 'API Tokens' }).click();
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
    expect(await page.getByText('First management token').count()).toBe(0);
    await page.reload();
    await page.getByRole('heading', { name: 'No tokens yet' }).waitFor();
    await switchTo('Harbour Logistics', 'Example Ltd');
    await page.getByText('What happened lately, in every workspace.').waitFor();
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('asks for the code of the second factor after the password, where the account has one', async () => {
    const other = await openDashboardHouse();
    const before = await other.visitSignedIn('/tokens');
    const post = async (method: 'post' | 'put', data: unknown) =>
      (
        await before.page.request[method](`${other.dashboard}/v1/session/second-factor`, {
          data,
          headers: { Origin: other.dashboard, 'Keyhouse-Dashboard': '1' },
        })
      ).json();
    const { otpauth_url: url } = await post('post', {});
    const { recovery_codes: codes } = await post('put', {
      code: (URI.parse(url) as TOTP).generate(),
      password: other.admin.password,
    });
    const visit = await other.visit('/sign-in');
    const { page } = visit;
    await fillIn(visit, other.admin.password);
    const code = page.getByLabel('Code of your second factor');
    await code.fill('000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This code is wrong, or was used already.').waitFor();
    await visit.expectAccessible();
    await code.fill(codes[0]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await overviewIsShown(visit);
    visit.expectQuiet();
    await other.close();
  });

  it('says of an address that leads nowhere that it does', async () => {
    const visit = await house.visitSignedIn('/nowhere/at-all');
    await visit.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    await visit.expectAccessible();
    await visit.close();
  });
});
