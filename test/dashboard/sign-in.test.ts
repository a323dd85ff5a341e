import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'signing in to the dashboard', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse();
  }, 120_000);
  afterAll(() => house?.close());

  it('leads who is not signed in to the sign-in page and back to where they wanted to go', async () => {
    const visit = await house.visit('/tokens?state=all');
    const { page } = visit;
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByLabel('E-mail').fill(house.admin.email);
    await page.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'API Tokens', level: 1 }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=all');
    visit.expectQuiet();
    await visit.close();
  });
});
