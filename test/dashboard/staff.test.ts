import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'the dashboard for a provider’s own staff', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse();
    const workspace = { external_id: 'org-7', name: 'Northwind' };
    await house.call('PUT', '/v1/owners/user-1', { name: 'Grace', workspace, permissions: ['servers:read'] });
    const owner = { external_id: 'user-1' };
    await house.call('POST', '/v1/tokens', { name: 'nightly', owner, permissions: ['servers:read'] });
  });
  afterAll(() => house.close());

  const mint = (external_id: string, role = 'support') =>
    house.call<{ id: string; link: string }>('POST', '/v1/portal-sessions', {
      staff: { external_id, name: 'Sam Support', email: 'sam@example.com', role },
    });

  it('opens once for a person with a role, who has no account, shows what the role sees, and is left for good', async () => {
    const { link } = await mint('support-3');
    const visit = await house.visit(link);
    const { page } = visit;
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).not.toContain('#');
    await page.getByRole('link', { name: 'API Tokens', exact: true }).first().click();
    await page.getByRole('link', { name: 'nightly' }).waitFor();
    expect(await page.getByRole('link', { name: 'Create token' }).count()).toBe(0);
    await visit.expectAccessible();
    await page.reload();
    await page.getByRole('link', { name: 'nightly' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Rotate', exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'Account menu' }).click();
    expect(await page.getByRole('menuitem', { name: 'Your account' }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Leave' }).click();
    await page.getByRole('heading', { name: 'Open this page again' }).waitFor();
    await visit.expectAccessible();
    const again = await house.visit(link);
    await again.page.getByText('This link was used already').waitFor();
    again.expectQuiet();
    visit.expectQuiet();
    await again.close();
    await visit.close();
  });

  it('is sent as the guide prints it, by a token with the printed permissions', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/portal.md'), 'utf8');
    const [, listed = ''] = /--name staff-portal .* --permissions (\S+)/.exec(guide) ?? [];
    const [, body = ''] = /```json\n(\{ "staff".*\})\n```/.exec(guide) ?? [];
    const token = await house.call<{ value: string }>('POST', '/v1/tokens', {
      name: 'staff-portal',
      permissions: listed.split(','),
    });
    const headers = { Authorization: `Bearer ${token.value}`, 'Content-Type': 'application/json' };
    const answer = await fetch(`${house.api}/v1/portal-sessions`, { method: 'POST', headers, body });
    expect(answer.status).toBe(201);
    const { link } = (await answer.json()) as { link: string };
    const visit = await house.visit(link);
    await visit.page.getByText('Grace Hopper').waitFor();
    await visit.close();
  });

  it('row 100d: asks before it takes the place of a session that this browser has', async () => {
    const visit = await house.visitSignedIn('/tokens');
    const { link } = await mint('support-4');
    await visit.page.goto(`${house.dashboard}${link}`);
    await visit.page.getByText('This browser is signed in as').waitFor();
    await visit.expectAccessible();
    await visit.page.getByRole('button', { name: 'Go on with the link' }).click();
    await visit.page.getByText('Sam Support').waitFor();
    visit.expectQuiet();
    await visit.close();
  });

  it('ends at once when the provider ends it', async () => {
    const { id, link } = await mint('support-5');
    const visit = await house.visit(link);
    await visit.page.getByRole('heading', { name: 'Overview' }).waitFor();
    await house.call('DELETE', `/v1/portal-sessions/${id}`);
    await visit.page.getByRole('link', { name: 'API Tokens', exact: true }).first().click();
    await visit.page.getByRole('heading', { name: 'Open this page again' }).waitFor();
    await visit.close();
  });
});
