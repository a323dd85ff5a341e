import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

/** What each of the five documents tells its readers to do in the dashboard, in its own words and in its order. */
suiteNeeding('chromium', 'the documents’ ways to a token in the dashboard', () => {
  const open: DashboardHouse[] = [];
  // One browser for all of them lives as long as a house is open.
  afterAll(async () => {
    for (const house of open) await house.close();
  });

  const openHouse = async (profile: string) => {
    const house = await openDashboardHouse({ profile });
    open.push(house);
    return house;
  };
  const menu = (page: Page) => page.getByRole('navigation', { name: 'Main menu' });
  const go = async (page: Page, section: string, item: string) => {
    await menu(page).getByRole('link', { name: section, exact: true }).click();
    await menu(page).getByRole('link', { name: item, exact: true }).click();
    await page.getByRole('heading', { name: item, level: 1 }).waitFor();
  };
  /** The value that is shown, selected from end to end. */
  const shownIn = async (page: Page, word: string): Promise<string> => {
    const shown = page.getByLabel(`Your new ${word}`);
    await shown.waitFor();
    const value = await shown.inputValue();
    expect(await page.evaluate('getSelection().toString()')).toBe(value);
    return value;
  };
  const selfTest = async (house: DashboardHouse, value: string) => {
    const answer = await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } });
    return { status: answer.status, ...((await answer.json()) as { key_id: string; permissions: string[] }) };
  };
  const end = async (visit: Visit) => {
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.page.getByRole('button', { name: 'Copy', exact: true }).click();
    await visit.page.getByRole('button', { name: 'Done' }).click();
    await visit.page.getByRole('heading', { level: 1 }).waitFor();
    await visit.close();
  };

  it('I2: log in, Settings in the sidebar, API Tokens, Create Token, a descriptive name, copy', async () => {
    const house = await openHouse('installer');
    const visit = await house.visit('/');
    const { page } = visit;
    await page.getByLabel('E-mail').fill(house.admin.email);
    await page.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await go(page, 'Settings', 'API Tokens');
    await page.getByRole('link', { name: 'Create Token' }).click();
    await page.getByLabel('Name').fill('ERP Integration');
    await page.getByText('Everything you may do here, and never more.').waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Create Token' }).click();
    const value = await shownIn(page, 'API token');
    expect(value).toMatch(/^inst_\w{32}$/);
    expect((await selfTest(house, value)).status).toBe(200);
    await end(visit);
  });

  it('D1: Settings, API Keys, Generate New API Key, permissions, an expiration date, save', async () => {
    const house = await openHouse('deployerp');
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await go(page, 'Settings', 'API Keys');
    await page.getByRole('link', { name: 'Generate New API Key' }).click();
    await page.getByLabel('Name').fill('production-key');
    for (const permission of ['servers:read', 'instances:*']) {
      await page.getByRole('checkbox', { name: permission, exact: true }).check();
    }
    expect(await page.getByRole('checkbox', { name: 'instances:delete' }).isChecked()).toBe(true);
    await page.getByLabel('Expiration').selectOption({ label: 'On a date…' });
    await page.getByLabel('Expiration date').fill('2099-12-31');
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Save Key' }).click();
    const value = await shownIn(page, 'API key');
    expect(value).toMatch(/^dep_live_\w{32}$/);
    expect(await page.getByRole('main').innerText()).toContain('31 Dec 2099');
    const { key_id, permissions } = await selfTest(house, value);
    expect(permissions).toEqual(['servers:read', 'instances:*']);
    expect((await house.call('GET', `/v1/api-keys/${key_id}`)).expires_at).toMatch(/^2099-12-31T|^2100-01-01T/);
    await end(visit);
  });

  it('H2: both ways through the menu, Generate New Token, eight scopes, an expiration date, Create Token', async () => {
    const house = await openHouse('hosting');
    const scopes = ['domains', 'dns', 'hosting', 'account'].flatMap((one) => [`${one}:read`, `${one}:write`]);
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await go(page, 'Account Settings', 'API Access');
    await page.getByRole('link', { name: 'Generate New Token' }).waitFor();
    await go(page, 'Security', 'API Tokens');
    await page.getByRole('link', { name: 'Generate New Token' }).click();
    await page.getByLabel('Name').fill('WordPress Plugin');
    for (const scope of scopes) await page.getByRole('checkbox', { name: scope, exact: true }).waitFor();
    expect(await page.getByRole('main').innerText()).toContain('View account profile and invoices');
    await page.getByRole('checkbox', { name: 'hosting:read' }).check();
    await page.getByRole('checkbox', { name: 'domains:read' }).check();
    await page.getByLabel('Expiration').selectOption({ label: 'In 90 days' });
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Create Token' }).click();
    const value = await shownIn(page, 'API token');
    expect((await selfTest(house, value)).permissions).toEqual(['hosting:read', 'domains:read']);
    await end(visit);
  });

  it('C2: People, the user record, Create Bearer Token: a popup with the token and its expiry, all selected', async () => {
    const house = await openHouse('collections');
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await menu(page).getByRole('link', { name: 'People', exact: true }).click();
    await page.getByRole('link', { name: house.admin.email }).click();
    await page.getByRole('button', { name: 'Create Bearer Token' }).click();
    const popup = page.getByRole('dialog');
    const first = await shownIn(page, 'bearer token');
    const year = new Date(Date.now() + 365 * 86_400_000).getUTCFullYear();
    expect(await popup.innerText()).toMatch(new RegExp(`Expires\\s+\\d+ \\w+ ${year}`));
    expect((await selfTest(house, first)).status).toBe(200);
    await visit.expectAccessible();
    await popup.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Go back and copy it' }).click();
    await popup.getByRole('button', { name: 'Copy', exact: true }).click();
    await popup.getByRole('button', { name: 'Done' }).click();
    await popup.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(first);

    // Lost it: the same button again, which says what the new one ends.
    await page.getByRole('button', { name: 'Create Bearer Token' }).click();
    await popup.getByText('whatever uses it stops working at once').waitFor();
    expect((await selfTest(house, first)).status).toBe(200);
    await popup.getByRole('button', { name: 'Create Bearer Token' }).click();
    const second = await shownIn(page, 'bearer token');
    expect([(await selfTest(house, first)).status, (await selfTest(house, second)).status]).toEqual([401, 200]);
    visit.expectQuiet();
    await visit.close();
  });

  it('S1, S6: switch companies, Settings, API Tokens, Generate New Token: it is of that company', async () => {
    const house = await openHouse('coolset');
    const { data } = await house.call<{ data: { id: string }[] }>('GET', '/v1/users');
    const homes = await house.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    await house.call('POST', '/v1/workspaces', { external_id: 'org-7', name: 'Harbour Logistics' });
    await house.call('PATCH', `/v1/users/${data[0]?.id}`, {
      memberships: [
        { workspace: { id: homes.data[0]?.id }, roles: ['admin'] },
        { workspace: { external_id: 'org-7' }, roles: ['admin'] },
      ],
    });
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await page.getByRole('button', { name: 'Example Ltd Switch workspace' }).click();
    await page.getByRole('menuitemradio', { name: 'Harbour Logistics' }).click();
    await page.getByRole('button', { name: 'Harbour Logistics Switch workspace' }).waitFor();
    await go(page, 'Settings', 'API Tokens');
    await page.getByRole('link', { name: 'Generate New Token' }).first().click();
    await page.getByLabel('Name').fill('Carbon reports');
    await page.getByRole('radio', { name: 'Write' }).check();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Generate New Token' }).click();
    const value = await shownIn(page, 'API token');
    expect(value).toMatch(/^sk_live_\w{32}$/);
    expect(await page.getByRole('main').innerText()).toContain('Harbour Logistics');
    const { key_id } = await selfTest(house, value);
    const token = await house.call<{ workspace: { name: string }; grant: object }>('GET', `/api/tokens/${key_id}`);
    expect([token.workspace.name, token.grant]).toEqual(['Harbour Logistics', { level: 'write' }]);
    await end(visit);
  });
});
