import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { nodeDoor } from '../../src/http/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type House, openHouse } from './house.ts';
import { keptBy, launchBrowser, openReference } from './reference-viewer.ts';

const ECHO = {
  operationId: 'echo',
  tags: ['echo'],
  responses: { 200: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } } },
};
const DESCRIPTION = {
  openapi: '3.1.0',
  info: { title: 'Echo', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: {
    '/echo': { get: ECHO },
    '/v1/auth/test': { get: { ...ECHO, operationId: 'test' } },
  },
};

suiteNeeding('chromium', 'the reference page, in a browser', () => {
  let browser: Browser;
  let house: House;
  const servers: Server[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    await house.close();
  });

  const listen = async (server: Server): Promise<string> => {
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  /** An application with Keyhouse in it: `/echo` is its own, and remembers what came. */
  const openApplication = async (document: Record<string, unknown>, isHere = true) => {
    house = await openHouse(keyhouse, () => ({ apiDescription: { document, isHere } }));
    const came: IncomingHttpHeaders[] = [];
    const door = nodeDoor(house.handler.answer, { callerOf: null, isDraining: () => false });
    const url = await listen(
      createServer((incoming, outgoing) => {
        if (incoming.url !== '/echo') return door(incoming, outgoing);
        came.push(incoming.headers);
        outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"echo":true}');
      }),
    );
    return { url, came };
  };

  it('tries calls at this address first, with the token and without the cookies of who is signed in', async () => {
    const { url, came } = await openApplication(DESCRIPTION);
    const token = (await house.mint()).value;
    const viewer = await openReference(browser, `${url}/reference`);
    await viewer.page.context().addCookies([{ name: 'session', value: 'secret', url }]);
    expect(await viewer.page.locator('.servers option').allInnerTexts()).toEqual([
      '/ - this address',
      'https://api.example.com',
    ]);
    await viewer.authorise(token);
    expect(await viewer.execute('echo', 'echo')).toContain('"echo": true');
    expect(came[0]?.authorization).toBe(`Bearer ${token}`);
    expect(came[0]?.cookie).toBeUndefined();
    expect(await viewer.page.locator('.curl-command').innerText()).toContain('Authorization: Bearer YOUR_TOKEN');
    expect(await keptBy(viewer.page)).not.toContain(token);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('shows a refused call whole: its status, its body and how long to wait', async () => {
    const { url } = await openApplication(DESCRIPTION);
    const limits = [{ name: 'hour', limit: 1, seconds: 3_600 }];
    const viewer = await openReference(browser, `${url}/reference`);
    await viewer.authorise((await house.mint({ limits })).value);
    expect(await viewer.execute('echo', 'test')).toMatch(/^\s*Code\s+Details\s+200/);
    const refused = await viewer.execute('echo', 'test');
    expect(refused).toMatch(/^\s*Code\s+Details\s+429/);
    expect(refused).toMatch(/"code": "rate_limited"/);
    expect(refused).toMatch(/retry-after: \d+/i);
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('takes a token along when the other description is shown, and forgets it with it', async () => {
    const { url } = await openApplication(DESCRIPTION);
    const viewer = await openReference(browser, `${url}/reference`);
    const { page } = viewer;
    await viewer.authorise((await house.mint()).value);
    await page.click('#switch a:text("Tokens")');
    await page.waitForSelector('.btn.authorize.locked >> visible=true');
    expect(new URL(page.url()).search).toBe('?of=tokens');
    expect(await viewer.execute('auth', 'testAuthentication')).toContain('"authenticated": true');
    await viewer.logOut();
    await page.click('#switch a:text("API")');
    await page.waitForSelector('#operations-echo-echo >> visible=true');
    await page.waitForSelector('.btn.authorize.unlocked >> visible=true');
    expect(await page.textContent('#switch [aria-current]')).toBe('API');
    await page.goBack();
    await page.waitForSelector('#operations-tokens-createToken >> visible=true');
    expect(await page.textContent('#switch [aria-current]')).toBe('Tokens');
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });

  it('opens at an operation that an address names, in either description', async () => {
    const { url } = await openApplication(DESCRIPTION);
    const own = await openReference(browser, `${url}/reference#/echo/echo`);
    await own.page.waitForSelector('#operations-echo-echo .opblock-body');
    await own.close();
    const tokens = await openReference(browser, `${url}/reference?of=tokens#/tokens/createToken`);
    await tokens.page.waitForSelector('#operations-tokens-createToken .opblock-body');
    expect([...own.complaints, ...tokens.complaints]).toEqual([]);
    await tokens.close();
  });

  it('reaches an API on another origin where the description names that, and no further one', async () => {
    const came: IncomingHttpHeaders[] = [];
    const listenElsewhere = () =>
      listen(
        createServer(({ method, headers }, outgoing) => {
          if (method === 'GET') came.push(headers);
          const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
          outgoing.writeHead(200, { ...cors, 'content-type': 'application/json' }).end('{}');
        }),
      );
    const api = await listenElsewhere();
    const other = await listenElsewhere();
    const { url } = await openApplication({ ...DESCRIPTION, servers: [{ url: api }] }, false);
    const token = (await house.mint()).value;
    const viewer = await openReference(browser, `${url}/reference`);
    await viewer.authorise(token);
    expect(await viewer.execute('echo', 'echo')).toMatch(/^\s*Code\s+Details\s+200/);
    expect(came).toEqual([expect.objectContaining({ authorization: `Bearer ${token}` })]);
    expect(viewer.complaints).toEqual([]);
    const attempt = await viewer.page.evaluate(
      `fetch(${JSON.stringify(other)}).then(() => 'answered', () => 'blocked')`,
    );
    expect([attempt, came.length]).toEqual(['blocked', 1]);
    await viewer.close();
  });

  it('row 100e: runs no script and follows no link that a hostile description holds, and asks no other origin', async () => {
    const script = `<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>`;
    const text = `${script} [a](javascript:alert(4)) <a href="javascript:alert(5)">b</a> <form action="https://evil.example"><input></form> ![c](https://evil.example/pixel.png) <iframe srcdoc="<script>alert(6)</script>"></iframe> <style>body{display:none}</style>`;
    const link = { url: 'javascript:alert(7)', description: text };
    const hostile = {
      openapi: '3.1.0',
      info: {
        title: script,
        summary: text,
        version: script,
        description: text,
        termsOfService: 'javascript:alert(8)',
        contact: { name: script, url: 'javascript:alert(9)', email: 'a@example.com' },
        license: { name: script, url: 'javascript:alert(10)' },
      },
      externalDocs: link,
      servers: [{ url: 'javascript:alert(11)', description: script }],
      tags: [{ name: 'echo', description: text, externalDocs: link }],
      paths: { '/echo': { get: { ...ECHO, summary: script, description: text, externalDocs: link } } },
      components: { schemas: { A: { type: 'string', title: script, description: text, externalDocs: link } } },
    };
    const { url } = await openApplication(hostile);
    const viewer = await openReference(browser, `${url}/reference`);
    const { page } = viewer;
    expect(await viewer.execute('echo', 'echo')).toContain('"echo": true');
    await page.locator('.models-control').click();
    const links = await page
      .locator('#reference a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    expect(links.filter((href) => /script:/i.test(href))).toEqual([]);
    for (const text of ['a', 'b']) {
      for (const one of await page.locator(`#reference .markdown a:text-is("${text}")`).all()) await one.click();
    }
    expect(await page.locator('#reference :is(script, iframe, form[action], style)').count()).toBe(0);
    expect(await page.locator('.info').isVisible()).toBe(true);
    expect(viewer.dialogs).toEqual([]);
    expect(viewer.asked.filter((one) => !one.startsWith(url) && !one.startsWith('data:'))).toEqual([]);
    await viewer.close();
  });
});
