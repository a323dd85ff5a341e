import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Given, loadConfig } from '../../src/server/config.ts';
import { serve } from '../../src/server/serve.ts';
import { runProgram } from '../../tools/run-program.ts';
import { within } from '../services/deadline.ts';
import { findProgram } from '../services/process.ts';

/** What fades in or out has no colour of its own yet; what turns for ever is not waited for. */
const FADING_IS_OVER = `Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished)).then(() => null)`;

const ROOT = join(import.meta.dirname, '../..');

/** What browsers say of answers that a test asked for: 401, 404, 429. */
const EXPECTED = /^Failed to load resource: the server responded with a status of 4\d\d/;

export interface HouseOptions {
  /** Name of a preset or path of a profile file. Default the neutral one. */
  readonly profile?: string;
  /** Further settings, as flags give them, and variables for what is no flag. */
  readonly settings?: Given;
  readonly variables?: Readonly<Record<string, string>>;
  /** Fills the folder before the server starts on it. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Leaves the first administrator to the test. */
  readonly isEmpty?: boolean;
}

/** A served Keyhouse with an administrator, and a browser in front of its dashboard. */
export interface DashboardHouse {
  /** Addresses without trailing slash. */
  readonly dashboard: string;
  readonly api: string;
  /** While nobody is set up; null otherwise. */
  readonly setUpCode: string | null;
  readonly admin: { readonly email: string; readonly password: string };
  /** The first management token; empty while nobody is set up. */
  readonly token: string;
  /** Calls the API as the bearer of the management token; throws what is no success. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** A browser of its own, with no session. */
  visit(path?: string, options?: BrowserContextOptions): Promise<Visit>;
  /** The same, signed in as the administrator unless told otherwise. */
  visitSignedIn(path?: string, options?: BrowserContextOptions & { as?: Credentials }): Promise<Visit>;
  close(): Promise<void>;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** One browser window. Use roles and labels: what a person reads, in the words of the company. */
export interface Visit {
  readonly page: Page;
  /** Fails when the browser complained: about the policy, a script, or a request to another origin. */
  expectQuiet(): void;
  /** Fails when axe finds something serious on what is shown now. */
  expectAccessible(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on free ports over a folder of its own, and Chromium. Close both with `close`. */
export async function openDashboardHouse(options: HouseOptions = {}): Promise<DashboardHouse> {
  buildOnce();
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-dashboard-'));
  await options.prepare?.(folder);
  const server = await startServer(folder, options);
  const admin = { email: 'ada@example.com', password: 'four words of my own' };
  const token = options.isEmpty === true ? '' : await setUp(server, admin);
  housesOpen += 1;
  const contexts: BrowserContext[] = [];

  const openWindow = async (contextOptions: BrowserContextOptions, as: Credentials | null): Promise<Visit> => {
    sharedBrowser ??= chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
    const context = await (await sharedBrowser).newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...contextOptions,
    });
    contexts.push(context);
    context.setDefaultTimeout(15_000);
    if (as !== null) {
      const answer = await context.request.post(`${server.dashboard}/v1/sessions`, {
        data: { email: as.email, password: as.password },
        headers: { Origin: server.dashboard, 'Keyhouse-Dashboard': '1' },
      });
      if (answer.status() !== 201) throw new Error(`signing in answered ${answer.status()}: ${await answer.text()}`);
    }
    return windowOf(await context.newPage(), server.dashboard);
  };
  const show = async (visit: Visit, path: string): Promise<Visit> => {
    await visit.page.goto(`${server.dashboard}${path}`);
    await visit.page.locator('h1').first().waitFor();
    return visit;
  };
  return {
    ...server,
    admin,
    token,
    call: (method, path, body) => call(server.api, token, method, path, body),
    visit: async (path = '/', contextOptions = {}) => show(await openWindow(contextOptions, null), path),
    visitSignedIn: async (path = '/', { as = admin, ...contextOptions } = {}) =>
      show(await openWindow(contextOptions, as), path),
    close: async () => {
      housesOpen -= 1;
      // A server that stops waits for connections, and a window that was left open has some that it never used.
      await Promise.all(contexts.map((context) => context.close()));
      if (housesOpen === 0) await closeBrowser();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whoever runs one test alone has not come past `pretest`. */
function buildOnce(): void {
  if (isBuilt) return;
  runProgram(process.execPath, ['tools/build-dashboard.mjs'], ROOT);
  isBuilt = true;
}

let isBuilt = false;

/** One for all houses of a test file: it takes longer to start than they do. */
let sharedBrowser: Promise<Browser> | null = null;
let housesOpen = 0;

async function closeBrowser(): Promise<void> {
  const browser = await sharedBrowser;
  sharedBrowser = null;
  await browser?.close();
}

function windowOf(page: Page, origin: string): Visit {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !request.url().startsWith(`${origin}/`)) complaints.push(request.url());
  });
  return {
    page,
    expectQuiet: () => expect(complaints).toEqual([]),
    async expectAccessible() {
      await page.evaluate(FADING_IS_OVER);
      // Without the blank page that it opens beside for frames, which there are none of: four times as quick.
      const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'], preload: false });
      const { violations } = await axe.analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    },
    close: () => page.context().close(),
  };
}

async function startServer(folder: string, { profile, settings = {}, variables = {} }: HouseOptions) {
  const flags = {
    'data-dir': join(folder, 'data'),
    'api-port': '0',
    'dashboard-port': '0',
    'log-level': 'error',
    ...(profile !== undefined && { profile }),
    ...settings,
  };
  const config = await loadConfig(flags, variables, folder);
  const stopped = Promise.withResolvers<void>();
  const greeted = Promise.withResolvers<{ api: string; dashboard: string; setup_code: string | null }>();
  const served = serve(config, {
    stdout: (text) => greeted.resolve(JSON.parse(text)),
    stderr: (text) => process.stderr.write(text),
    json: true,
    stopped: stopped.promise,
  });
  served.catch(greeted.reject);
  const greeting = await within(greeted.promise, 30_000, 'the server says where it listens');
  return {
    dashboard: greeting.dashboard,
    api: greeting.api,
    setUpCode: greeting.setup_code,
    stop: async () => {
      stopped.resolve();
      await served;
    },
  };
}

async function setUp(server: { readonly api: string; readonly setUpCode: string | null }, admin: Credentials) {
  const body = { code: server.setUpCode, ...admin, workspace: 'Example Ltd' };
  const { token } = await call<{ token: { value: string } }>(server.api, '', 'POST', '/v1/setup', body);
  return token.value;
}

async function call<T>(api: string, token: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(token !== '' && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
