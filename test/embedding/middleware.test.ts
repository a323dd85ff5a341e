import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protect as protectExpress, tokenRoutes } from '../../src/http/middleware/express.ts';
import { protect as protectFetch } from '../../src/http/middleware/fetch.ts';
import { createKeyhouse, deployerp, type Keyhouse } from '../../src/index.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { type Answered, ask, readAnswer } from './own-users.ts';

const READ = 'servers:read';
const HOST = 'http://localhost';

/** A route `/servers` that needs `servers:read`, and one `/either` where credentials are optional. */
interface Application {
  readonly name: string;
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  close(): Promise<void>;
}

async function expressApplication(keyhouse: Keyhouse): Promise<Application & { readonly port: number }> {
  const app = express();
  app.get('/servers', protectExpress(keyhouse, { permission: READ, headers: ['X-API-Key'] }), (request, response) => {
    const { id, owner, workspace, metadata, effective_permissions: may } = request.keyhouse ?? {};
    response.json({ id, owner, workspace, metadata, may, mayWrite: request.keyhouse?.can('servers:write') });
  });
  app.get('/either', protectExpress(keyhouse, { permission: READ, credentials: 'optional' }), (request, response) => {
    response.json({ by: request.keyhouse?.owner.external_id ?? null, sent: request.get('authorization') ?? null });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    name: 'Express',
    port,
    get: (path, headers = {}) => ask(`http://127.0.0.1:${port}${path}`, { headers }),
    close: () => closeServer(server),
  };
}

function fetchApplication(keyhouse: Keyhouse): Application {
  const ip = () => '127.0.0.1';
  const routes: Record<string, (request: Request) => Promise<Response>> = {
    '/servers': protectFetch(keyhouse, { permission: READ, headers: ['X-API-Key'], ip }, (_request, identity) => {
      const { id, owner, workspace, metadata, effective_permissions: may } = identity;
      return Response.json({ id, owner, workspace, metadata, may, mayWrite: identity.can('servers:write') });
    }),
    '/either': protectFetch(keyhouse, { permission: READ, credentials: 'optional', ip }, (request, identity) =>
      Response.json({ by: identity?.owner.external_id ?? null, sent: request.headers.get('authorization') }),
    ),
  };
  return {
    name: 'fetch',
    async get(path, headers = {}) {
      const request = new Request(`${HOST}${path}`, { headers });
      return readAnswer(
        await (routes[path.split('?')[0] as string] as (request: Request) => Promise<Response>)(request),
      );
    },
    async close() {},
  };
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
}

const EXPRESS = { name: 'Express', open: expressApplication };
const FETCH = { name: 'fetch', open: async (keyhouse: Keyhouse): Promise<Application> => fetchApplication(keyhouse) };
const OWN = { engine: 'an engine of its own', isAttached: false };
const ATTACHED = { engine: 'the engine of the process that owns the folder', isAttached: true };

describe.each([
  { ...EXPRESS, ...OWN },
  { ...FETCH, ...OWN },
  { ...EXPRESS, ...ATTACHED },
  { ...FETCH, ...ATTACHED },
])('an application on $name with $engine', ({ open, isAttached }) => {
  let folder: string;
  let owner: Keyhouse;
  let keyhouse: Keyhouse;
  let app: Application;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-middleware-'));
    const options = { dataDir: join(folder, 'data'), people: 'off' } as const;
    owner = await createKeyhouse(options);
    keyhouse = isAttached ? await createKeyhouse({ ...options, attach: true }) : owner;
    await putOwner(keyhouse, ['servers:read', 'servers:write']);
    app = await open(keyhouse);
  });
  afterAll(async () => {
    await app?.close();
    await keyhouse?.close();
    await owner?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const mint = (input: Record<string, unknown> = {}) => mintFor(keyhouse, input);

  it('tells the handler whose token it is and what it may do', async () => {
    const { id, value } = await mint({ metadata: { pipeline: 7 } });
    const { status, json } = await app.get('/servers', bearer(value));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id,
      owner: { external_id: 'user-42', name: 'Ada', email: 'ada@example.com', metadata: { plan: 'gold' } },
      workspace: { external_id: 'org-7', name: 'Example Ltd' },
      metadata: { pipeline: 7 },
      may: ['servers:read'],
      mayWrite: false,
    });
  });

  it('takes the token as X-API-Key, also beside an Authorization of the application', async () => {
    const { value } = await mint();
    expect((await app.get('/servers', { 'X-API-Key': value })).status).toBe(200);
    expect((await app.get('/servers', { 'X-API-Key': value, Authorization: `Bearer ${JWT}` })).status).toBe(200);
    expect((await app.get('/servers', { 'X-API-Key': value, ...bearer(value) })).status).toBe(400);
  });

  it('lets credentials that are not ours through where they are optional, unchanged', async () => {
    const { value } = await mint();
    expect((await app.get('/either')).json).toEqual({ by: null, sent: null });
    expect((await app.get('/either', { Authorization: `Bearer ${JWT}` })).json).toEqual({
      by: null,
      sent: `Bearer ${JWT}`,
    });
    expect((await app.get('/either', { Authorization: 'Basic dXNlcjpwYXNz' })).json).toMatchObject({ by: null });
    expect((await app.get('/either', bearer(value))).json).toMatchObject({ by: 'user-42' });
  });

  it('refuses what is ours and wrong, also where credentials are optional', async () => {
    const { id, value } = await mint();
    const mistyped = `${value.slice(0, -1)}${value.endsWith('a') ? 'b' : 'a'}`;
    expect((await app.get('/either', bearer(mistyped))).json).toMatchObject({ code: 'invalid_token' });
    expect((await app.get(`/either?access_token=${value}`)).status).toBe(401);
    await keyhouse.tokens.revoke({ id });
    expect((await app.get('/either', bearer(value))).json).toMatchObject({ code: 'invalid_token' });
  });

  it('says where the token stands in its limits, and when it has reached them', async () => {
    const { value } = await mint({ limits: [{ name: 'minute', limit: 2, seconds: 60 }] });
    const first = await app.get('/servers', bearer(value));
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('ratelimit-policy')).toBe('"minute";q=2;w=60');
    await app.get('/servers', bearer(value));
    const third = await app.get('/servers', bearer(value));
    expect(third.status).toBe(429);
    expect(third.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(third.json).toMatchObject({ code: 'rate_limited' });
  });

  it('rows 29, 58: obeys a revocation, a demotion and a suspension from the next request on', async () => {
    const [one, two] = [await mint(), await mint()];
    const both = async () =>
      Promise.all([one, two].map(async ({ value }) => (await app.get('/servers', bearer(value))).status));
    expect(await both()).toEqual([200, 200]);
    await keyhouse.tokens.revoke({ id: one.id });
    expect(await both()).toEqual([401, 200]);
    await putOwner(keyhouse, ['servers:write']);
    expect(await both()).toEqual([401, 403]);
    await putOwner(keyhouse, ['servers:read', 'servers:write']);
    expect(await both()).toEqual([401, 200]);
    await keyhouse.owners.put({ external_id: 'user-42', disabled: true });
    expect(await both()).toEqual([401, 401]);
    await keyhouse.owners.put({ external_id: 'user-42', disabled: false });
    expect(await both()).toEqual([401, 200]);
  });

  it('names the permission that is missing', async () => {
    const { value } = await mint({ permissions: ['servers:write'] });
    const { status, headers, json } = await app.get('/servers', bearer(value));
    expect(status).toBe(403);
    expect(json).toMatchObject({ code: 'insufficient_permissions', missing: [READ] });
    expect(headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="servers:read"/);
  });

  it('judges the address of the client', async () => {
    const near = await mint({ ip_allowlist: ['127.0.0.1'] });
    const far = await mint({ ip_allowlist: ['203.0.113.0/24'] });
    expect((await app.get('/servers', bearer(near.value))).status).toBe(200);
    expect((await app.get('/servers', bearer(far.value))).json).toMatchObject({ code: 'ip_restricted' });
  });
});

