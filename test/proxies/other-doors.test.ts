import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { createGateway } from '../../src/http/gateway/index.ts';
import { protect } from '../../src/http/middleware/express.ts';
import { createKeyhouse } from '../../src/index.ts';
import { startListeners } from '../../src/server/listeners.ts';
import { openHouse } from '../http/house.ts';
import { exchange } from '../http/raw-socket.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { startProcess } from '../services/process.ts';
import { type GuardedApi, holdCredentialsTo, holdPathsTo } from './hold-to-corpus.ts';
import { type RealBackends, startRealBackends } from './real-backends.ts';
import { freePort, profile, type Reached } from './running-proxy.ts';

interface Door extends GuardedApi {
  readonly token: string;
}

type Closing = (() => Promise<unknown>)[];

const DOORS = {
  'a middleware of Express': openExpress,
  'the gateway': openGateway,
  'the gateway, with nginx in front of it': openGatewayBehindNginx,
} as const;

suiteNeeding(['nginx', 'python', 'php-curl'], 'the corpus of the proxies', () => {
  let backends: RealBackends;
  beforeAll(async () => {
    backends = await startRealBackends();
  });
  afterAll(() => backends?.close());

  describe.each(Object.entries(DOORS))('through %s', (_, open) => {
    const closing: Closing = [];
    let door: Door;
    beforeAll(async () => {
      door = await open(closing);
    });
    afterAll(async () => {
      for (const end of closing.reverse()) await end();
    });
    beforeEach(() => void door.reached());

    it('rows 39 and 42: no spelling of a path or host reaches what the token may not', () =>
      holdPathsTo(door, `Authorization: Bearer ${door.token}`, backends));

    it('rows 1 to 9: no form of a credential or of a request line runs a handler without its permission', () =>
      holdCredentialsTo(door, door.token));
  });
});

async function openExpress(closing: Closing): Promise<Door> {
  const dataDir = mkdtempSync(join(tmpdir(), 'keyhouse-corpus-'));
  closing.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  const keyhouse = await createKeyhouse({ dataDir: join(dataDir, 'data'), profile });
  closing.push(() => keyhouse.close());
  await keyhouse.owners.put({
    external_id: 'user-42',
    workspace: { external_id: 'org-7' },
    permissions: ['servers:read'],
  });
  const { value = '' } = await keyhouse.tokens.create({
    name: 'reader',
    owner: { external_id: 'user-42' },
    permissions: ['servers:read'],
    tier: 'unlimited',
  });
  const { api, reached } = recordingApi();
  const app = express().use(protect(keyhouse, { byRoute: true }), api);
  const port = await listen(createServer(app), closing);
  return { token: value ?? '', reached, send: (bytes) => exchange(port, bytes, { answers: 1 }) };
}

async function openGateway(closing: Closing): Promise<Door & { readonly port: number }> {
  const house = await openHouse(profile);
  closing.push(() => house.close());
  const { api, reached } = recordingApi();
  const gateway = createGateway(house.parts, {
    upstream: new URL(`http://127.0.0.1:${await listen(createServer(api), closing)}`),
    keyHeaders: [],
    forwardsToken: false,
    keepsHost: false,
    patience: { connectMs: 5_000, answerMs: 10_000, silentMs: 30_000 },
  });
  closing.push(async () => gateway.close());
  const { explainBroken } = house.handler;
  const listeners = await startListeners({
    api: null,
    dashboard: null,
    operator: null,
    gateway: { host: '127.0.0.1', port: 0, tls: null, door: gateway.door, explainBroken },
    trustedProxies: null,
    onDraining: () => {},
    drainMs: 0,
  });
  closing.push(() => listeners.close());
  const port = listeners.gateway?.port ?? 0;
  const { value } = await house.mint({ limits: 'unlimited' });
  return { port, token: value, reached, send: (bytes) => exchange(port, bytes, { answers: 1 }) };
}

async function openGatewayBehindNginx(closing: Closing): Promise<Door> {
  const gateway = await openGateway(closing);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-chain-'));
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `pid nginx.pid; error_log stderr error; events {} http { access_log off; ${temporary.join(' ')}
      server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${gateway.port}; proxy_http_version 1.1; } } }`,
  );
  const nginx = await startProcess('nginx', ['-e', 'stderr', '-p', '.', '-c', 'nginx.conf', '-g', 'daemon off;'], {
    cwd: folder,
  });
  closing.push(() => nginx.stop());
  const send = (bytes: string) => exchange(port, bytes, { answers: 1 });
  const first = 'GET /v1/servers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  await eventually(async () => (await send(first)).statuses[0] === 401, 10_000, 'nginx answers');
  return { token: gateway.token, reached: gateway.reached, send };
}

function recordingApi() {
  const seen: Reached[] = [];
  const api = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders });
    request.resume().on('end', () => response.end('done'));
  };
  return { api, reached: () => seen.splice(0) };
}

async function listen(server: ReturnType<typeof createServer>, closing: Closing): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as AddressInfo).port;
}
