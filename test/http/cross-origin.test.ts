import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { crossOrigin, protect } from '../../src/http/middleware/express.ts';
import { coolset, createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram } from '../services/process.ts';

/** What a page could read of an answer, or that the browser kept it from the page. */
type Read = { readonly status: number; readonly headers: Record<string, string>; readonly json: unknown } | 'kept';

interface Sent {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: 'include';
}

const OWNER = { external_id: 'user-42' };

suiteNeeding('chromium', 'an API called by pages of other origins, in a browser', () => {
  const servers: Server[] = [];
  /** Every request as it reached the API: method, and whether a cookie came along. */
  const seen: { readonly method: string; readonly cookie: string | undefined }[] = [];
  let folder: string;
  let keyhouse: Keyhouse;
  let browser: Browser;
  let api: string;
  /** Two origins beside that of the API. */
  let shop: Page;
  let stranger: Page;

  const listen = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-cross-origin-'));
    keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), people: 'off', profile: coolset });
    const permissions = ['orders:read', 'orders:write', 'users:read'];
    await keyhouse.owners.put({ ...OWNER, workspace: { external_id: 'org-7' }, permissions });
    const app = express();
    app.use((request, _response, next) => {
      seen.push({ method: request.method, cookie: request.get('cookie') });
      next();
    });
    app.use(crossOrigin(keyhouse));
    app.get('/api/orders/', protect(keyhouse, { permission: 'orders:read' }), (_request, response) => {
      response.json({ data: [] });
    });
    app.delete('/api/orders/', protect(keyhouse, { permission: 'orders:delete' }), (_request, response) => {
      response.status(204).end();
    });
    app.use(keyhouse.nodeHandler);
    api = await listen(app);
    browser = await chromium.launch({ executablePath: findProgram('chromium') as string, args: ['--no-sandbox'] });
    const openPage = async (): Promise<Page> => {
      const origin = await listen((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>A page</title>');
      });
      const page = await browser.newPage();
      await page.goto(origin);
      return page;
    };
    [shop, stranger] = [await openPage(), await openPage()];
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    await keyhouse?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const mint = async (input: Record<string, unknown> = {}): Promise<string> => {
    const { value } = await keyhouse.tokens.create({ name: 'page', owner: OWNER, level: 'read', ...input });
    return value as string;
  };

  /** Asks as a script of the page does, and says what that script could read. */
  const ask = async (page: Page, path: string, { method = 'GET', token, headers = {}, credentials }: Sent = {}) => {
    const init = {
      method,
      headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...headers },
      ...(credentials !== undefined && { credentials }),
    };
    const script = `(async () => {
      try {
        const answer = await fetch(${JSON.stringify(api + path)}, ${JSON.stringify(init)});
        const text = await answer.text();
        return { status: answer.status, headers: Object.fromEntries(answer.headers), json: text === '' ? null : JSON.parse(text) };
      } catch {
        return 'kept';
      }
    })()`;
    return (await page.evaluate(script)) as Read;
  };
  const allow = (origins: readonly string[] | '*') =>
    keyhouse.profile.apply({ profile: { ...coolset, cors: { origins } }, allow_narrowing: true });
  const originOf = (page: Page) => new URL(page.url()).origin;

  it('a page reads what it is answered, after a preflight that carried no token', async () => {
    seen.length = 0;
    const read = await ask(shop, '/api/orders/', {
      token: await mint(),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(read).toMatchObject({ status: 200, json: { data: [] }, headers: { 'x-ratelimit-limit': '1000' } });
    expect(seen.map(({ method }) => method)).toEqual(['OPTIONS', 'GET']);
  });

  it('a page reads why it was refused: without a token, with one that may not, and with one that asked too often', async () => {
    const none = await ask(shop, '/api/orders/');
    expect(none).toMatchObject({
      status: 401,
      json: { detail: 'Authentication credentials were not provided.' },
      headers: { 'www-authenticate': 'Bearer realm="Coolset API"' },
    });
    const unable = await ask(shop, '/api/orders/', { method: 'DELETE', token: await mint() });
    expect(unable).toMatchObject({
      status: 403,
      json: { detail: 'You do not have permission to perform this action.' },
      headers: { 'www-authenticate': expect.stringContaining('orders:delete') },
    });
    const token = await mint({ limits: [{ name: 'minute', limit: 1, seconds: 60 }] });
    expect(await ask(shop, '/api/orders/', { token })).toMatchObject({ status: 200 });
    expect(await ask(shop, '/api/orders/', { token })).toMatchObject({
      status: 429,
      headers: {
        'retry-after': expect.stringMatching(/^\d+$/),
        ratelimit: expect.stringMatching(/^"minute";r=0/),
        'ratelimit-policy': '"minute";q=1;w=60',
        'x-ratelimit-remaining': '0',
      },
    });
  });

  it('a page reads the answers of Keyhouse’s own routes beside them, and that there is nothing elsewhere', async () => {
    const token = await mint();
    expect(await ask(shop, '/v1/auth/test', { token })).toMatchObject({ status: 200, json: { authenticated: true } });
    expect(await ask(shop, '/api/tokens', { token, method: 'POST' })).not.toBe('kept');
    expect(await ask(shop, '/nothing', { token })).toMatchObject({ status: 404 });
  });

  it('no cookie goes along, and a page that insists on them reads nothing', async () => {
    const token = await mint();
    await shop.context().addCookies([{ name: 'session', value: 'of-the-API', url: api }]);
    seen.length = 0;
    expect(await ask(shop, '/api/orders/', { token })).toMatchObject({ status: 200 });
    expect(seen.map(({ cookie }) => cookie).filter((cookie) => cookie !== undefined)).toEqual([]);
    seen.length = 0;
    expect(await ask(shop, '/api/orders/?page=2', { token, credentials: 'include' })).toBe('kept');
    expect(seen.map(({ method }) => method)).not.toContain('GET');
    expect(await ask(shop, '/api/orders/', { credentials: 'include' })).toBe('kept');
    expect(seen.at(-1)).toEqual({ method: 'GET', cookie: 'session=of-the-API' });
  });

  it('row 40: a page cannot hide its method in an override header', async () => {
    const headers = { 'X-HTTP-Method-Override': 'DELETE' };
    expect(await ask(shop, '/api/orders/', { token: await mint(), headers })).toBe('kept');
  });

  it('where origins are named, only their pages call, from the very next request on', async () => {
    const token = await mint();
    try {
      await allow([originOf(shop)]);
      expect(await ask(shop, '/api/orders/', { token })).toMatchObject({ status: 200 });
      expect(await ask(shop, '/api/orders/')).toMatchObject({ status: 401 });
      seen.length = 0;
      expect(await ask(stranger, '/api/orders/', { token })).toBe('kept');
      expect(seen.map(({ method }) => method)).toEqual(['OPTIONS']);
      expect(await ask(stranger, '/api/orders/')).toBe('kept');
      expect(await ask(stranger, '/v1/auth/test', { token })).toBe('kept');
    } finally {
      await allow('*');
    }
  });
});
