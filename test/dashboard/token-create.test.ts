import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type Credentials, type DashboardHouse, openDashboardHouse, type Visit } from './house.ts';
import { addMember } from './member.ts';

suiteNeeding('chromium', 'making a token in the dashboard', () => {
  let house: DashboardHouse;
  let grace: Credentials;
  beforeAll(async () => {
    house = await openDashboardHouse({ profile: 'deployerp' });
    grace = await addMember(house, 'grace@example.com', { permissions: ['servers:*', 'backups:read'] });
  }, 120_000);
  afterAll(() => house?.close());

  const value = ({ page }: Visit) => page.getByLabel('Your new API key');
  const save = ({ page }: Visit) => page.getByRole('button', { name: 'Save Key' }).click();
  const box = ({ page }: Visit, name: string) => page.getByRole('checkbox', { name, exact: true });
  const findNamed = async (name: string) => {
    const { data } = await house.call<{ data: { id: string; name: string; state: string }[] }>(
      'GET',
      `/v1/api-keys?search=${encodeURIComponent(name)}`,
    );
    return data;
  };

  it('offers what one may give, with what it means, and says what one may not', async () => {
    const visit = await house.visitSignedIn('/tokens/new', { as: grace });
    const { page } = visit;
    await box(visit, 'servers:*').waitFor();
    expect(await page.getByRole('checkbox', { name: /:/ }).count()).toBe(5);
    expect(await page.getByRole('main').innerText()).toContain('DELETE /servers');
    await page.getByText('7 more that you cannot give').click();
    await page.getByText('Ask an administrator for them').waitFor();
    expect(await page.getByText('Somebody else’s').count()).toBe(0);
    expect(await page.getByText('Managing API keys and people').count()).toBe(0);
    await page.getByRole('button', { name: 'Read-Only Key' }).click();
    expect(await box(visit, 'servers:read').isChecked()).toBe(true);
    expect(await page.getByLabel('Name').inputValue()).toBe('monitoring-key');
    await page.getByText('Without instances:read.').waitFor();
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('finds permissions by what they do, and is worked by key alone', async () => {
    const visit = await house.visitSignedIn('/tokens/new');
    const { page } = visit;
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.outerHTML.slice(0, 80)');
    await page.getByLabel('Name').waitFor();
    expect(await page.getByLabel('Name').getAttribute('id')).toBe(await focused());
    await page.keyboard.type('by key');
    await page.getByLabel('Search permissions').focus();
    await page.keyboard.type('delete instances');
    await expect.poll(() => page.getByRole('checkbox', { name: /:\w/ }).count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await box(visit, 'instances:delete').isChecked()).toBe(true);
    await page.getByLabel('Name').focus();
    await page.keyboard.press('Enter');
    await value(visit).waitFor();
    await page.keyboard.press('Control+C');
    await page.getByRole('button', { name: 'Done' }).press('Enter');
    await page.getByRole('heading', { level: 1 }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('says beside each field what is wrong with it, and keeps what was typed', async () => {
    const visit = await house.visitSignedIn('/tokens/new');
    const { page } = visit;
    await page.getByLabel('Name').waitFor();
    await save(visit);
    await page.getByText('Say what will use it').waitFor();
    await page.getByText('Choose at least one.').waitFor();
    await page.getByLabel('Name').fill('wrong in places\u202e');
    await box(visit, 'servers:read').check();
    await page.getByRole('button', { name: 'Add my current address (127.0.0.1)' }).click();
    await page.getByRole('button', { name: 'Add an address' }).click();
    await page.getByRole('textbox', { name: 'Address 2' }).fill('203.0.113.7/24');
    await page.getByLabel('Expiration').selectOption({ label: 'On a date…' });
    await page.getByLabel('Expiration date').fill('2001-01-01');
    await save(visit);
    await page.getByText('zero-width and direction characters are not allowed').waitFor();
    await visit.expectAccessible();
    await page.getByLabel('Name').fill('right everywhere');
    await save(visit);
    await page.getByText('The expiry must be at least a minute from now.').waitFor();
    await page.getByRole('combobox', { name: 'Expiration' }).selectOption({ label: 'In 30 days' });
    await save(visit);
    await expect.poll(() => page.getByRole('textbox', { name: 'Address 2' }).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('textbox', { name: 'Address 1' }).getAttribute('aria-invalid')).toBe(null);
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Address 2');
    await page.getByRole('textbox', { name: 'Address 2' }).fill('203.0.113.0/24');
    await save(visit);
    await value(visit).waitFor();
    const [made] = await findNamed('right everywhere');
    expect(await house.call('GET', `/v1/api-keys/${made?.id}`)).toMatchObject({
      ip_whitelist: ['127.0.0.1', '203.0.113.0/24'],
      grant: { permissions: ['servers:read'] },
    });
    visit.expectQuiet();
    await visit.close();
  });

  it('row 17: shows the value once: not after back, forward or a reload, not in a second tab, in no address or storage', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page.getByRole('link', { name: 'Generate New API Key' }).first().click();
    await page.getByLabel('Name').fill('shown once');
    await box(visit, 'servers:read').check();
    await save(visit);
    const secret = await value(visit).inputValue();
    expect(secret).toMatch(/^dep_live_\w{32}$/);
    const kept =
      'JSON.stringify([location.href, document.title, history.state, {...localStorage}, {...sessionStorage}])';
    expect(await page.evaluate(kept)).not.toContain(secret);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download .env' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('deployerp-api-key.env');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(`DEPLOYERP_API_KEY=${secret}\n`);
    expect(await page.locator('pre').innerText()).toBe(
      'curl --fail-with-body https://api.deployerp.com/v1/servers \\\n  -H "Authorization: Bearer $DEPLOYERP_API_KEY"',
    );

    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByLabel('Name').waitFor();
    expect(await second.content()).not.toContain(secret);
    await second.close();
    for (const move of [() => page.goBack(), () => page.goForward(), () => page.reload()]) {
      await move();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.content()).not.toContain(secret);
      expect(await page.getByLabel('Your new API key').count()).toBe(0);
    }
    visit.expectQuiet();
    await visit.close();
  });

  it('warns before the value is left behind', async () => {
    const visit = await house.visitSignedIn('/tokens/new?name=left%20behind&permissions=servers:read');
    const { page } = visit;
    await save(visit);
    await value(visit).waitFor();
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'API Keys' }).click();
    await page.getByRole('alertdialog', { name: 'Leave without the API key?' }).waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Go back and copy it' }).click();
    expect(await value(visit).inputValue()).toMatch(/^dep_live_/);
    await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'API Keys' }).click();
    await page.getByRole('button', { name: 'Leave without it' }).click();
    await page.getByRole('heading', { name: 'API Keys', level: 1 }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('loses nothing when the server stops in the middle of a click, and makes one when it is back', async () => {
    const visit = await house.visitSignedIn('/tokens/new?name=in%20a%20storm&permissions=servers:read');
    const { page } = visit;
    await page.route('**/v1/**', (route) => route.abort());
    await page.route('**/healthz', (route) => route.abort());
    await save(visit);
    await page.getByText('What you typed is still here').first().waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('in a storm');
    await page.unrouteAll();
    await save(visit);
    await value(visit).waitFor();
    expect(await findNamed('in a storm')).toHaveLength(1);
    await visit.close();
  });

  it('row 67: offers, when the answer with the value was lost, to revoke what was made and to create it again', async () => {
    const visit = await house.visitSignedIn('/tokens/new?name=lost%20answer&permissions=servers:read');
    const { page } = visit;
    let isLost = false;
    await page.route('**/v1/tokens', async (route) => {
      if (isLost || route.request().method() !== 'POST') return route.continue();
      isLost = true;
      await route.fetch();
      return route.abort();
    });
    await save(visit);
    await page.getByText('What you typed is still here').first().waitFor();
    // Changed meanwhile: what was made is found all the same.
    await page.getByLabel('Name').fill('lost answer, second try');
    await save(visit);
    await page.getByRole('heading', { name: 'The value of your new API key was lost' }).waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Revoke it and create again' }).click();
    expect(await value(visit).inputValue()).toMatch(/^dep_live_/);
    const found = await findNamed('lost answer');
    expect(found.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['lost answer, second try', 'active'],
      ['lost answer', 'revoked'],
    ]);
    await visit.close();
  });

  it('opens from the link of a refusal, filled in with what was missing and like the one that was refused', async () => {
    const own = await house.call<{ id: string; value: string }>('POST', '/v1/api-keys', {
      name: 'too little',
      permissions: ['keyhouse-tokens:read'],
      description: 'reads lists',
    });
    const answer = await fetch(`${house.api}/v1/audit-events`, { headers: { Authorization: `Bearer ${own.value}` } });
    expect(answer.status).toBe(403);
    const link = /^<(.*)>; rel="help"$/.exec(answer.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link).toBe(`${house.dashboard}/tokens/new?permissions=keyhouse-audit:read&environment=live&like=${own.id}`);
    const visit = await house.visitSignedIn(link.slice(house.dashboard.length));
    const { page } = visit;
    await box(visit, 'keyhouse-audit:read').waitFor();
    for (const permission of ['keyhouse-tokens:read', 'keyhouse-audit:read']) {
      expect(await box(visit, permission).isChecked()).toBe(true);
    }
    expect(await page.getByLabel('Purpose').inputValue()).toBe('reads lists');
    await visit.close();
    const other = await house.visitSignedIn('/tokens/new?permissions=teams:write,nothing:here', { as: grace });
    await other.page.getByText('is something that you may not do').waitFor();
    await other.page.getByText('There is no permission nothing:here here.').waitFor();
    await other.expectAccessible();
    await save(other);
    await other.page.getByText('Take out what cannot be given: teams:write, nothing:here.').waitFor();
    await other.close();
  });

  it('makes one for somebody else, within what they may do', async () => {
    const { data } = await house.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    await house.call('POST', '/v1/service-accounts', {
      name: 'Build farm',
      workspace: { id: data[0]?.id },
      permissions: ['instances:read', 'instances:write'],
    });
    const visit = await house.visitSignedIn('/tokens/new');
    const { page } = visit;
    await page.getByLabel('Name').fill('nightly builds');
    await page.getByRole('radio', { name: 'Somebody else’s' }).check();
    await box(visit, 'servers:read').check();
    await save(visit);
    await page.getByText('Choose whose it is.').waitFor();
    await box(visit, 'servers:read').uncheck();
    await page.getByRole('combobox', { name: 'Owner' }).fill('build');
    await page.getByRole('option', { name: /Build farm/ }).click();
    await expect.poll(() => page.getByRole('checkbox', { name: /^\w+:\w/ }).count()).toBe(2);
    await box(visit, 'instances:write').check();
    await visit.expectAccessible();
    await save(visit);
    await value(visit).waitFor();
    expect(await page.getByRole('main').innerText()).toContain('Build farm');
    visit.expectQuiet();
    await visit.close();
  });
});
