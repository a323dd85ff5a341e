import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coolset } from '../../src/index.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram } from '../services/process.ts';
import { type Commands, commandsAgainst } from './printed-commands.ts';
import { bound, differences, readDocument } from './printed-document.ts';
import { declaresRepairs, itRunsPiece, linesOf, printsItsPieces, type Runs, runnableOf } from './running-pieces.ts';
import { type StandInHosts, standInFor } from './stand-in-hosts.ts';

const document = readDocument('004');
const NUMBERS = ['PO-1001', 'PO-1002'];

let example: RunningExample;
let commands: Commands;

const bindToken = (text: string) => bound(text, { token: String(example.token) });
const numbersIn = ({ data }: { readonly data: readonly { readonly number: string }[] }) =>
  data.map(({ number }) => number);

const RUNS: Runs = {
  header: async (text) => {
    const { status } = await commands.curl(`curl https://developers.coolset.com/api/orders/ -H "${bindToken(text)}"`);
    expect(status).toBe(200);
  },
  'user-config': async (text) => {
    const { status, body } = await commands.curl(bindToken(text));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      user: { email: example.admin.email },
      workspace: { name: 'Example Ltd' },
      role: 'admin',
    });
  },
  'orders-in-javascript': async (text) => {
    const printing = 'console.log(JSON.stringify({ status: response.status, data }))';
    const { status, data } = JSON.parse(await commands.node(`${bindToken(text)}\n${printing}`));
    expect([status, numbersIn(data)]).toEqual([200, NUMBERS]);
  },
  'orders-in-python': async (text) => {
    const printing = 'import json\nprint(json.dumps({"status": response.status_code, "data": data}))';
    const { status, data } = JSON.parse(await commands.python(`${bindToken(text)}\n${printing}`));
    expect([status, numbersIn(data)]).toEqual([200, NUMBERS]);
  },
  workspaces: async (text) => {
    for (const path of [text, `/api${text}`]) {
      const { status, json } = await example.ask('GET', path, example.token);
      expect(status).toBe(200);
      expect(json.data.find(({ is_current }: { is_current: boolean }) => is_current).name).toBe('Example Ltd');
    }
  },
  'missing-or-invalid': async (text) => {
    const mistyped = `${String(example.token).slice(0, -1)}_`;
    for (const token of [null, runnableOf(document, 'sample-token'), mistyped]) {
      const { status, json } = await example.ask('GET', '/api/orders/', token);
      expect([status, differences(json, JSON.parse(text))]).toEqual([401, []]);
    }
  },
  'insufficient-permissions': async (text) => {
    const { id } = await ownerOf('viewer');
    const { value } = await example.makeKey({
      owner: { id },
      workspace: { external_id: 'example-ltd' },
      level: 'read',
    });
    const { status, json } = await example.ask('POST', '/api/orders/', value, {});
    expect([status, differences(json, JSON.parse(text))]).toEqual([403, []]);
  },
};

const itRuns = (title: string, id: string) => itRunsPiece(document, RUNS, title, id);

async function ownerOf(name: string): Promise<{ readonly id: string }> {
  const { json } = await example.ask('GET', `/v1/users?search=${name}`, example.managementToken);
  return json.data[0];
}

async function open(): Promise<void> {
  example = await startExample('coolset');
  const port = Number(new URL(example.api).port);
  commands = await commandsAgainst({ 'developers.coolset.com': port, 'developers-scranton.coolset.com': port });
}

async function close(): Promise<void> {
  await commands?.close();
  await example?.close();
}

suiteNeeding(['curl', 'openssl'], 'document 004, printed commands against the running example', () => {
  beforeAll(open);
  afterAll(close);

  itRuns('S2: takes the token in the printed header', 'header');
  itRuns('S3: reads the configuration of the user with the printed command', 'user-config');
  itRuns('S3: lists orders with the printed JavaScript, in Node', 'orders-in-javascript');
  itRuns('S6: lists the companies of the user at the printed path, with and without /api', 'workspaces');
  itRuns('S9: answers a missing or invalid token with the printed body', 'missing-or-invalid');
  itRuns('S9: answers a token that may not with the printed body', 'insufficient-permissions');

  it('S2: the printed sample token has the printed prefix, opens nothing and is recognised as a sample', async () => {
    const sample = runnableOf(document, 'sample-token');
    expect(sample).toMatch(/^sk_live_[0-9A-Za-z]+$/);
    const { status, headers } = await example.ask('GET', '/api/orders/', sample);
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('sample API token')]);
  });
});

suiteNeeding(['python-requests', 'openssl'], 'document 004, printed Python against the running example', () => {
  beforeAll(open);
  afterAll(close);

  itRuns('S3: lists orders with the printed Python', 'orders-in-python');
});

suiteNeeding(['chromium', 'openssl'], 'document 004, printed JavaScript on a page of another origin', () => {
  let pages: Server;
  let folder: string | undefined;
  let hosts: StandInHosts;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    example = await startExample('coolset');
    pages = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>A shop</title>');
    }).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-document-'));
    hosts = await standInFor(
      {
        'developers-scranton.coolset.com': Number(new URL(example.api).port),
        'shop.example.com': (pages.address() as AddressInfo).port,
      },
      folder,
    );
    browser = await chromium.launch({
      executablePath: findProgram('chromium') as string,
      args: ['--no-sandbox'],
      proxy: { server: hosts.proxy },
    });
    page = await browser.newPage({ ignoreHTTPSErrors: true });
    await page.goto('https://shop.example.com/');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await hosts?.close();
    pages?.close();
    pages?.closeAllConnections();
    await example?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const inBrowser: Runs = {
    'orders-in-javascript': async (text) => {
      const returning = 'return { origin: location.origin, status: response.status, data };';
      const { origin, status, data } = (await page.evaluate(`(async () => { ${bindToken(text)} ${returning} })()`)) as {
        origin: string;
        status: number;
        data: Parameters<typeof numbersIn>[0];
      };
      expect([origin, status]).toEqual(['https://shop.example.com', 200]);
      expect(numbersIn(data)).toEqual(NUMBERS);
    },
  };
  const title = 'S3: lists orders with the printed JavaScript, in a browser';
  itRunsPiece(document, inBrowser, title, 'orders-in-javascript');
});

describe('document 004, the test data', () => {
  const lines = linesOf(document);
  const original = lines?.join('\n') ?? '';
  declaresRepairs(document);
  printsItsPieces(document);

  it('is run piece by piece', () => {
    expect(document.pieces.map(({ id }) => id).sort()).toEqual(['sample-token', ...Object.keys(RUNS)].sort());
  });

  it.skipIf(lines === null)('S5: the profile has the levels that the original prints, in its order', () => {
    const rows = coolset.levels.map(({ level, description }) => {
      return `| **${level[0]?.toUpperCase()}${level.slice(1)}** | ${description} |`;
    });
    expect(rows).toHaveLength(3);
    expect(original).toContain(rows.join(' '));
  });

  it.skipIf(lines === null)('S1, S8: the words of the dashboard are those that the original prints', () => {
    const { menuPaths, createButton, revokeButton } = coolset.words;
    for (const words of [...menuPaths.map((path) => path.join(' → ')), createButton, revokeButton]) {
      expect(original).toContain(`**${words}**`);
    }
  });

  it.skipIf(lines === null)('S7: the profile gives tokens no expiry, as the original says', () => {
    expect(original).toMatch(/do not expire/);
    expect(coolset.expiry).toEqual({ lifetime: null, lifetimeMax: null });
  });
});
