/** What a person does on the reference page: open it, authorise, try a call. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from '../services/process.ts';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
}

export interface Viewer {
  readonly page: Page;
  /** What the browser complained about; refusals of calls are no complaint. */
  readonly complaints: string[];
  /** Dialogs that opened, as a script would. */
  readonly dialogs: string[];
  /** Every address that was asked for. */
  readonly asked: string[];
  authorise(token: string): Promise<void>;
  logOut(): Promise<void>;
  /** Tries an operation out as it stands, and gives back the text of what came of it. */
  execute(tag: string, operationId: string): Promise<string>;
  close(): Promise<void>;
}

export async function openReference(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Viewer> {
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  const dialogs: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  await page.waitForSelector('.opblock');
  const shown = (selector: string) => page.locator(`#reference > div:not([hidden]) ${selector}`);
  return {
    page,
    complaints,
    dialogs,
    asked,
    async authorise(token) {
      await shown('.btn.authorize').first().click();
      await page.fill('#auth-bearer-value', token);
      await page.click('.auth-btn-wrapper .authorize');
      await page.click('.auth-btn-wrapper .btn-done');
    },
    async logOut() {
      await shown('.btn.authorize').first().click();
      await page.click('.auth-btn-wrapper .button:text("Logout")');
      await page.click('.auth-btn-wrapper .btn-done');
    },
    async execute(tag, operationId) {
      const operation = shown(`#operations-${tag}-${operationId}`);
      await operation.waitFor();
      if ((await operation.locator('.opblock-body').count()) === 0) {
        await operation.locator('.opblock-summary-control').click();
        await operation.locator('.try-out__btn').click();
      } else if ((await operation.locator('.btn-clear').count()) > 0) {
        await operation.locator('.btn-clear').click();
      }
      await operation.locator('.execute').click();
      const answer = operation.locator('.live-responses-table');
      await answer.locator('tbody .response-col_status').waitFor();
      return answer.innerText();
    },
    close: () => page.close(),
  };
}

/** Where a page could have left a token. */
export async function keptBy(page: Page): Promise<string> {
  const stored = await page.evaluate(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state])',
  );
  return `${page.url()} ${stored} ${await page.content()}`;
}
