import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { keptBy, launchBrowser, openReference } from '../http/reference-viewer.ts';
import { suiteNeeding } from '../services/leftover.ts';

suiteNeeding('chromium', 'the API reference of the example installer', () => {
  let example: RunningExample;
  let browser: Browser;
  beforeAll(async () => {
    [example, browser] = await Promise.all([startExample('installer'), launchBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await example?.close();
  });

  it('I8: List Installers is tried out with a token, which stays in the page and nowhere else', async () => {
    const token = example.token as string;
    const viewer = await openReference(browser, `${example.api}/reference`);
    expect(await viewer.page.title()).toBe('Installer.com API reference');
    expect(await viewer.page.textContent('#switch [aria-current]')).toBe('API');
    await viewer.authorise(token);
    const answer = await viewer.execute('Installers', 'listInstallers');
    expect(answer).toMatch(/^\s*Code\s+Details\s+200/);
    const listed = await example.ask('GET', '/api/v1/partners/installers?limit=25', token);
    expect(listed.json.data.length).toBeGreaterThan(0);
    for (const { id } of listed.json.data) expect(answer).toContain(id);
    expect(await keptBy(viewer.page)).not.toContain(token);
    expect(viewer.asked.filter((url) => !url.startsWith(example.api) || url.includes(token))).toEqual([]);
    expect(viewer.complaints).toEqual([]);
    await viewer.page.reload();
    await viewer.page.waitForSelector('.btn.authorize.unlocked');
    await viewer.close();
  });

  it('I8: a wrong token, and none, are refused with the body that the document prints', async () => {
    const printed = { error: 'Unauthorized', message: 'Invalid or expired token', statusCode: 401 };
    const viewer = await openReference(browser, `${example.api}/reference`);
    const refusal = async () => {
      await viewer.execute('Installers', 'listInstallers');
      const answer = viewer.page.locator('.live-responses-table');
      expect(await answer.locator('tbody .response-col_status').first().innerText()).toContain('401');
      expect(await answer.innerText()).toMatch(/www-authenticate: Bearer/i);
      return JSON.parse(await answer.locator('.highlight-code pre').first().innerText());
    };
    expect(await refusal()).toEqual(printed);
    await viewer.authorise('inst_wrong');
    expect(await refusal()).toEqual(printed);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it.each([
    ['on a narrow screen', { viewport: { width: 360, height: 800 } }, 'rgb(255, 255, 255)'],
    ['in the dark', { colorScheme: 'dark' }, 'rgb(28, 32, 34)'],
  ] as const)('I8: it can be used %s', async (_where, options, ground) => {
    const viewer = await openReference(browser, `${example.api}/reference`, options);
    await viewer.authorise(example.token as string);
    expect(await viewer.execute('Installers', 'listInstallers')).toContain('200');
    const { page } = viewer;
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(ground);
    await viewer.close();
  });
});
