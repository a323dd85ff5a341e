import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

const FORMULA = '=HYPERLINK("https://example.com")';
const AWKWARD = 'two "lines"; and, more 💡';

suiteNeeding('chromium', 'oversight in the dashboard', () => {
  let house: DashboardHouse;
  let deploys: { readonly id: string; readonly value: string };
  let refusedId: string;
  beforeAll(async () => {
    house = await openDashboardHouse();
    const memberships = [{ workspace: { external_id: 'org-7', name: 'Harbour' }, permissions: ['servers:*'] }];
    await house.call('PUT', '/v1/owners/user-42', { name: 'Grace Hopper', email: 'grace@example.com', memberships });
    const make = (name: string, more = {}) =>
      house.call<{ id: string; value: string }>('POST', '/v1/tokens', {
        name,
        permissions: ['servers:read'],
        owner: { external_id: 'user-42' },
        ...more,
      });
    deploys = await make('nightly deploys', { expires_in: '7d' });
    await make(FORMULA);
    await make(AWKWARD);
    const ask = (path: string, value: string) =>
      fetch(`${house.api}${path}`, { headers: { Authorization: `Bearer ${value}` } });
    for (let use = 0; use < 3; use++) await ask('/v1/auth/test', deploys.value);
    const refused = await ask('/v1/roles', deploys.value);
    refusedId = refused.headers.get('x-request-id') ?? '';
    await ask('/v1/auth/test', 'kh_live_incomplete');
  }, 60_000);
  afterAll(() => house?.close());

  it('shows what happened lately, and leads from each number to the list behind it', async () => {
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('img', { name: /1 refused requests by hour/ }).waitFor();
    const used = page.getByRole('region', { name: 'Most used' });
    expect(await used.getByRole('listitem').filter({ hasText: 'nightly deploys' }).innerText()).toMatch(/3$/);
    const without = page.getByRole('region', { name: 'Refused without a token' });
    expect(await without.innerText()).toMatch(/Not a valid token\s+1/);
    await page.getByText('As a table').click();
    const newest = page.getByRole('table', { name: 'Requests by hour' }).getByRole('row').nth(1);
    expect(await newest.innerText()).toMatch(/\d+\s+1$/);
    await visit.expectAccessible();
    await page
      .getByRole('region', { name: 'Worth a look' })
      .getByRole('link', { name: /Expiring within 30 days/ })
      .click();
    await page.getByRole('heading', { name: 'API Tokens', level: 1 }).waitFor();
    await expect
      .poll(() =>
        page
          .getByRole('row')
          .filter({ has: page.getByRole('cell') })
          .count(),
      )
      .toBe(1);
    await page.goBack();
    await page
      .getByRole('region', { name: 'Refused with a token' })
      .getByRole('link', { name: 'Permission missing' })
      .click();
    await page.getByRole('heading', { name: 'Refused requests', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toContain('reason=insufficient_permissions');
    visit.expectQuiet();
    await visit.close();
  });

  it('opens a refused request to its checks, and finds refusals by reason and address', async () => {
    const visit = await house.visitSignedIn('/denials');
    const { page } = visit;
    const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel('Reason').selectOption({ label: 'Permission missing' });
    await expect.poll(() => rows.count()).toBe(1);
    await rows.getByRole('button', { name: 'Explain' }).click();
    const dialog = page.getByRole('dialog', { name: 'Why it was refused' });
    await dialog.getByText('Needed: all of keyhouse-roles:read').waitFor();
    expect(await dialog.getByRole('listitem').filter({ hasText: 'refused here' }).innerText()).toContain(
      'The permission',
    );
    await visit.expectAccessible();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'From address' }).fill('203.0.113.9');
    await page.getByRole('heading', { name: 'Nothing like that was refused' }).waitFor();
    await page.getByRole('button', { name: 'Show all refused requests' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    visit.expectQuiet();
    await visit.close();
  });

  it('tells the audit log in sentences, with details behind each, and searches it', async () => {
    const visit = await house.visitSignedIn('/audit');
    const { page } = visit;
    const events = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem');
    const made = events.filter({ hasText: 'made the token “nightly deploys”' });
    await made.waitFor();
    await made.getByRole('button', { name: 'Details' }).click();
    await made.getByText('token.created').waitFor();
    await visit.expectAccessible();
    await made.getByRole('button', { name: 'Only these' }).last().click();
    await expect.poll(() => events.count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Id to search for' }).fill('req_thatChangedNothing000');
    await page.getByRole('heading', { name: 'No event like that' }).waitFor();
    await page.getByRole('searchbox', { name: 'Id to search for' }).fill('');
    await page.getByLabel('What').selectOption({ label: 'Signed in' });
    await expect
      .poll(async () => (await events.allInnerTexts()).every((text) => text.startsWith('You signed in.')))
      .toBe(true);
    visit.expectQuiet();
    await visit.close();
  });

  it('rows 20, 21b and 80: exports every event once, page by page, with nothing in it that a spreadsheet runs', async () => {
    const visit = await house.visitSignedIn('/audit');
    const { page } = visit;
    const asked: { readonly from?: string; readonly to?: string }[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/v1/audit-exports')) asked.push(request.postDataJSON());
    });
    const exported = async (format: string) => {
      await page.getByRole('button', { name: 'Export' }).click();
      const dialog = page.getByRole('dialog', { name: 'Export the audit log' });
      await dialog.getByLabel('Format').selectOption(format);
      const saved = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Export' }).click();
      const file = await saved;
      await dialog.waitFor({ state: 'detached' });
      expect(file.suggestedFilename()).toMatch(new RegExp(`^audit-log-.*\\.${format}$`));
      return readFileSync(await file.path(), 'utf8');
    };
    const events = (await exported('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const names = events.map(({ personal }) => personal.name).filter((name) => name !== undefined);
    expect(names).toContain(FORMULA);
    expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length);
    const rows = parseCsv(await exported('csv'));
    // That it was exported the first time stands in the log the second time.
    expect(rows.length - 1).toBe(events.length + 1);
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
    const cells = rows.flat();
    expect(cells).toContain(`'${FORMULA}`);
    expect(cells).toContain(AWKWARD);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(asked.every(({ from, to }) => from !== undefined && to !== undefined)).toBe(true);
    expect(asked.length).toBe(2);
    visit.expectQuiet();
    await visit.close();
  });

  it('says how far the log is signed, and of what was erased that it was', async () => {
    await house.call('POST', '/v1/audit-erasures', { person: { external_id: 'user-42' } });
    const visit = await house.visitSignedIn('/audit');
    const { page } = visit;
    await page.getByText(/^(?:Not signed yet|Signed up to event)/).waitFor();
    await page.getByLabel('What').selectOption({ label: 'Token created' });
    const events = page.getByRole('list', { name: 'Events, newest first' }).getByRole('listitem');
    await expect.poll(async () => (await events.allInnerTexts()).join()).not.toContain('nightly');
    await events.first().getByRole('button', { name: 'Details' }).click();
    await events.first().getByText('Erased').waitFor();
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('finds anything by one key: a request id, a name, a person', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { page } = visit;
    await page.locator('table[aria-busy=false]').waitFor();
    const find = async (text: string) => {
      await page.keyboard.press('/');
      const dialog = page.getByRole('dialog', { name: 'Find' });
      await dialog.getByRole('searchbox', { name: 'What to find' }).fill(text);
      await page.keyboard.press('Enter');
      return dialog;
    };
    const request = await find(refusedId);
    await request.getByText('Needed: all of keyhouse-roles:read').waitFor();
    await page.keyboard.press('Escape');
    await request.waitFor({ state: 'detached' });
    const person = await find('grace@example.com');
    await person.getByRole('link', { name: 'Grace Hopper' }).waitFor();
    await visit.expectAccessible();
    await page.keyboard.press('Escape');
    await person.waitFor({ state: 'detached' });
    const name = await find('nightly');
    await name.getByRole('link', { name: 'nightly deploys' }).click();
    await page.getByRole('heading', { name: 'nightly deploys', level: 1 }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('tries a token and shows every check, and spends nothing; nothing of the value stays', async () => {
    const visit = await house.visitSignedIn('/tester');
    const { page } = visit;
    const before = await house.call<{ allowed: number }>('GET', `/v1/tokens/${deploys.id}/usage`);
    await page.getByLabel('Token', { exact: true }).fill(deploys.value);
    await page.getByLabel('Permissions').fill('servers:read');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'It would be accepted' }).waitFor();
    await page.getByLabel('Permissions').fill('servers:read, servers:write');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('heading', { name: 'It would be refused' }).waitFor();
    await page.getByText('Missing: servers:write').waitFor();
    await visit.expectAccessible();
    expect(await house.call('GET', `/v1/tokens/${deploys.id}/usage`)).toMatchObject({ allowed: before.allowed });
    await page.reload();
    await page.getByRole('heading', { name: 'Tester', level: 1 }).waitFor();
    expect(await page.getByLabel('Token', { exact: true }).inputValue()).toBe('');
    visit.expectQuiet();
    await visit.close();
  });

  it('shows of a trial who would break, and makes its change', async () => {
    const pager = await house.call<{ id: string; value: string }>('POST', '/v1/tokens', {
      name: 'pager',
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
    });
    const call = () => fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${pager.value}` } });
    const visit = await house.visitSignedIn('/trials');
    const { page } = visit;
    await page.getByRole('heading', { name: 'Nothing is on trial' }).waitFor();
    const change = { ip_allowlist: ['203.0.113.0/24'] };
    await house.call('POST', '/v1/trials', { subject: { kind: 'token', id: pager.id }, change, name: 'office only' });
    expect((await call()).status).toBe(200);
    await page.reload();
    const card = page.getByRole('listitem').filter({ hasText: 'office only' });
    await card.getByText('One request: 1 would be refused, and one token would break.').waitFor();
    await card.getByRole('button', { name: 'Show who would break' }).click();
    const dialog = page.getByRole('dialog', { name: 'office only' });
    await dialog.getByText('Calls from 127.0.0.1').waitFor();
    await visit.expectAccessible();
    await dialog.getByRole('button', { name: 'Make the change' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make the change' }).click();
    await page.getByText('The change is made.').waitFor();
    expect((await call()).status).toBe(403);
    await card.getByText('Enforced', { exact: true }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('recognises a pasted value, drops it at once, and revokes what it belongs to', async () => {
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    const urls: string[] = [];
    page.on('request', (request) => void urls.push(request.url()));
    await page.getByRole('button', { name: 'Find' }).click();
    const field = page.getByRole('searchbox', { name: 'What to find' });
    await field.fill(`Authorization: Bearer ${deploys.value}`);
    await page.keyboard.press('Enter');
    await page.getByText('This token has been shared: rotate or revoke it.').waitFor();
    expect(await field.inputValue()).toBe('');
    expect(await page.content()).not.toContain(deploys.value);
    expect(
      await page.evaluate('JSON.stringify([location.href, history.state, { ...localStorage }, { ...sessionStorage }])'),
    ).not.toContain(deploys.value);
    expect(urls.join('\n')).not.toContain(deploys.value.slice(-20));
    await visit.expectAccessible();
    const dialog = page.getByRole('dialog', { name: 'Find' });
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('has ended: its value is of no use to anybody').waitFor();
    const refused = await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${deploys.value}` } });
    expect(refused.status).toBe(401);
    visit.expectQuiet();
    await visit.close();
  });

  it('teaches the first steps where nobody has called yet', async () => {
    const fresh = await openDashboardHouse();
    const visit = await fresh.visitSignedIn('/');
    const { page } = visit;
    await page.getByRole('heading', { name: 'Three steps to the first request' }).waitFor();
    await page.getByRole('link', { name: 'Create token' }).waitFor();
    await visit.expectAccessible();
    await fetch(`${fresh.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${fresh.token}` } });
    // The page asks again by itself; a reload only asks sooner.
    await page.reload();
    await page.getByRole('img', { name: /1 accepted/ }).waitFor();
    visit.expectQuiet();
    await visit.close();
    await fresh.close();
  });

  it('shows what was unusual, on the overview too, until somebody says that all is well', async () => {
    await fetch(`${house.api}/v1/auth/test?access_token=${deploys.value}`);
    await fetch(`${house.api}/v1/tokens/${deploys.id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${house.token}` },
    });
    await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${deploys.value}` } });
    const visit = await house.visitSignedIn('/');
    const { page } = visit;
    const card = page.getByRole('region', { name: 'Needs attention' });
    await card.getByRole('link', { name: /A token was sent in an address/ }).waitFor({ timeout: 30_000 });
    await card.getByRole('link', { name: /Used after its end/ }).click();
    const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();
    await rows.getByRole('link', { name: 'nightly deploys' }).waitFor();
    await visit.expectAccessible();
    await rows.getByRole('button', { name: 'Acknowledge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Acknowledge this alert' });
    await dialog.getByLabel('What you found out').fill('the old build server');
    await visit.expectAccessible();
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByRole('heading', { name: 'No alert like that' }).waitFor();
    await page.getByRole('button', { name: 'Show all alerts' }).click();
    await expect.poll(() => rows.count()).toBe(2);
    await rows.filter({ hasText: 'the old build server' }).waitFor();
    await rows.getByRole('button', { name: 'More for nightly deploys' }).click();
    await page.getByRole('menuitem', { name: 'Open the token' }).click();
    await page.getByRole('heading', { name: 'nightly deploys', level: 1 }).waitFor();
    visit.expectQuiet();
    await visit.close();
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted = '', end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    row.push(quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
