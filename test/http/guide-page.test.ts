import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collections, deployerp, hosting, type Profile } from '../../src/profile/index.ts';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram } from '../services/process.ts';
import { type House, openHouse } from './house.ts';

/** Parts of the page whose text is compared with what is behind it. */
const READ = [
  'h1',
  '.lead',
  'nav a',
  'article p',
  'article a',
  'article code',
  'th',
  'td',
  'figcaption',
  '.copy',
  '.note',
];

suiteNeeding('chromium', 'the guide, in a browser', () => {
  let browser: Browser;
  let house: House | null = null;
  let listeners: Listeners | null = null;
  /** What the browser complained about, and what it asked of other origins. */
  let complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stop();
  });

  const stop = async (): Promise<void> => {
    await listeners?.close();
    await house?.close();
    listeners = null;
    house = null;
  };

  const open = async (profile: Profile, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    await stop();
    house = await openHouse(profile);
    listeners = await startListeners({
      api: { host: '127.0.0.1', port: 0, tls: null, answer: house.handler.answer },
      dashboard: null,
      operator: null,
      trustedProxies: null,
      onDraining: () => {},
    });
    const origin = listeners.api?.url as string;
    complaints = [];
    const page = await browser.newPage(options);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const isOurs = request.url().startsWith(`${origin}/`) || request.url().startsWith('data:');
      if (!isOurs) complaints.push(request.url());
    });
    await page.goto(`${origin}/guide`);
    return page;
  };
  const shownSample = (page: Page): Promise<string[]> => page.locator('.choice .sample:visible code').allInnerTexts();

  it('H1, row 100e: loads under the strict policy, from this origin alone, and shows the company', async () => {
    const logo = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="32"/>').toString('base64');
    const company = { ...hosting.company, logoUrl: `data:image/svg+xml;base64,${logo}` };
    const page = await open({ ...hosting, company });
    expect(await page.title()).toBe('Example Hosting API: authentication');
    expect(await page.evaluate("document.querySelector('.company img').naturalWidth")).toBe(40);
    const links = await page.evaluate("[...document.querySelectorAll('nav a')].map(({ hash }) => hash)");
    for (const hash of links as string[]) expect(await page.locator(hash).count()).toBe(1);
    await page.locator('nav a').nth(6).click();
    expect(page.url()).toContain('#refusals');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows one language at a time, by mouse and by keyboard', async () => {
    const page = await open(deployerp);
    expect(await shownSample(page)).toEqual([expect.stringMatching(/^curl /)]);
    await page.click('.tabs label:text-is("Python")');
    expect(await shownSample(page)).toEqual([expect.stringMatching(/^import os/)]);
    await page.keyboard.press('ArrowRight');
    expect(await shownSample(page)).toEqual([expect.stringMatching(/^<\?php/)]);
    await page.keyboard.press('ArrowRight');
    expect(await shownSample(page)).toEqual([expect.stringMatching(/^curl /)]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('copies a program as it is printed', async () => {
    const page = await open(deployerp, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.click('.tabs label:text-is("Node.js")');
    await page.locator('.choice .sample:visible .copy').click();
    await page.locator('#copied:not(:empty)').waitFor({ state: 'attached' });
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe((await shownSample(page))[0]);
    expect(await page.locator('.choice .sample:visible .copy').innerText()).toBe('Copied');
    await page.close();
  });

  it('selects the program where the browser has no clipboard for it', async () => {
    const page = await open(deployerp);
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))');
    await page.locator('.choice .sample:visible .copy').click();
    await page.locator('#copied:not(:empty)').waitFor({ state: 'attached' });
    expect(await page.evaluate('String(getSelection())')).toContain('curl --fail-with-body');
    await page.close();
  });

  it('works without scripts, languages included', async () => {
    const page = await open(deployerp, { javaScriptEnabled: false });
    expect(await page.locator('.copy').count()).toBe(0);
    await page.click('.tabs label:text-is("PHP")');
    expect(await shownSample(page)).toEqual([expect.stringMatching(/^<\?php/)]);
    await page.close();
  });

  it('prints every language, and no buttons', async () => {
    const page = await open(deployerp);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('.choice .sample:visible').count()).toBe(4);
    expect(await page.locator('.copy:visible, nav:visible, .tabs:visible').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  it.each([deployerp, hosting, collections])('fits a narrow screen: $name', async (profile) => {
    const page = await open(profile, { viewport: { width: 360, height: 780 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'can be read in the %s look, an unreadable accent included',
    async (colorScheme) => {
      for (const accentColour of ['#ffee00', '#00004d']) {
        const page = await open({ ...hosting, company: { ...hosting.company, accentColour } }, { colorScheme });
        const unreadable = await page.evaluate(
          `(${CONTRASTS_BELOW})(${JSON.stringify({ selectors: READ, least: 4.5 })})`,
        );
        expect(unreadable).toEqual([]);
        await page.close();
      }
    },
  );

  it('speaks a language that is written from right to left without turning its own sentences around', async () => {
    const words = { ...deployerp.words, token: 'مفتاح', tokens: 'مفاتيح', createButton: 'إنشاء مفتاح' };
    const page = await open({ ...deployerp, words });
    expect(await page.evaluate("getComputedStyle(document.querySelector('h1')).direction")).toBe('ltr');
    const isolated = await page.evaluate("getComputedStyle(document.querySelector('bdi')).unicodeBidi");
    expect(isolated).toMatch(/isolate/);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** What the page itself finds: text whose contrast with what lies behind it (WCAG 2.2) is less than asked for. */
const CONTRASTS_BELOW = `({ selectors, least }) => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  for (const element of document.querySelectorAll(selectors.join(','))) {
    const style = getComputedStyle(element);
    if (style.opacity === '0') continue;
    const [lighter, darker] = [luminance(style.color), luminance(behind(element))].sort((a, b) => b - a);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    if (contrast < least) found.push(element.outerHTML.slice(0, 120) + ' ' + contrast.toFixed(2));
  }
  return found;
}`;
