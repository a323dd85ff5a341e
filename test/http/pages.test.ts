import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDashboard } from '../../src/http/index.ts';
import { issueSetupCode } from '../../src/people/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
import { within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram } from '../services/process.ts';
import { type House, openHouse } from './house.ts';

suiteNeeding('chromium', 'the pages, in a browser', () => {
  let house: House;
  let listeners: Listeners;
  let browser: Browser;
  /** What the browser complained about, and what it asked of other origins. */
  let complaints: string[] = [];

  beforeAll(async () => {
    house = await openHouse(keyhouse, undefined, false);
    const here = { host: '127.0.0.1', port: 0, tls: null };
    listeners = await startListeners({
      api: { ...here, answer: house.handler.answer },
      dashboard: { ...here, answer: dashboardOf(house, () => listeners.api?.url ?? '') },
      operator: null,
      trustedProxies: null,
      onDraining: () => {},
    });
    browser = await chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await listeners?.close();
    await house?.close();
  });

  const open = async (url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    complaints = [];
    const page = await browser.newPage(options);
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(request.url());
    });
    await page.goto(url);
    return page;
  };

  it('row 100e: the reference shows and tries every operation under the strict policy, without another origin', async () => {
    const api = listeners.api?.url as string;
    const page = await open(`${api}/reference`);
    await page.waitForSelector('#operations-tokens-createToken');
    expect(await page.locator('.opblock').count()).toBeGreaterThan(30);
    await page.click('#operations-operations-healthz .opblock-summary-control');
    await page.click('#operations-operations-healthz .try-out__btn');
    await page.click('#operations-operations-healthz .execute');
    await page.waitForSelector('#operations-operations-healthz .live-responses-table .response-col_status');
    expect(await page.textContent('#operations-operations-healthz .live-responses-table')).toContain('"ok"');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('the set-up form says what is missing and what is wrong, beside the field', async () => {
    const page = await open(listeners.dashboard?.url as string, {
      colorScheme: 'dark',
      viewport: { width: 360, height: 800 },
    });
    await page.click('#submit');
    expect(await page.locator('[aria-invalid=true]').count()).toBe(4);
    await page.fill('#code', 'khsu_live_wrong');
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'short');
    await page.fill('#workspace', 'Example Ltd');
    await page.click('#submit');
    await page.waitForSelector('#password[aria-invalid=true]');
    await page.fill('#password', 'four words of my own');
    await page.click('#submit');
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toMatch(/code/);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('row 17: the first token is shown once, works, and is gone after going on, back or reloading', async () => {
    const dashboard = listeners.dashboard?.url as string;
    const code = await issueSetupCode(house.engine);
    const page = await open(`${dashboard}/#${code}`);
    expect(await page.inputValue('#code')).toBe(code);
    expect(page.url()).not.toContain(code);
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'four words of my own');
    await page.fill('#workspace', 'Example Ltd');
    await page.click('#submit');
    await page.waitForSelector('#giving:not([hidden])');
    const token = (await page.textContent('#token')) as string;
    expect(token).toMatch(/^kh_live_/);
    expect(await page.textContent('#command')).toBe(
      `curl ${listeners.api?.url}/v1/auth/test \\\n  -H "Authorization: Bearer ${token}"`,
    );
    expect((await house.ask({ target: '/v1/auth/test', token })).status).toBe(200);
    await page.click('#copy-token');
    await page.waitForSelector('#copied:not(:empty)', { state: 'attached' });
    await page.click('#kept');
    await page.waitForSelector('.places');
    await page.goBack();
    await page.waitForLoadState('load');
    expect(await page.content()).not.toContain(token);
    await page.goto(dashboard);
    expect(await page.textContent('h1')).toContain('Keyhouse is running');
    expect(await page.content()).not.toContain(token);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('row 17: whoever is about to leave before keeping the token is asked first', async () => {
    const fresh = await openHouse(keyhouse, undefined, false);
    const dashboard = await startListeners({
      api: null,
      dashboard: {
        host: '127.0.0.1',
        port: 0,
        tls: null,
        answer: dashboardOf(fresh, () => 'http://127.0.0.1:8000'),
      },
      operator: null,
      trustedProxies: null,
      onDraining: () => {},
    });
    const page = await open(dashboard.dashboard?.url as string);
    await page.fill('#code', await issueSetupCode(fresh.engine));
    await page.fill('#email', 'ada@example.com');
    await page.fill('#password', 'four words of my own');
    await page.fill('#workspace', 'Example Ltd');
    await page.click('#submit');
    await page.waitForSelector('#giving:not([hidden])');
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.type());
        void dialog.accept();
      });
    });
    await page.goto('about:blank');
    expect(await within(asked, 15_000, 'the browser asks before it leaves')).toBe('beforeunload');
    await page.close();
    await dashboard.close();
    await fresh.close();
  });
});

function dashboardOf(house: House, apiUrl: () => string) {
  return createDashboard({ ...house.parts, apiUrl, isSetUp: house.isSetUp });
}
