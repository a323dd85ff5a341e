import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type Credentials, type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';

interface Made {
  readonly id: string;
  readonly value: string;
}

suiteNeeding('chromium', 'what is done to tokens in the dashboard', () => {
  let house: DashboardHouse;

  beforeAll(async () => {
    house = await openDashboardHouse();
    await house.call('PUT', '/v1/owners/user-42', {
      name: 'Grace Hopper',
      memberships: [{ workspace: { external_id: 'org-7', name: 'Harbour' }, permissions: ['servers:*'] }],
    });
  }, 120_000);
  afterAll(() => house?.close());

  const make = (name: string, more = {}) =>
    house.call<Made>('POST', '/v1/tokens', {
      name,
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
      ...more,
    });
  const statusOf = async (value: string) =>
    (await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } })).status;
  const done = async (visit: Visit) => {
    visit.expectQuiet();
    await visit.close();
  };
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const confirmation = (page: Page) => page.getByRole('alertdialog');

  /** Somebody with these permissions of the management, or with a role. */
  const person = async (email: string, may: { roles?: readonly string[]; permissions?: readonly string[] }) => {
    const { link } = await house.call<{ link: string }>('POST', '/v1/invitations', { email, ...may });
    const password = 'another four words here';
    const answer = await fetch(`${house.dashboard}/v1/invitations/accept`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: house.dashboard, 'Keyhouse-Dashboard': '1' },
      body: JSON.stringify({ secret: link.split('#')[1], password }),
    });
    expect(answer.status).toBe(201);
    return { email, password } satisfies Credentials;
  };

  it('names before a revocation the rotation line and what was made with the token, and ends all of it', async () => {
    await house.call('POST', '/v1/service-accounts', {
      name: 'build farm',
      workspace: { external_id: 'org-7' },
      permissions: ['keyhouse-tokens:write', 'servers:read'],
    });
    const { data } = await house.call<{ data: { id: string }[] }>('GET', '/v1/service-accounts');
    const may = ['keyhouse-tokens:write', 'servers:read'];
    const parent = await make('parent', { owner: { id: data[0]?.id }, permissions: may });
    const { new_key: next } = await house.call<{ new_key: Made }>('POST', `/v1/tokens/${parent.id}/rotate`, {});
    const child = await fetch(`${house.api}/v1/tokens`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${next.value}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'nightly job', permissions: ['servers:read'] }),
    });
    const { value } = (await child.json()) as Made;
    const visit = await house.visitSignedIn(`/tokens/${next.id}`);
    const { page } = visit;
    await press(page, 'Revoke');
    await confirmation(page)
      .getByText(/^The value before it .* ends too/)
      .waitFor();
    await confirmation(page).getByText('What was made with it ends too:').waitFor();
    await confirmation(page).getByText('nightly job').waitFor();
    await visit.expectAccessible();
    await page.getByLabel('Reason').fill('the build farm moved');
    await confirmation(page).getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(/^Revoked just now/).waitFor();
    for (const ended of [parent.value, next.value, value]) expect(await statusOf(ended)).toBe(401);
    await confirmation(page).waitFor({ state: 'hidden' });
    expect(await page.getByRole('button', { name: /Revoke|Rotate|Edit|More/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('revoked it, and 2 more with it').waitFor();
    await page.getByText('Reason: the build farm moved').waitFor();
    await done(visit);
  });

  it('gives a token to another owner with the keyboard alone, and says what it can no longer do', async () => {
    await house.call('PUT', '/v1/owners/user-43', {
      name: 'Bea Adams',
      memberships: [{ workspace: { external_id: 'org-7' }, permissions: ['servers:list'] }],
    });
    const made = await make('handed on');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'More', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Give to another owner' }).focus();
    await page.keyboard.press('Enter');
    const found = page.waitForResponse((response) => response.url().includes('/v1/owners?search=Bea'));
    await page.getByRole('dialog').getByLabel('New owner').fill('Bea');
    await found;
    await expect.poll(() => page.getByRole('option').allTextContents()).toEqual([expect.stringContaining('Bea Adams')]);
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=option][data-highlighted]').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByLabel('New owner').inputValue()).toBe('Bea Adams');
    await visit.expectAccessible();
    await page.getByLabel('Reason').fill('a new team');
    await page.keyboard.press('Enter');
    await page.getByText('It can no longer do servers:read.').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('main').getByText('Bea Adams').first().waitFor();
    expect(await house.call('GET', `/v1/tokens/${made.id}`)).toMatchObject({ owner: { external_id: 'user-43' } });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('gave it to another owner').waitFor();
    await page.getByText('Reason: a new team').waitFor();
    await done(visit);
  });

  it('row 17: rotates with a grace that was chosen and shows the new value once, and nowhere again', async () => {
    const made = await make('rotated');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    await press(page, 'Rotate');
    await page.getByLabel('The old value works on for').selectOption({ label: '1 day' });
    await page.getByText(/^Until \d+ \w+ \d{4}, .*: both work/).waitFor();
    await visit.expectAccessible();
    const rotate = page.getByRole('dialog').getByRole('button', { name: 'Rotate' });
    await rotate.dblclick();
    const shown = page.getByLabel('Your new token');
    await shown.waitFor();
    const value = await shown.inputValue();
    expect([await statusOf(made.value), await statusOf(value)]).toEqual([200, 200]);
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await press(page, 'Done');
    await page.getByText('this one, made just now').waitFor();
    await page.getByText(/stops in 2[34] hours/).waitFor();
    const kept = async () =>
      JSON.stringify([
        await page.content(),
        page.url(),
        await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])'),
      ]);
    expect(await kept()).not.toContain(value);
    await page.goBack();
    await page.getByText('Rotated: this value stops working').waitFor();
    expect(await kept()).not.toContain(value);
    await page.goForward();
    await page.reload();
    await page.getByText('this one, made just now').waitFor();
    expect(await kept()).not.toContain(value);
    const line = await house.call<{ data: unknown[] }>('GET', `/v1/tokens?lineage_id=${await lineageOf(made.id)}`);
    expect(line.data, 'pressed twice, rotated once').toHaveLength(2);
    await done(visit);
  });

  const lineageOf = async (id: string) =>
    (await house.call<{ lineage_id: string }>('GET', `/v1/tokens/${id}`)).lineage_id;

  it('loses nothing when the answer with the new value is lost: says so, and makes another in its place', async () => {
    const made = await make('unlucky');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    let lost = '';
    await page.route('**/rotate', async (route) => {
      lost = ((await (await route.fetch()).json()) as { new_key: Made }).new_key.value;
      await route.abort();
    });
    await press(page, 'Rotate');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByText(/may or may not have been made/).waitFor();
    await page.unroute('**/rotate');
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByText(/the answer with the new value was lost/).waitFor();
    await press(page, 'Make another in its place');
    const shown = page.getByLabel('Your new token');
    await shown.waitFor();
    const value = await shown.inputValue();
    expect([await statusOf(lost), await statusOf(value), await statusOf(made.value)]).toEqual([401, 200, 200]);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await press(page, 'Done');
    await page.getByText('this one, made just now').waitFor();
    await visit.expectAccessible();
    await visit.close();
  });

  it('says in one tab what was done in another: a rotation there is not made twice here', async () => {
    const made = await make('in two tabs');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    await press(page, 'Rotate');
    await house.call('POST', `/v1/tokens/${made.id}/rotate`, {});
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await page.getByText(/It was rotated already/).waitFor();
    await press(page, 'Cancel');
    await page.getByText('Rotated: this value stops working').waitFor();
    await press(page, 'Replace its successor');
    await press(page, 'Make another in its place');
    await page.getByLabel('Your new token').waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await press(page, 'Done');
    await page.getByText('this one, made just now').waitFor();
    expect(await page.getByRole('listitem').filter({ hasText: 'Revoked' }).count()).toBe(1);
    await house.call('DELETE', `/v1/tokens/${made.id}?scope=lineage`);
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))');
    await page.getByText(/^Revoked just now/).waitFor();
    await done(visit);
  });

  it('disables for a while and enables again', async () => {
    const made = await make('paused');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    await press(page, 'More');
    await page.getByRole('menuitem', { name: 'Disable for now' }).click();
    await confirmation(page).getByRole('button', { name: 'Disable' }).click();
    await page.getByText(/^Disabled: every request/).waitFor();
    expect(await statusOf(made.value)).toBe(401);
    await press(page, 'Enable');
    await page.getByText(/^Disabled: every request/).waitFor({ state: 'detached' });
    expect(await statusOf(made.value)).toBe(200);
    await done(visit);
  });

  it('revokes several at once, says which could not be, and tries those again', async () => {
    const [one, two, three] = [await make('fleet 1'), await make('fleet 2'), await make('fleet 3')];
    const visit = await house.visitSignedIn('/tokens?search=fleet');
    const { page } = visit;
    await page.getByLabel('Choose fleet 1').check();
    await press(page, 'Choose all on this page');
    await visit.expectAccessible();
    await press(page, 'Revoke 3 tokens');
    const asked = confirmation(page);
    for (const name of ['fleet 1', 'fleet 2', 'fleet 3']) await asked.getByText(name).waitFor();
    await page.route(`**/v1/tokens/${two.id}`, (route) => route.abort());
    await asked.getByRole('button', { name: 'Revoke 3 tokens' }).click();
    await asked.getByText('2 of 3 were revoked.').waitFor();
    expect([await statusOf(one.value), await statusOf(two.value), await statusOf(three.value)]).toEqual([
      401, 200, 401,
    ]);
    await page.unroute(`**/v1/tokens/${two.id}`);
    await asked.getByRole('button', { name: 'Try the other 1 again' }).click();
    await page.getByText('3 tokens were revoked.').waitFor();
    expect(await statusOf(two.value)).toBe(401);
    await visit.close();
  });

  it('lets a member rotate and revoke a token of their own, and change none', async () => {
    const member = await person('max@example.com', { roles: ['member'] });
    const visit = await house.visitSignedIn('/tokens', { as: member });
    const { page } = visit;
    const answer = await page.request.post(`${house.dashboard}/v1/tokens`, {
      data: { name: 'my own', permissions: ['servers:read'] },
      headers: { Origin: house.dashboard, 'Keyhouse-Dashboard': '1' },
    });
    const { id, value } = (await answer.json()) as Made;
    await page.goto(`${house.dashboard}/tokens/${id}`);
    await page.getByRole('button', { name: 'Rotate', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Edit', exact: true }).count()).toBe(0);
    await page.getByText(/by you/).waitFor();
    await press(page, 'Revoke');
    await confirmation(page).getByText('Never used.').waitFor();
    await confirmation(page).getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(/^Revoked just now/).waitFor();
    expect(await statusOf(value)).toBe(401);
    await done(visit);
  });

  it('shows who supports people the button that revokes and no other, and who may only look none at all', async () => {
    const made = await make('looked at');
    const support = await house.visitSignedIn('/tokens', {
      as: await person('sue@example.com', { roles: ['support'] }),
    });
    const { page } = support;
    await page.getByRole('link', { name: 'looked at' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Refused requests' }).waitFor();
    expect(await page.getByRole('button', { name: /^(Rotate|Enable|More)$/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Edit', exact: true }).count()).toBe(0);
    await press(page, 'Revoke');
    await confirmation(page).getByText('Never used.').waitFor();
    await confirmation(page).getByRole('button', { name: 'Revoke' }).click();
    await page.getByText(/^Revoked just now/).waitFor();
    expect(await statusOf(made.value)).toBe(401);
    await done(support);

    const kept = await make('only looked at');
    const looker = { permissions: ['keyhouse-tokens:read'] };
    const visit = await house.visitSignedIn(`/tokens/${kept.id}`, { as: await person('lou@example.com', looker) });
    await visit.page.getByText('997 left now').or(visit.page.getByText('1,000 left now')).first().waitFor();
    expect(await visit.page.getByRole('button', { name: /^(Revoke|Rotate|Enable|More)$/ }).count()).toBe(0);
    expect(await visit.page.getByRole('tab').allInnerTexts()).toEqual(['Overview', 'Usage']);
    await visit.page.getByRole('link', { name: 'API Tokens' }).first().click();
    await visit.page.getByRole('row').filter({ hasText: 'only looked at' }).waitFor();
    expect(await visit.page.getByRole('button', { name: /^Revoke/ }).count()).toBe(0);
    expect(await visit.page.getByRole('checkbox').count()).toBe(0);
    await done(visit);
  });
});