describe('what only a server sees', () => {
  it('row 1: two Authorization lines are refused, whatever Node makes of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-middleware-'));
    const keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), people: 'off' });
    const app = await expressApplication(keyhouse);
    try {
      await putOwner(keyhouse, [READ]);
      const line = `Authorization: Bearer ${(await mintFor(keyhouse)).value}`;
      for (const lines of [
        [line, line],
        [line, `Authorization: Bearer ${JWT}`],
        [`Authorization: Bearer ${JWT}`, line],
      ]) {
        for (const path of ['/servers', '/either']) {
          const answer = await exchange(app.port, requestText(`GET ${path} HTTP/1.1`, lines), { answers: 1 });
          expect(answer.statuses).toEqual([400]);
        }
      }
    } finally {
      await app.close();
      await keyhouse.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the words of the profile', () => {
  it('D9: are what the application answers, for every denial', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-middleware-'));
    const keyhouse = await createKeyhouse({ dataDir: join(folder, 'data'), people: 'off', profile: deployerp });
    const app = fetchApplication(keyhouse);
    try {
      await putOwner(keyhouse, [READ, 'servers:write']);
      const { value } = await mintFor(keyhouse, { permissions: ['servers:write'] });
      expect((await app.get('/servers')).json).toEqual({
        error: { code: 'authentication_required', message: 'No authentication token provided', status: 401 },
      });
      const denied = await app.get('/servers', bearer(value));
      expect(denied.json).toMatchObject({ error: { code: 'insufficient_permissions', status: 403 } });
      expect(denied.headers.get('content-type')).toBe('application/json');
    } finally {
      await keyhouse.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the endpoints mounted beside the routes of an application', () => {
  let folder: string;
  let keyhouse: Keyhouse;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-middleware-'));
    keyhouse = await createKeyhouse({
      dataDir: join(folder, 'data'),
      people: 'off',
      prefix: '/keys',
      serves: ({ path, id }) => path.startsWith('{tokens}') || id === 'testAuthentication' || id === 'createUser',
    });
    await putOwner(keyhouse, [READ, 'servers:write']);
    const app = express();
    app.use(express.json());
    app.use('/settings/tokens', tokenRoutes(keyhouse, { owner: () => ({ external_id: 'user-42' }) }));
    app.use('/keys', keyhouse.nodeHandler);
    app.get('/v1/tokens', (_request, response) => void response.json({ whose: 'the application' }));
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await closeServer(server);
    await keyhouse?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const callers = () =>
    [
      { from: 'a server', call: (path: string, init?: Parameters<typeof ask>[1]) => ask(`${base}${path}`, init) },
      {
        from: 'a fetch host',
        call: async (path: string, { method = 'GET', headers = {}, body }: Parameters<typeof ask>[1] = {}) =>
          readAnswer(
            await keyhouse.handler(
              new Request(`${HOST}${path}`, {
                method,
                headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
                ...(body !== undefined && { body: JSON.stringify(body) }),
              }),
            ),
          ),
      },
    ] as const;

  it('are under the prefix, those that were asked for and no other', async () => {
    const { id, value } = await mintFor(keyhouse);
    for (const { call } of callers()) {
      const tested = await call('/keys/v1/auth/test', { headers: bearer(value) });
      expect(tested.json).toMatchObject({ authenticated: true, key_id: id, permissions: [READ] });
      expect((await call(`/keys/v1/tokens/current`, { headers: bearer(value) })).json).toMatchObject({ id });
      for (const path of ['/keys/v1/owners', '/keys/healthz', '/keys/metrics', '/keys/openapi.json', '/keys']) {
        expect((await call(path, { headers: bearer(value) })).status, path).toBe(404);
      }
    }
    expect((await ask(`${base}/v1/tokens`)).json).toEqual({ whose: 'the application' });
    expect((await ask(`${base}/v1/auth/test`, { headers: bearer(value) })).status).toBe(404);
    expect((await callers()[1].call('/v1/auth/test', { headers: bearer(value) })).status).toBe(404);
  });

  it('leave out everything about users where the application has its own', async () => {
    const { value } = await mintFor(keyhouse);
    for (const { call } of callers()) {
      for (const path of ['/keys/v1/users', '/keys/v1/setup', '/keys/v1/service-accounts']) {
        expect((await call(path, { method: 'POST', headers: bearer(value), body: {} })).status, path).toBe(404);
      }
    }
  });

  it('read bodies that the application has parsed before', async () => {
    const permissions = ['keyhouse-tokens:write', 'keyhouse-owners:act-as'];
    const { id } = await keyhouse.serviceAccounts.create({
      name: 'manager',
      workspace: { external_id: 'org-7' },
      permissions,
    });
    const managed = await keyhouse.tokens.create({ name: 'manager', permissions, owner: { id } });
    const asked = { name: 'minted', permissions: [READ], owner: { external_id: 'user-42' } };
    for (const { from, call } of callers()) {
      const options = { method: 'POST', headers: bearer(managed.value as string), body: asked };
      const created = await call('/keys/v1/tokens', options);
      expect(created.json, from).toMatchObject({ name: 'minted', owner: { external_id: 'user-42' } });
    }
    const own = await ask(`${base}/settings/tokens`, {
      method: 'POST',
      headers: { Origin: base },
      body: { name: 'own', permissions: [READ] },
    });
    expect(own.json).toMatchObject({ name: 'own', owner: { external_id: 'user-42' } });
  });
});

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';

function bearer(value: string): { Authorization: string } {
  return { Authorization: `Bearer ${value}` };
}

function putOwner(keyhouse: Keyhouse, permissions: string[]) {
  return keyhouse.owners.put({
    external_id: 'user-42',
    name: 'Ada',
    email: 'ada@example.com',
    workspace: { external_id: 'org-7', name: 'Example Ltd' },
    permissions,
    metadata: { plan: 'gold' },
  });
}

async function mintFor(keyhouse: Keyhouse, input: Record<string, unknown> = {}) {
  const owner = { external_id: 'user-42' };
  const { id, value } = await keyhouse.tokens.create({ name: 'test', permissions: [READ], owner, ...input });
  return { id, value: value as string };
}
