import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

suiteNeeding('chromium', 'setting up in the dashboard', () => {
  let house: DashboardHouse;
  beforeAll(async () => {
    house = await openDashboardHouse({ isEmpty: true });
  }, 120_000);
  afterAll(() => house?.close());

  it('leads everybody to the set-up while there is no administrator, and says beside the field what is wrong', async () => {
    const visit = await house.visit('/tokens', { colorScheme: 'dark', viewport: { width: 360, height: 800 } });
    const { page } = visit;
    expect(new URL(page.url()).pathname).toBe('/set-up');
    const submit = page.getByRole('button', { name: 'Become the administrator' });
    await submit.click();
    await page.getByText('This is still empty.').first().waitFor();
    expect(await page.getByText('This is still empty.').count()).toBe(4);
    expect(await page.getByLabel('Set-up code').and(page.locator(':focus')).count()).toBe(1);
    await page.getByLabel('Set-up code').fill('khsu_live_wrong');
    await page.getByLabel('Your e-mail').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Company').fill('Example Ltd');
    await submit.click();
    await page.locator('input[name=password][aria-invalid=true]').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await submit.click();
    await page.locator('input[name=code][aria-invalid=true]').waitFor();
    await page.getByText('The set-up code is incomplete or mistyped.').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await visit.expectAccessible();
    visit.expectQuiet();
    await visit.close();
  });

  it('row 17: shows the first token once, warns before it is left, and knows it no more after Back or a reload', async () => {
    const visit = await house.visit(`/#${house.setUpCode}`);
    const { page } = visit;
    expect(await page.getByLabel('Set-up code').inputValue()).toBe(house.setUpCode);
    expect(page.url()).not.toContain(house.setUpCode);
    await page.getByLabel('Your e-mail').fill(house.admin.email);
    await page.getByLabel('Password', { exact: true }).fill(house.admin.password);
    await page.getByLabel('Company').fill('Example Ltd');
    await page.getByRole('button', { name: 'Become the administrator' }).click();

    const shown = page.getByLabel('Your new management token');
    await shown.waitFor();
    const token = await shown.inputValue();
    expect(token).toMatch(/^kh_live_/);
    expect(await page.evaluate('getSelection().toString()')).toBe(token);
    await visit.expectAccessible();

    await page.getByRole('button', { name: 'Go to the dashboard' }).click();
    await page.getByRole('alertdialog', { name: 'Leave without the management token?' }).waitFor();
    await visit.expectAccessible();
    await page.getByRole('button', { name: 'Go back and copy it' }).click();
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.dismiss();
      });
    });
    void page.reload().catch(() => {});
    expect(await within(asked, 15_000, 'the browser asks before it leaves')).toBe('beforeunload');

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download .env' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toBe('keyhouse-token.env');
    expect(readFileSync(await file.path(), 'utf8')).toBe(`KEYHOUSE_TOKEN=${token}\n`);
    expect((await fetch(`${house.api}/v1/auth/test`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    expect(await page.locator('pre').textContent()).toBe(
      `curl ${house.api}/v1/auth/test \\\n  -H "Authorization: Bearer $KEYHOUSE_TOKEN"`,
    );

    await page.getByRole('button', { name: 'Go to the dashboard' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.goBack();
    await page.goto(`${house.dashboard}/set-up`);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.content()).not.toContain(token);
    expect(
      await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])'),
    ).not.toContain(token);
    visit.expectQuiet();
    await visit.close();
  });
});
