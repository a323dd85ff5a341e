import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, expect, it, vi } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

// A whole life is a dozen pages.
vi.setConfig({ testTimeout: 60_000 });

interface Life {
  /** What the company calls one. */
  readonly word: string;
  readonly name: string;
  /** That is on the page now, this one time. */
  readonly value: string;
  /** The way to the list. */
  readonly menu: readonly [section: string, item: string];
  readonly hasOnePerOwner?: true;
}

/**
 * What each of the five documents tells its readers to do in the dashboard, in its own words and in its order, and then what
 * everybody does with a token until its end.
 */
suiteNeeding('chromium', 'the documents’ ways with a token in the dashboard', () => {
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
  const statusOf = async (house: DashboardHouse, value: string) => (await selfTest(house, value)).status;
  const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

  /** From the value that is shown to its end: kept as a file, found, edited, stopped and started, rotated, revoked. */
  const liveOn = async (
    house: DashboardHouse,
    visit: Visit,
    { word, name, value, menu: way, hasOnePerOwner }: Life,
  ) => {
    const { page } = visit;
    await visit.expectAccessible();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download .env' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/\.env$/);
    expect(await readFile(await file.path(), 'utf8')).toMatch(new RegExp(`^[A-Z_]+=${value}\n$`));
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByLabel(`Your new ${word}`).waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(value);

    await go(page, ...way);
    await row(page, name).getByRole('link', { name, exact: true }).click();
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const renamed = `${name}, edited`;
    await page.getByLabel('Name', { exact: true }).fill(renamed);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: renamed, level: 1, exact: true }).waitFor();

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Disable for now' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText(/^Disabled: every request/).waitFor();
    expect(await statusOf(house, value)).toBe(401);
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText(/^Disabled: every request/).waitFor({ state: 'detached' });
    expect(await statusOf(house, value)).toBe(200);

    await page.getByRole('button', { name: 'Rotate' }).click();
    const dialog = page.getByRole('dialog');
    if (hasOnePerOwner) await dialog.getByText(`here every owner has one ${word}`).waitFor();
    else await dialog.getByLabel('The old value works on for').selectOption({ label: '1 day' });
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    const next = await shownIn(page, word);
    expect([await statusOf(house, value), await statusOf(house, next)]).toEqual([hasOnePerOwner ? 401 : 200, 200]);
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await dialog.waitFor({ state: 'detached' });

    await go(page, ...way);
    const headers = await page.getByRole('columnheader').allInnerTexts();
    expect(headers).toEqual(expect.arrayContaining(['Name', 'Created', 'Last used']));
    const working = row(page, renamed).filter({ hasNotText: 'Ending soon' });
    await working.getByText(/just now\s*127\.0\.0\.1/).waitFor();
    expect(await working.locator('time').first().getAttribute('title')).toMatch(/\d{4}.*\d\d:\d\d:\d\d/);
    await working.getByRole('button', { name: `Revoke ${renamed}` }).click();
    const asked = page.getByRole('alertdialog');
    await asked.getByText(/1 request in the last 24 hours; last used just now from 127\.0\.0\.1/).waitFor();
    expect(await statusOf(house, next), 'asking ends nothing').toBe(200);
    await asked.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByText(`“${renamed}” is revoked. In force now`).waitFor();
    expect(await statusOf(house, next)).toBe(401);
    await working.waitFor({ state: 'detached' });
    visit.expectQuiet();
    await visit.close();
  };

  it('without a document: Settings, API Tokens, Create token, a permission of any name', async () => {
    const house = await openHouse('keyhouse');
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await go(page, 'Settings', 'API Tokens');
    await page.getByRole('link', { name: 'Create token' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('nightly sync');
    await page.getByLabel('Add a permission').fill('servers:read');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    // What was typed and not added is meant too.
    await page.getByLabel('Add a permission').fill('backups:*');
    await page.getByRole('button', { name: 'Create token' }).click();
    const value = await shownIn(page, 'token');
    expect((await selfTest(house, value)).permissions).toEqual(['servers:read', 'backups:*']);
    await liveOn(house, visit, { word: 'token', name: 'nightly sync', value, menu: ['Settings', 'API Tokens'] });
  });

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
    await liveOn(house, visit, { word: 'API token', name: 'ERP Integration', value, menu: ['Settings', 'API Tokens'] });
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
    await liveOn(house, visit, { word: 'API key', name: 'production-key', value, menu: ['Settings', 'API Keys'] });
  });

  it('H2, H4, H5: both ways through the menu, eight scopes, a date, Create Token; the list with last use; Revoke asks', async () => {
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
    await liveOn(house, visit, {
      word: 'API token',
      name: 'WordPress Plugin',
      value,
      menu: ['Account Settings', 'API Access'],
    });
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
    await liveOn(house, visit, {
      word: 'bearer token',
      name: `Bearer token of ${house.admin.email}`,
      value: second,
      menu: ['Settings', 'Bearer tokens'],
      hasOnePerOwner: true,
    });
  });

  it('S1, S6, S8: switch companies, Settings, API Tokens, Generate New Token: it is of that company; Revoke ends it', async () => {
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
    await liveOn(house, visit, { word: 'API token', name: 'Carbon reports', value, menu: ['Settings', 'API Tokens'] });
  });
});
