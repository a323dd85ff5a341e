import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

const TOKENS = 27;
const HOSTILE = '<img src=x onerror=alert(1)>';

suiteNeeding('chromium', 'the list of tokens in the dashboard', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse();
    for (const [id, name] of [
      ['user-42', 'Grace Hopper'],
      ['user-43', HOSTILE],
    ]) {
      const memberships = [{ workspace: { external_id: 'org-7', name: 'Harbour' }, permissions: ['servers:*'] }];
      await house.call('PUT', `/v1/owners/${id}`, { name, memberships });
    }
    const make = (name: string, owner: string, more = {}) =>
      house.call<{ id: string; value: string }>('POST', '/v1/tokens', {
        name,
        permissions: ['servers:read', 'servers:write'],
        owner: { external_id: owner },
        ...more,
      });
    for (let number = 1; number <= TOKENS; number++) await make(`robot ${String(number).padStart(2, '0')}`, 'user-42');
    await make(HOSTILE, 'user-43', { environment: 'test', expires_in: '7d' });
    const deploys = await make('nightly deploys', 'user-42');
    await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${deploys.value}` } });
    const gone = await make('old laptop', 'user-42');
    await house.call('DELETE', `/v1/tokens/${gone.id}`);
  }, 120_000);
  afterAll(() => house?.close());

  const rows = ({ page }: Visit) => page.getByRole('row').filter({ has: page.getByRole('cell') });
  const names = async (visit: Visit) =>
    (await rows(visit).allInnerTexts()).map((text) => text.trim().split('\n')[0]?.trim());
  const settled = ({ page }: Visit) => page.locator('table[aria-busy=false]').waitFor();

  it('shows of each token what it is called, whose it is, what it may do and when it was used from where', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    const deploys = rows(visit).filter({ hasText: 'nightly deploys' });
    await deploys.waitFor();
    const text = await deploys.innerText();
    for (const expected of [
      /kh_live_\w{4}…\w{4}/,
      'servers:read and 1 more',
      'Grace Hopper',
      'Harbour',
      'Active',
      '127.0.0.1',
    ]) {
      expect(text).toMatch(expected);
    }
    expect(await deploys.locator('time').first().getAttribute('title')).toMatch(/\d{4}.*\d\d:\d\d:\d\d/);
    expect(await rows(visit).filter({ hasText: 'old laptop' }).count()).toBe(0);
    expect(await rows(visit).filter({ hasText: HOSTILE }).filter({ hasText: 'Test' }).count()).toBe(1);
    expect(await page.locator('img').count()).toBe(0);
    await visit.expectAccessible();
    const scripts = await page.evaluate<number[]>(
      'performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js")).map((file) => file.encodedBodySize)',
    );
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
    visit.expectQuiet();
    await visit.close();
  });

  it('finds, filters and sorts as the address says, and shows the same after a reload', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page.getByRole('searchbox', { name: 'Search tokens' }).fill('nightly');
    await expect.poll(() => names(visit)).toEqual(['nightly deploys']);
    expect(new URL(page.url()).search).toBe('?search=nightly');
    await page.reload();
    await expect.poll(() => names(visit)).toEqual(['nightly deploys']);
    await page.getByRole('searchbox', { name: 'Search tokens' }).fill('');
    await page.getByLabel('State').selectOption({ label: 'Revoked' });
    await expect.poll(() => names(visit)).toEqual(['old laptop']);
    await page.getByLabel('State').selectOption({ label: 'Working now' });
    await page.getByLabel('Use').selectOption({ label: 'Expiring within 30 days' });
    await expect.poll(() => names(visit)).toEqual([HOSTILE]);
    await page.getByLabel('Use').selectOption({ label: 'Used or not' });
    await page.getByRole('button', { name: 'Name' }).click();
    await expect.poll(async () => (await names(visit))[0]).toBe(HOSTILE);
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('searchbox', { name: 'Search tokens' }).fill('there is none');
    await page.getByRole('heading', { name: 'No tokens like that' }).waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Show all tokens' }).click();
    await expect.poll(async () => (await names(visit)).length).toBe(25);
    visit.expectQuiet();
    await visit.close();
  });

  it('row 57: goes from page to page and back, each token on one of them', async () => {
    const visit = await house.visitSignedIn('/tokens?state=all');
    const { page } = visit;
    await page.getByText('Page 1').waitFor();
    const first = await names(visit);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Page 2').waitFor();
    await settled(visit);
    const second = await names(visit);
    expect(new Set([...first, ...second]).size).toBe(TOKENS + 4);
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Previous' }).click();
    await expect.poll(() => names(visit)).toEqual(first);
    visit.expectQuiet();
    await visit.close();
  });

  it('fits a narrow screen, where the menu opens from a button', async () => {
    const visit = await house.visitSignedIn('/tokens', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
    const { page } = visit;
    await settled(visit);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await page.getByRole('link', { name: 'API Tokens' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Open menu' }).click();
    await page.getByRole('link', { name: 'API Tokens' }).click();
    await page.getByRole('button', { name: 'Open menu' }).waitFor();
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('is reached and worked by key alone', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await settled(visit);
    const focused = () =>
      page.evaluate('(document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText).trim()');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const goThrough = async (...stops: readonly string[]) => {
      for (const stop of stops) {
        await page.keyboard.press('Tab');
        expect(await focused()).toBe(stop);
      }
    };
    await goThrough('Create token', 'Search tokens', 'State', 'Use', 'Environment', 'Name');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await names(visit))[0]).toBe(HOSTILE);
    await goThrough('Created', 'Last used', 'Expires', `Choose ${HOSTILE}`, HOSTILE, `Revoke ${HOSTILE}`);
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await expect.poll(focused).toBe('Cancel');
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe(`Revoke ${HOSTILE}`);
    await goThrough(`More for ${HOSTILE}`);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Open' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: HOSTILE, level: 1 }).waitFor();
    await visit.close();
  });

  it.each([
    ['deployerp', 'deployERP', [['Settings', 'API Keys']], 'No API keys yet', 'Generate New API Key'],
    [
      'hosting',
      'Example Hosting',
      [
        ['Account Settings', 'API Access'],
        ['Security', 'API Tokens'],
      ],
      'No API tokens yet',
      'Generate New Token',
    ],
    ['collections', null, [['Settings', 'Bearer tokens']], 'No bearer tokens yet', 'Create Bearer Token'],
  ] as const)(
    'is found in the menu of %s by the words of its documents',
    async (profile, company, paths, title, button) => {
      const other = await openDashboardHouse({ profile });
      const visit = await other.visitSignedIn('/');
      const { page } = visit;
      for (const [section, item] of paths) {
        await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: section }).click();
        await page.getByRole('link', { name: item, exact: true }).click();
        await page.getByRole('heading', { name: item, level: 1 }).waitFor();
        expect(await page.locator('[aria-current=page]').innerText()).toBe(item);
      }
      if (company !== null) expect(await page.title()).toContain(company);
      // The token of the set-up is the only one there is.
      await other.call('DELETE', `${TOKENS_AT[profile]}/current`);
      await page.reload();
      await page.getByRole('heading', { name: title }).waitFor();
      expect(await page.getByRole('main').innerText()).toContain(button);
      await visit.expectAccessible();
      visit.expectQuiet();
      await visit.close();
      await other.close();
    },
  );
});

const TOKENS_AT = { deployerp: '/v1/api-keys', hosting: '/v1/tokens', collections: '/v1/tokens' } as const;
