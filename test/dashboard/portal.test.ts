import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { openPortalCompany, type PortalCompany } from './portal-company.ts';

suiteNeeding('chromium', 'the token page of one of the provider’s users', () => {
  let company: PortalCompany;
  beforeAll(async () => {
    company = await openPortalCompany();
  });
  afterAll(() => company.close());

  const open = async (externalId: string) => {
    await company.introduce(externalId);
    const { link } = await company.mint(externalId);
    return { link, visit: await company.house.visit(link) };
  };
  const button = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const create = async (page: Page, name: string) => {
    await button(page, 'Generate New API Key').click();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('servers:read', { exact: true }).check();
    await button(page, /^(?:Save|Create)/).click();
    const value = await page.getByLabel('Your new API key').inputValue();
    expect(value).toMatch(/^dep_live_\w{32}$/);
    return value;
  };
  const works = async (value: string) => {
    const answer = await fetch(`${company.house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } });
    return answer.status === 200;
  };

  it('opens once, makes, rotates and revokes a key in the company’s words, and keeps no secret anywhere', async () => {
    const { visit, link } = await open('user-1');
    const { page } = visit;
    expect(page.url()).toBe(`${company.house.dashboard}/portal`);
    await page.getByText('No API keys yet').waitFor();
    expect(await page.title()).toBe('API keys · deployERP');
    await page.getByText('Grace user-1 · Northwind').waitFor();
    await visit.expectAccessible();
    const value = await create(page, 'ci');
    await visit.expectAccessible();
    expect(await works(value)).toBe(true);
    await button(page, 'Done').click();
    await page.getByText('cannot be shown again. Press Done once more').waitFor();
    await button(page, 'Done').click();
    await page.getByRole('heading', { name: 'ci' }).waitFor();
    await visit.expectAccessible();
    expect(await page.content()).not.toContain(value);

    await button(page, 'Rotate ci').click();
    await visit.expectAccessible();
    await page.getByLabel('The old value works on for').selectOption('Not at all');
    await button(page, 'Rotate').click();
    const next = await page.getByLabel('Your new API key').inputValue();
    await page.getByText('The old value is refused from now on.').waitFor();
    expect([await works(value), await works(next)]).toEqual([false, true]);
    await button(page, 'Done').click();
    await button(page, 'Done').click();
    await button(page, 'Revoke ci').click();
    await button(page, 'Revoke').click();
    await page.getByText('No API keys yet').waitFor();
    await page.getByRole('status').filter({ hasText: '“ci” is revoked.' }).waitFor();
    expect(await works(next)).toBe(false);

    const secret = link.split('#')[1] as string;
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, location.href, document.cookie])',
    );
    for (const one of [secret, value, next, 'dep_live', 'depcl_', 'deppt_']) expect(kept).not.toContain(one);
    visit.expectQuiet();
    await visit.close();
  });

  it('row 100c: keeps a reloaded page in by a cookie that no script reads, until its user leaves', async () => {
    const { visit } = await open('user-11');
    const { page } = visit;
    await page.getByText('No API keys yet').waitFor();
    await page.reload();
    await page.getByText('No API keys yet').waitFor();
    await page.getByText('Grace user-11 · Northwind').waitFor();
    const [cookie, ...more] = await page.context().cookies();
    expect(more).toEqual([]);
    expect(cookie).toMatchObject({ name: 'keyhouse-portal', httpOnly: true, sameSite: 'Lax', expires: -1 });
    const value = cookie?.value as string;
    const resume = (headers: Record<string, string>) =>
      fetch(`${company.house.dashboard}/portal/v1/portal-sessions/resume`, {
        method: 'POST',
        body: '{}',
        headers: { Cookie: `keyhouse-portal=${value}`, 'Content-Type': 'application/json', ...headers },
      }).then(({ status }) => status);
    const ours = { Origin: company.house.dashboard, 'Keyhouse-Dashboard': '1' };
    expect(await resume(ours)).toBe(200);
    expect(await resume({ ...ours, Origin: company.settings.url })).toBe(403);
    expect(await resume({ Origin: company.house.dashboard })).toBe(403);
    const byCookie = await fetch(`${company.house.dashboard}/portal/v1/tokens`, {
      headers: { Cookie: `keyhouse-portal=${value}` },
    });
    expect(byCookie.status).toBe(401);

    await button(page, 'Leave').click();
    await page.getByText('You have left.').waitFor();
    await visit.expectAccessible();
    expect(await page.context().cookies()).toEqual([]);
    expect(await resume(ours)).toBe(401);
    await page.reload();
    await page.getByText('Open it again from where you came').waitFor();
    expect(await page.getByText('Grace user-11').count()).toBe(0);
    visit.expectQuiet();
    await visit.close();
  });

  it('ends at once when the company ends all of a user', async () => {
    const { visit } = await open('user-12');
    const { page } = visit;
    await page.getByText('No API keys yet').waitFor();
    await company.house.call('DELETE', '/v1/portal-sessions?owner_external_id=user-12');
    await button(page, 'Generate New API Key').click();
    await page.getByText('This page has ended').waitFor();
    await page.reload();
    await page.getByText('Open it again from where you came').waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('says of a used, wrong or missing secret what to do', async () => {
    const { visit, link } = await open('user-2');
    await visit.page.getByText('No API keys yet').waitFor();
    for (const path of [link, '/portal#depcl_live_wrong', '/portal']) {
      const again = await company.house.visit(path);
      await again.page.getByText('This link is wrong, was used already, or has expired.').waitFor();
      expect(again.page.url()).toBe(`${company.house.dashboard}/portal`);
      again.expectQuiet();
      await again.close();
    }
    await visit.close();
  });

  it('row 30: lists nobody else’s keys, and its value opens nothing else', async () => {
    await company.introduce('user-3');
    const theirs = { name: 'theirs', owner: { external_id: 'user-3' }, permissions: ['servers:read'] };
    await company.house.call('POST', '/v1/api-keys', theirs);
    const { visit } = await open('user-4');
    const bearers: string[] = [];
    visit.page.on('request', (request) => {
      const sent = request.headers().authorization;
      if (sent !== undefined) bearers.push(sent);
    });
    await visit.page.getByText('No API keys yet').waitFor();
    await button(visit.page, 'Generate New API Key').click();
    await visit.page.getByLabel('servers:write', { exact: true }).waitFor();
    expect(await visit.page.getByLabel('billing:read', { exact: true }).count()).toBe(0);
    const headers = { Authorization: bearers[0] as string, Origin: company.settings.url };
    const ask = async (path: string) => (await fetch(`${company.house.api}${path}`, { headers })).status;
    expect(await ask('/portal/v1/tokens')).toBe(200);
    for (const path of ['/v1/api-keys', '/v1/owners', '/v1/auth/test']) expect(await ask(path), path).toBe(401);
    for (const path of ['/portal/v1/owners', '/portal/v1/users', '/portal/v1/audit-events']) {
      expect(await ask(path), path).toBe(404);
    }
    const asToken = { Authorization: `Bearer ${company.house.token}` };
    expect((await fetch(`${company.house.api}/portal/v1/tokens`, { headers: asToken })).status).toBe(401);
    const atDashboard = await fetch(`${company.house.dashboard}/v1/tokens`, { headers });
    expect(atDashboard.status).toBe(401);
    await visit.close();
  });

  it('stops with the next call when the owner is disabled', async () => {
    const { visit } = await open('user-5');
    const { page } = visit;
    await page.getByText('No API keys yet').waitFor();
    await company.house.call('PATCH', '/v1/owners/user-5', { disabled: true });
    await button(page, 'Generate New API Key').click();
    await page.getByText('This page has ended').waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('works as an element in the provider’s own page, under a strict policy, at another origin', async () => {
    await company.introduce('user-6');
    const { settings, house } = company;
    settings.secretsFrom(async () => (await company.mint('user-6')).session);
    const visit = await house.visit('/portal');
    const { page } = visit;
    const complaints: string[] = [];
    await page.goto(settings.url);
    page.on('console', (message) => complaints.push(message.text()));
    await page.getByText('No API keys yet').waitFor();
    const look = await page.evaluate<unknown>(`(() => {
      const generate = document.querySelector('keyhouse-tokens').shadowRoot.querySelector('.primary');
      return [getComputedStyle(generate).backgroundColor, getComputedStyle(generate).textTransform];
    })()`);
    expect(look).toEqual(['rgb(107, 47, 179)', 'uppercase']);
    const value = await create(page, 'from settings');
    expect(await works(value)).toBe(true);
    await visit.expectAccessible();
    await button(page, 'Download .env').click();
    await button(page, 'Done').click();
    await page.getByRole('heading', { name: 'from settings' }).waitFor();
    expect(await page.content()).not.toContain(value);
    expect(await page.context().cookies()).toEqual([]);
    expect(complaints).toEqual([]);
    await visit.close();
  });

  it('asks the provider’s backend for another session when one ends, and never for another user', async () => {
    for (const name of ['user-7', 'user-8', 'user-9']) await company.introduce(name);
    const { settings, house } = company;
    const minter = await house.call<{ id: string; value: string }>('POST', '/v1/api-keys', {
      name: 'backend',
      permissions: [
        'keyhouse-owners:act-as',
        'keyhouse-tokens:read',
        'keyhouse-tokens:write',
        'keyhouse-tokens:revoke',
      ],
    });
    const mintBy = async (token: string, external_id: string) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ owner: { external_id } });
      const answer = await fetch(`${house.api}/v1/portal-sessions`, { method: 'POST', headers, body });
      return ((await answer.json()) as { session: string }).session;
    };
    settings.secretsFrom(() => mintBy(minter.value, 'user-7'));
    const visit = await house.visit('/portal');
    const { page } = visit;
    await page.goto(settings.url);
    await page.getByText('No API keys yet').waitFor();
    await house.call('DELETE', `/v1/api-keys/${minter.id}`);
    settings.secretsFrom(() => mintBy(house.token, 'user-7'));
    await button(page, 'Generate New API Key').click();
    await page.getByLabel('Name').waitFor();

    await house.call('PATCH', '/v1/owners/user-7', { disabled: true });
    settings.secretsFrom(() => mintBy(house.token, 'user-8'));
    await button(page, 'Cancel').click();
    await page.getByText('This page has ended').waitFor();
    await visit.close();
  });

  it('row 100d: is refused by the browser in a page of an origin that is not registered', async () => {
    await company.introduce('user-10');
    const { stranger, house } = company;
    stranger.secretsFrom(async () => (await company.mint('user-10')).session);
    const visit = await house.visit('/portal');
    const { page } = visit;
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(stranger.url);
    await page.getByText('The server does not answer.').waitFor();
    expect(said.join('\n')).toMatch(/blocked by CORS policy/);
    await visit.close();
  });
});
