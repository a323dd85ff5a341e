/** Signed identities as they are switched on: through the gateway of a real server, to an API that checks them. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeProtectedHeader } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { createKeyhouse, type Keyhouse, type KeyhouseOptions } from '../../src/index.ts';
import { type Installation, type Served, setUpInstallation } from '../cli/command.ts';
import { ROUTES } from './house.ts';

const ROOT = join(import.meta.dirname, '../..');
const AUDIENCE = 'https://api.example.com';

type WithGateway = Served & { readonly gateway: string };

/** An API behind the gateway that asks `look` about every request and answers what that found. */
async function startApi(look: (request: IncomingMessage) => Promise<unknown>): Promise<string> {
  const server = createServer(async (request, response) => {
    const seen = await look(request).catch((error: unknown) => ({ failed: String(error) }));
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(seen));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The program that the guide prints, with the key set of this test. */
async function printedSample(folder: string, keySet: string): Promise<(request: IncomingMessage) => Promise<object>> {
  const guide = readFileSync(join(ROOT, 'docs/proxies.md'), 'utf8');
  const [, sample = ''] = /^```js\n(.*?)^```$/ms.exec(guide) ?? [];
  expect(sample).toContain(AUDIENCE);
  // Each copy is a module of its own, which has kept no keys.
  const file = join(folder, `who-is-asking-${randomUUID()}.mjs`);
  writeFileSync(file, sample.replace(/https:\/\/keyhouse\.example\.com\S+(?=')/, keySet));
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return (await import(pathToFileURL(file).href)).whoIsAsking;
}

async function serveSigning(house: Installation, upstream: string, ...args: string[]) {
  const rules = { name: 'rules', extends: 'keyhouse', routes: ROUTES };
  writeFileSync(join(house.folder, 'rules.json'), JSON.stringify(rules));
  const served = (await house.serve([
    ...['--profile', 'rules.json', '--apply-narrowing', '--upstream', upstream, '--gateway-port', '0'],
    ...['--identity-audience', AUDIENCE, ...args],
  ])) as WithGateway;
  const { value } = await house.json([
    ...['token', 'create', '--name', 'ci', '--owner', 'user-42', '--permissions', 'servers:read'],
    ...['--tier', 'standard'],
  ]);
  const headers = { Authorization: `Bearer ${value}` };
  const ask = async (more: Record<string, string> = {}) => {
    const answer = await fetch(`${served.gateway}/v1/servers`, { headers: { ...headers, ...more } });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
    const seen = (await answer.json()) as any;
    return { left: Number(answer.headers.get('x-ratelimit-remaining')), seen };
  };
  return { served, headers, ask };
}

it('an API behind the gateway that decides again charges a request once, whosever keys it has', async () => {
  const house = await setUpInstallation();
  let keyhouse: Keyhouse | null = null;
  const attach = async (acceptIdentity: KeyhouseOptions['acceptIdentity']) => {
    await keyhouse?.close();
    keyhouse = await createKeyhouse({
      ...{ dataDir: house.dataDir, attach: true, trustedProxies: ['127.0.0.1'] },
      ...(acceptIdentity !== undefined && { acceptIdentity }),
    });
  };
  onTestFinished(async () => void (await keyhouse?.close()));
  const upstream = await startApi(async (request) => {
    const result = await (keyhouse as Keyhouse).authenticate(request, { byRoute: true });
    return result.allowed ? result.identity.rate_limit?.remaining : result.denial.reason;
  });
  const { served, ask } = await serveSigning(house, upstream, '--forward-authorization');
  await attach({ audience: AUDIENCE });
  expect(await ask()).toEqual({ left: 999, seen: 999 });
  expect(await ask()).toEqual({ left: 998, seen: 998 });
  await attach({ audience: AUDIENCE, keys: `${served.api}/.well-known/jwks.json` });
  expect(await ask()).toEqual({ left: 997, seen: 997 });
  await attach({ audience: 'https://other.example.com' });
  expect(await ask()).toEqual({ left: 996, seen: 995 });
  await attach(undefined);
  expect(await ask()).toEqual({ left: 994, seen: 993 });
});

it('an API with a stock library checks what it gets, also after the key was rotated; a second door charges nothing', async () => {
  const house = await setUpInstallation();
  let keySet = '';
  const upstream = await startApi(async (request) => {
    const { 'keyhouse-identity': identity, 'keyhouse-request': id } = request.headers;
    const { kid } = decodeProtectedHeader(String(identity));
    return { ...(await (await printedSample(house.folder, keySet))(request)), kid, request: id };
  });
  const { served, headers, ask } = await serveSigning(
    house,
    upstream,
    ...['--trusted-proxies', '127.0.0.1', '--accept-identity-audience', AUDIENCE],
  );
  keySet = `${served.api}/.well-known/jwks.json`;
  const { seen } = await ask({ 'Keyhouse-Identity': 'forged' });
  expect(seen).toMatchObject({ path: '/v1/servers', client_ip: '127.0.0.1', permissions: ['servers:read'] });
  expect(seen.jti).toBe(seen.request);

  const proxied = { ...headers, 'X-Forwarded-For': '203.0.113.9' };
  const asking = { ...proxied, 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/v1/servers' };
  const front = await fetch(`${served.api}/forward-auth`, { headers: asking });
  expect(front.headers.get('x-ratelimit-remaining')).toBe('998');
  const identity = front.headers.get('keyhouse-identity') ?? '';
  expect((await ask({ ...proxied, 'Keyhouse-Identity': identity })).left).toBe(998);
  expect((await ask({ ...proxied, 'Keyhouse-Identity': identity })).left).toBe(997);

  const rotated = await house.json(['identity-key', 'rotate']);
  expect(rotated.published).toEqual([seen.kid, rotated.kid]);
  expect((await ask()).seen.kid).toBe(seen.kid);
  const replaced = await house.json(['identity-key', 'rotate', '--compromised']);
  expect(replaced.published).toEqual([replaced.kid]);
  expect((await ask()).seen.kid).toBe(replaced.kid);
  const listed = (await (await fetch(keySet)).json()) as { readonly keys: readonly { readonly kid: string }[] };
  expect(listed.keys.map(({ kid }) => kid)).toEqual([replaced.kid]);
  const { data } = await house.json(['audit', 'list', '--action', 'identity_key.rotated']);
  expect(data.map((event: { details: unknown }) => event.details)).toEqual([
    { kid: replaced.kid, compromised: true },
    { kid: rotated.kid, compromised: false },
  ]);
});
