import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyhouse } from '../../src/profile/index.ts';
import { loadConfig } from '../../src/server/config.ts';
import { serve } from '../../src/server/serve.ts';
import { runProgram } from '../../tools/run-program.ts';
import { within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../services/postgres.ts';
import { findProgram } from '../services/process.ts';
import { type Account, type OwnUsersApp, startOwnUsersApp } from './own-users.ts';

const ROOT = join(import.meta.dirname, '../..');
const curl = promisify(execFile);

suiteNeeding(['postgresql', 'chromium', 'curl'], 'the settings page of the example with users of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-own-portal-'));
  let database: FreshDatabase;
  let here: OwnUsersApp;
  let elsewhere: OwnUsersApp;
  const stopped = Promise.withResolvers<void>();
  let served: Promise<unknown> | undefined;
  let browser: Browser;
  let editor: Account;
  beforeAll(async () => {
    // Whoever runs one test alone has not come past `pretest`.
    runProgram(process.execPath, ['tools/build-dashboard.mjs'], ROOT);
    database = await requireDatabase();
    here = await startOwnUsersApp(database.url, folder);
    editor = here.editor as Account;
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, JSON.stringify({ ...keyhouse, name: 'own-users', cors: { origins: '*' } }));
    const given = { 'database-url': database.url, 'secrets-dir': join(folder, 'keyhouse.secrets'), profile };
    const ports = { 'api-port': '0', 'dashboard-port': '0', 'log-level': 'error' };
    const config = await loadConfig({ ...given, ...ports }, {}, folder);
    const greeted = Promise.withResolvers<{ readonly api: string }>();
    served = serve(config, {
      stdout: (text) => greeted.resolve(JSON.parse(text)),
      stderr: (text) => process.stderr.write(text),
      json: true,
      stopped: stopped.promise,
    });
    served.catch(greeted.reject);
    const { api } = await within(greeted.promise, 30_000, 'the server says where it listens');
    elsewhere = await startOwnUsersApp(database.url, folder, ['--portal-url', api]);
    browser = await chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await elsewhere?.process.stop();
    stopped.resolve();
    await served;
    await here?.process.stop();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const signedIn = async (app: OwnUsersApp): Promise<Page> => {
    const page = await browser.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${app.api}/sign-in`);
    await page.getByLabel('E-mail').fill(editor.email);
    await page.getByLabel('Password').fill(editor.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Create token' }).waitFor();
    return page;
  };
  const statusWith = async (app: OwnUsersApp, value: string) => {
    const options = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', '@-', `${app.api}/api/tasks`];
    const asked = curl('curl', options);
    asked.child.stdin?.end(`Authorization: Bearer ${value}\n`);
    return (await asked).stdout;
  };
  /** Creates, copies, calls with curl and revokes, as the editor does. */
  const walk = async (app: OwnUsersApp): Promise<void> => {
    const page = await signedIn(app);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const colour = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('keyhouse-tokens').shadowRoot.querySelector('.primary')).backgroundColor`,
    );
    expect(colour).toBe('rgb(11, 110, 79)');
    await page.getByRole('button', { name: 'Create token' }).click();
    await page.getByLabel('Name').fill('from the settings page');
    await page.getByLabel('tasks:read', { exact: true }).check();
    await page.getByRole('button', { name: /^(?:Save|Create)/ }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const value = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(value).toMatch(/^kh_live_\w{32}$/);
    expect(await statusWith(app, value)).toBe('200');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke from the settings page' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'is revoked' }).waitFor();
    expect(await statusWith(app, value)).toBe('401');
    expect(complaints).toEqual([]);
    await page.close();
  };

  it('carries the element in the application’s colours: create, copy, call, revoke', () => walk(here), 40_000);

  it('carries it as well from a Keyhouse at another origin', () => walk(elsewhere), 40_000);
});
