import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/http/house.ts';
import { localCaller, perform, putOwner, readOwner } from '../../manage/index.ts';
import { ownersOfHost } from '../../server/hosted-owner.ts';
import { type HostUser, tokenRoutes } from './token-routes.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
type Json = any;

describe('token routes for an application with its own users', () => {
  let house: House;
  let server: Server;
  let base: string;
  const users = new Map<string, HostUser>();

  beforeAll(async () => {
    house = await openHouse();
    const { engine } = house;
    const host = () => localCaller('host', { ip: null, requestId: 'req_host', idempotencyKey: null });
    const keyhouse = {
      handler: house.handler,
      owners: { put: (user: HostUser) => perform(putOwner, engine, host(), user) },
      ...ownersOfHost((input) => perform(readOwner, engine, host(), input)),
    };
    const routes = tokenRoutes(keyhouse, {
      owner: (request) => users.get(request.headers.cookie?.replace('user=', '') ?? '') ?? null,
    });
    const app = express();
    app.use('/raw/tokens', routes);
    app.use(express.json());
    app.use('/settings/tokens', routes);
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const workspace = { external_id: 'org-7' };
    users.set('ada', { external_id: 'ada', name: 'Ada', workspace, permissions: ['servers:read', 'servers:write'] });
    users.set('bob', { external_id: 'bob', name: 'Bob', workspace, permissions: ['servers:read'] });
    users.set('eve', { external_id: 'user-42' });
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await house.close();
  });

  const ask = async (
    user: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(base + path, {
      method,
      headers: {
        cookie: `user=${user}`,
        origin: base,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, json: (await answer.json().catch(() => null)) as Json };
  };

  it.each(['/raw/tokens', '/settings/tokens'])('let a signed-in user manage tokens of its own at %s', async (at) => {
    const created = await ask('ada', 'POST', at, { name: 'laptop', permissions: ['servers:read'] });
    expect(created.status).toBe(201);
    expect(created.json.owner).toMatchObject({ external_id: 'ada', name: 'Ada' });
    const { id, value } = created.json;
    expect((await house.ask({ target: '/v1/auth/test', token: value })).status).toBe(200);
    const listed = await ask('ada', 'GET', `${at}/?limit=10`);
    expect(listed.json.data.map((token: Json) => token.id)).toContain(id);
    expect((await ask('ada', 'GET', `${at}/${id}`)).json.name).toBe('laptop');
    const rotated = await ask('ada', 'POST', `${at}/${id}/rotate`, { grace_period: '0s' });
    expect(rotated.status).toBe(201);
    expect((await ask('ada', 'DELETE', `${at}/${rotated.json.new_key.id}`)).status).toBe(200);
    expect((await house.ask({ target: '/v1/auth/test', token: rotated.json.new_key.value })).status).toBe(401);
  });

  it('never reach the tokens of another user, nor more than the user may do', async () => {
    const { json } = await ask('ada', 'POST', '/settings/tokens', { name: 'hers', permissions: ['servers:write'] });
    for (const [method, path] of [
      ['GET', `/settings/tokens/${json.id}`],
      ['DELETE', `/settings/tokens/${json.id}`],
      ['POST', `/settings/tokens/${json.id}/rotate`],
      ['PATCH', `/settings/tokens/${json.id}`],
    ] as const) {
      expect((await ask('bob', method, path)).status, method).toBeGreaterThanOrEqual(403);
    }
    expect((await ask('bob', 'GET', '/settings/tokens')).json.data).toEqual([]);
    const more = await ask('bob', 'POST', '/settings/tokens', { name: 'x', permissions: ['servers:write'] });
    expect(more.json.code).toBe('exceeds_creator');
    const management = await ask('ada', 'POST', '/settings/tokens', {
      name: 'x',
      permissions: ['keyhouse-tokens:write'],
    });
    expect(management.status).toBe(403);
    const others = await ask('ada', 'POST', '/settings/tokens', {
      name: 'x',
      permissions: [],
      owner: { external_id: 'user-42' },
    });
    expect(others.status).toBe(403);
  });

  it('reach nothing else of the API', async () => {
    for (const path of ['/settings/tokens/../owners', '/settings/owners', '/settings/tokens/verify/x']) {
      expect((await ask('ada', 'GET', path)).status, path).toBe(404);
    }
    expect((await ask('ada', 'POST', '/settings/tokens/verify', { token: 'x', all_of: [] })).status).toBe(403);
  });

  it('row 29: never give back what a demotion took, whatever a request has read of its user before', async () => {
    const { engine } = house;
    const { json } = await ask('ada', 'POST', '/settings/tokens', { name: 'x', permissions: ['servers:write'] });
    const host = localCaller('host', { ip: null, requestId: 'req_host', idempotencyKey: null });
    const { workspace } = users.get('ada') as HostUser;
    await perform(putOwner, engine, host, { external_id: 'ada', workspace, permissions: ['servers:read'] });
    const more = await ask('ada', 'POST', '/settings/tokens', { name: 'y', permissions: ['servers:write'] });
    expect(more).toMatchObject({ status: 403, json: { code: 'exceeds_creator' } });
    const { json: now } = await ask('ada', 'GET', `/settings/tokens/${json.id}`);
    expect(now.effective_permissions).toEqual([]);
  });

  it('work for an owner of whom Keyhouse was told before', async () => {
    expect((await ask('eve', 'POST', '/settings/tokens', { name: 'x', permissions: ['instances:read'] })).status).toBe(
      201,
    );
  });

  it('ask for a sign-in', async () => {
    const answer = await ask('nobody', 'GET', '/settings/tokens');
    expect(answer).toMatchObject({ status: 401, json: { code: 'authentication_required', detail: 'Sign in first.' } });
  });

  it('row 100d: take changes from pages of their own origin only', async () => {
    const create = (headers: Record<string, string>, at = '/raw/tokens') =>
      ask('ada', 'POST', at, { name: 'x', permissions: [] }, headers);
    expect((await create({ origin: 'https://evil.example' })).json.code).toBe('cross_origin');
    expect((await create({ 'sec-fetch-site': 'same-site' })).json.code).toBe('cross_origin');
    expect((await create({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await create({ 'content-type': 'text/plain' })).status).toBe(415);
    const silent = await fetch(`${base}/raw/tokens`, { method: 'POST', headers: { cookie: 'user=ada' } });
    expect(silent.status).toBe(403);
    expect((await ask('ada', 'GET', '/raw/tokens', undefined, { origin: 'https://evil.example' })).status).toBe(200);
  });
});
