import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';
import { addMember } from './member.ts';

interface Made {
  readonly id: string;
  readonly value: string;
}

const HOSTILE = '<img src=x onerror=alert(1)>';

suiteNeeding('chromium', 'the page of one token in the dashboard', () => {
  let house: DashboardHouse;
  let sync: Made;

  beforeAll(async () => {
    house = await openDashboardHouse();
    await allow(['servers:read', 'servers:write']);
    sync = await house.call<Made>('POST', '/v1/tokens', {
      name: 'warehouse sync',
      description: 'Copies orders every night',
      permissions: ['servers:read', 'servers:write'],
      owner: { external_id: 'user-42' },
      ip_allowlist: ['127.0.0.1', '203.0.113.0/24'],
      expires_in: '90d',
    });
    for (let use = 0; use < 3; use++) await useToken(sync.value);
    await verify(sync.value, ['servers:delete'], '127.0.0.1');
  }, 120_000);
  afterAll(() => house?.close());

  const allow = (permissions: readonly string[]) =>
    house.call('PUT', '/v1/owners/user-42', {
      name: 'Grace Hopper',
      email: 'grace@example.com',
      memberships: [{ workspace: { external_id: 'org-7', name: 'Harbour' }, permissions }],
    });
  const useToken = (value: string) =>
    fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } });
  const verify = (token: string, all_of: readonly string[], ip: string) =>
    house.call<{ request_id: string }>('POST', '/v1/tokens/verify', { token, all_of, ip });
  const open = async (tab?: string): Promise<Visit> => {
    const visit = await house.visitSignedIn(`/tokens/${sync.id}`);
    if (tab !== undefined) await visit.page.getByRole('tab', { name: tab }).click();
    return visit;
  };
  const done = async (visit: Visit) => {
    visit.expectQuiet();
    await visit.close();
  };

  it('says what a token uses of what it holds, and narrows it to that when told so', async () => {
    const held = ['servers:read', 'servers:write'];
    const owner = { external_id: 'user-42' };
    const made = await house.call<Made>('POST', '/v1/tokens', { name: 'nightly', permissions: held, owner });
    await verify(made.value, ['servers:read'], '127.0.0.1');
    const visit = await house.visitSignedIn(`/tokens/${made.id}`);
    const { page } = visit;
    await page.getByText('Uses 1 of 2 permissions in 90 days.').waitFor();
    await page.getByRole('button', { name: 'Try first' }).click();
    await page.getByText('Observing for 14 days').waitFor();
    await page.getByRole('button', { name: 'Narrow' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Narrow' }).click();
    await page.getByText('It needed what it holds in the last 90 days.').waitFor();
    await done(visit);
    const { grant } = await house.call<{ grant: object }>('GET', `/v1/tokens/${made.id}`);
    expect(grant).toEqual({ permissions: ['servers:read'] });
  });

  it('is reached from the list and says what the token is, whose, from where and until when', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page.getByRole('link', { name: 'warehouse sync' }).click();
    await page.getByRole('heading', { name: 'warehouse sync', level: 1 }).waitFor();
    await page.getByText('997 left now').waitFor();
    await page.getByRole('link', { name: 'First management token' }).waitFor();
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor();
    const text = await page.getByRole('main').innerText();
    for (const expected of [
      /kh_live_\w{4}…\w{4}/,
      sync.id,
      'Copies orders every night',
      'Grace Hopper',
      'grace@example.com',
      'Harbour',
      '203.0.113.0/24',
      /in \d (months|weeks)/,
      /just now from 127\.0\.0\.1/,
      '1,000 requests per hour',
      'Never rotated',
    ]) {
      expect(text).toMatch(expected);
    }
    expect(await page.title()).toContain('warehouse sync');
    await visit.expectAccessible();
    await done(visit);
  });

  it('crosses out what was given and cannot be used now, and says why', async () => {
    await allow(['servers:read']);
    const visit = await open();
    await visit.page.locator('s', { hasText: 'servers:write' }).waitFor();
    await visit.page.getByText(/Grace Hopper may not do it in Harbour at the moment/).waitFor();
    await done(visit);
    await allow(['servers:read', 'servers:write']);
  });

  it('counts its use as bars and as a table, for the time in the address', async () => {
    const visit = await open('Usage');
    const { page } = visit;
    await page.getByRole('img', { name: /3 accepted, 1 refused/ }).waitFor();
    await page.getByText('Permission missing').waitFor();
    await page.getByLabel('Time').selectOption({ label: 'Last 24 hours' });
    await expect.poll(() => new URL(page.url()).search).toBe('?tab=usage&range=24h');
    await page.getByText('Show as a table').click();
    const newest = page.getByRole('table').getByRole('row').nth(1);
    await expect.poll(() => newest.innerText()).toMatch(/\d\d:\d\d\s+3\s+1/);
    await page.reload();
    await page.getByRole('img', { name: /last 24 hours: 3 accepted/ }).waitFor();
    await visit.expectAccessible();
    await done(visit);
  });

  it('explains what was refused, check by check, at an address that can be sent on', async () => {
    const visit = await open('Refused requests');
    const { page } = visit;
    const row = page.getByRole('row').filter({ hasText: 'servers:delete' });
    await row.getByRole('button', { name: 'Explain' }).click();
    const dialog = page.getByRole('dialog', { name: 'Why it was refused' });
    await dialog.getByText('The permission is there (refused here)').waitFor();
    const text = await dialog.innerText();
    expect(text).toMatch(/Use another token that may do servers:delete/);
    expect(text).toMatch(/Missing: servers:delete/);
    expect(
      await dialog
        .getByRole('list', { name: /Checks/ })
        .getByRole('listitem')
        .count(),
    ).toBe(11);
    await visit.expectAccessible();
    await page.reload();
    await dialog.getByText('The permission is there (refused here)').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await done(visit);
  });

  it('row 55: tells its history in sentences, whatever it is called', async () => {
    await house.call('PATCH', `/v1/tokens/${sync.id}`, { name: HOSTILE, tier: 'limited' });
    const visit = await open('History');
    const { page } = visit;
    const history = page.getByRole('list', { name: /^History/ });
    await history.getByText(`changed it; its name is now “${HOSTILE}”`).waitFor();
    await history.getByText('Limits: standard → limited').waitFor();
    await history.getByText('made the token').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    await visit.expectAccessible();
    await done(visit);
    await house.call('PATCH', `/v1/tokens/${sync.id}`, { name: 'warehouse sync', tier: 'standard' });
  });

  it('row 30: is not there for an id that nobody has, and offers the way back', async () => {
    const visit = await house.visitSignedIn('/tokens/tok_0000000000000000000000');
    await visit.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    await done(visit);
  });

  it('says before a change what it refuses, saves what was touched, and holds it at once', async () => {
    const visit = await open();
    const { page } = visit;
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const save = page.getByRole('button', { name: 'Save changes' });
    await page.getByText('Nothing is changed yet.').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'servers:write', exact: true }).uncheck();
    await page.getByRole('button', { name: 'Take out address 1' }).click();
    await page.getByText('Requests that need servers:write.').waitFor();
    await page.getByText(/^Requests from 127\.0\.0\.1/).waitFor();
    await visit.expectAccessible();
    // Somebody else renames it meanwhile: that stays as they made it.
    await house.call('PATCH', `/v1/tokens/${sync.id}`, { name: 'orders to the warehouse' });
    expect((await useToken(sync.value)).status).toBe(200);
    await save.click();
    await page.getByText(/is saved\. In force now/).waitFor();
    expect((await useToken(sync.value)).status).toBe(403);
    const now = await house.call<{ name: string; grant: unknown }>('GET', `/v1/tokens/${sync.id}`);
    expect(now).toMatchObject({ name: 'orders to the warehouse', grant: { permissions: ['servers:read'] } });
    await page.getByRole('heading', { name: 'orders to the warehouse' }).waitFor();
    await done(visit);
  });

  it('row 25: lets who may not act for its owner take permissions away, and add none', async () => {
    const { id } = await house.call<Made>('POST', '/v1/tokens', {
      name: 'to be cut',
      permissions: ['servers:read', 'servers:write'],
      owner: { external_id: 'user-42' },
    });
    const as = await addMember(house, 'cutter@example.com', {
      permissions: ['keyhouse-tokens:read', 'keyhouse-tokens:write'],
    });
    const visit = await house.visitSignedIn(`/tokens/${id}/edit`, { as });
    const { page } = visit;
    await page.getByText('You can take away, and add nothing').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(2);
    await page.getByRole('checkbox', { name: 'servers:write', exact: true }).uncheck();
    await page.getByText('Requests that need servers:write.').waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText(/is saved\. In force now/).waitFor();
    const now = await house.call('GET', `/v1/tokens/${id}`);
    expect(now).toMatchObject({ grant: { permissions: ['servers:read'] } });
    await visit.close();
  });

  it('keeps what was typed when the server is silent, and saves it when it is back', async () => {
    const visit = await house.visitSignedIn(`/tokens/${sync.id}/edit`);
    const { page } = visit;
    await page.getByLabel('Name').fill('typed in vain?');
    await page.route('**/v1/tokens/tok_*', (route) => route.abort());
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page
      .getByText(/The server does not answer/)
      .first()
      .waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('typed in vain?');
    await page.unroute('**/v1/tokens/tok_*');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'typed in vain?', level: 1 }).waitFor();
    await visit.close();
  });
});
