import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyhouse } from '../../src/profile/index.ts';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
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
      dashboard: null,
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
});
