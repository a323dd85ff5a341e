import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployerp } from '../../src/profile/index.ts';
import { type DashboardHouse, openDashboardHouse } from './house.ts';

/** A provider's settings page with the element in it, at an origin of its own. */
export interface SettingsPage {
  readonly url: string;
  /** Answers every request for a secret from now on; null refuses them. */
  secretsFrom(mint: (() => Promise<string>) | null): void;
  close(): Promise<void>;
}

/** What the provider's own page allows: its own files, the script and the calls of the element, and nothing else. */
const policyFor = (api: string) =>
  `default-src 'none'; script-src 'self' ${api}; style-src 'self'; connect-src 'self' ${api}; base-uri 'none'; form-action 'self'`;

const PAGE = (api: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Settings</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/settings.css">
<script type="module" src="${api}/portal/keyhouse-tokens.js"></script>
<script type="module" src="/settings.js"></script></head>
<body><main><h1>Settings</h1><keyhouse-tokens></keyhouse-tokens></main></body></html>`;

const SCRIPT = `document.querySelector('keyhouse-tokens').getSession = async () => {
  const answer = await fetch('/settings/portal-session', { method: 'POST' });
  if (!answer.ok) throw new Error('no session');
  return (await answer.json()).session;
};`;

const STYLE = `body { font-family: sans-serif; margin: 2rem; color-scheme: light dark; }
keyhouse-tokens { --keyhouse-accent: #6b2fb3; --keyhouse-on-accent: #ffffff; --keyhouse-radius: 2px; }
keyhouse-tokens::part(primary-button) { text-transform: uppercase; }`;

/** @param api address of the API, which is known when the first request comes. */
export async function openSettingsPage(api: () => string): Promise<SettingsPage> {
  let mint: (() => Promise<string>) | null = null;
  const server = createServer(async (request, response) => {
    const send = (type: string, text: string) => {
      response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policyFor(api()) }).end(text);
    };
    if (request.url === '/settings.js') return send('text/javascript', SCRIPT);
    if (request.url === '/settings.css') return send('text/css', STYLE);
    if (request.url !== '/settings/portal-session') return send('text/html', PAGE(api()));
    if (mint === null) return void response.writeHead(401).end();
    send('application/json', JSON.stringify({ session: await mint() }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secretsFrom: (from) => {
      mint = from;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export interface PortalCompany {
  readonly house: DashboardHouse;
  /** At the origin that the company has registered, and at one that it has not. */
  readonly settings: SettingsPage;
  readonly stranger: SettingsPage;
  /** Tells Keyhouse of a user, and of what they may do. */
  introduce(externalId: string, permissions?: readonly string[]): Promise<void>;
  mint(externalId: string): Promise<{ readonly link: string; readonly session: string }>;
  close(): Promise<void>;
}

/** The company of document 001, whose own users come with `PUT /v1/owners`, with a settings page at another origin. */
export async function openPortalCompany(): Promise<PortalCompany> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-portal-'));
  let api = '';
  const settings = await openSettingsPage(() => api);
  const stranger = await openSettingsPage(() => api);
  const profile = join(folder, 'profile.json');
  writeFileSync(profile, JSON.stringify({ ...deployerp, name: 'portal', cors: { origins: [settings.url] } }));
  const house = await openDashboardHouse({ profile });
  api = house.api;
  return {
    house,
    settings,
    stranger,
    introduce: async (externalId, permissions = ['servers:read', 'servers:write']) => {
      const workspace = { external_id: 'org-7', name: 'Northwind' };
      await house.call('PUT', `/v1/owners/${externalId}`, { name: `Grace ${externalId}`, workspace, permissions });
    },
    mint: (externalId) => house.call('POST', '/v1/portal-sessions', { owner: { external_id: externalId } }),
    close: async () => {
      await house.close();
      await settings.close();
      await stranger.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
